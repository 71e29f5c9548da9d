import { type DoneMarker, parseDoneMarker } from '../run/done-marker.ts';
import { donePrefix } from '../run/keys.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** The markers of a run's finished shards, one request a thousand of them. */
export async function* listDoneMarkers(
  store: ObjectStore,
  run: string,
  signal?: AbortSignal,
): AsyncGenerator<DoneMarker, void, undefined> {
  for await (const { key } of store.list(donePrefix(run), signal === undefined ? {} : { signal })) {
    const marker = parseDoneMarker(run, key);
    if (marker !== undefined) yield marker;
  }
}
