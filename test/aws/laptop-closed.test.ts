import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Account, IS_THOROUGH, openAccount } from './account.ts';
import { TINY_SHARDS, manyTracks } from './many-shards.ts';
import { type Tap, type TappedRequest, startTap } from './tap.ts';

/** Three shards in two jobs: an array of two and a plain one. */
const RUN_OPTIONS = [...TINY_SHARDS, '--executor', 'batch', '--array-size', '2', '--detach'];
const TRACKS = 3;

let account: Account;

beforeEach(async () => {
  account = await openAccount();
});
afterEach(() => account.close());

/**
 * Kills `backfill run` at its nth write (a PUT to S3, or a SubmitJob), as the write goes out or when it was
 * done and its answer is not known yet; then does what a person would do from another folder.
 *
 * @returns whether there was such a write
 */
async function killAtWrite(nth: number, moment: 'before' | 'after'): Promise<boolean> {
  const { manifest } = await manyTracks(account, TRACKS);
  const writes: TappedRequest[] = [];
  let kill: () => void = () => {};
  let killed = false;
  const onRequest = async (request: TappedRequest, when: 'before' | 'after') => {
    if (request.method !== 'PUT' && !request.path.startsWith('/v1/submitjob')) return;
    if (when === 'before') writes.push(request);
    if (writes.indexOf(request) !== nth - 1 || when !== moment || killed) return;
    killed = true;
    kill();
    await ended;
  };
  const taps: Tap[] = [
    await startTap(account.env.AWS_ENDPOINT_URL_S3 ?? '', onRequest),
    await startTap(account.env.AWS_ENDPOINT_URL_BATCH ?? '', onRequest),
  ];
  const [s3, batch] = taps.map(({ endpoint }) => endpoint) as [string, string];
  const running = account.start(['run', manifest, ...RUN_OPTIONS], {
    env: { AWS_ENDPOINT_URL_S3: s3, AWS_ENDPOINT_URL_BATCH: batch },
  });
  const { ended } = running;
  kill = () => running.process.kill('SIGKILL');
  await ended;
  await Promise.all(taps.map((tap) => tap.close()));

  const elsewhere = join(account.folder, 'elsewhere');
  await mkdir(elsewhere);
  let again = await account.backfill(['resume'], { cwd: elsewhere });
  if (again.code === 2 && /there are no runs/.test(again.stderr)) {
    // It was killed before there was a run: nothing has been lost but the command.
    expect(killed).toBe(true);
    again = await account.backfill(['run', manifest, ...RUN_OPTIONS.filter((word) => word !== '--detach')], {
      cwd: elsewhere,
    });
  }
  expect(again.code, again.stderr).toBe(0);
  const verification = await account.backfill(['verify', '--json'], { cwd: elsewhere });
  expect(verification.stderr).toBe('');
  expect(JSON.parse(verification.stdout)).toMatchObject({
    proven: true,
    algorithms: { romanisation: { succeeded: TRACKS, failed: 0 } },
  });
  const { submitted, succeeded } = account.batch.counters;
  expect([...submitted.values()], 'jobs, by how often each was submitted').toEqual([1, 1]);
  expect(succeeded, 'children that ran').toBe(TRACKS);
  return killed;
}

/** Plan, rejected rows, table, run; submission's table and record; two jobs with intent, submission and id. */
const WRITES = 12;
const ALL = Array.from({ length: WRITES }, (_, i) => i + 1);

const MOMENTS = (['before', 'after'] as const).flatMap((moment, i) =>
  // With real servers each moment of each write; without, every other one.
  ALL.filter((nth) => IS_THOROUGH || nth % 2 === i).map((nth) => [moment, nth] as const),
);

it.each(MOMENTS)(
  'finishes elsewhere, nothing doubled, when the laptop is closed %s write %i of a run',
  async (moment, nth) => {
    expect(await killAtWrite(nth, moment)).toBe(true);
  },
);

it('has no other write at which it could be killed', async () => {
  expect(await killAtWrite(WRITES + 1, 'before')).toBe(false);
});
