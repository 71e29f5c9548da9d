import { clientError } from './service-error.ts';

export interface Page<Item> {
  readonly items: readonly Item[];
  /** What asks for the next page; absent on the last. */
  readonly nextToken: string | undefined;
}

/** What a paged request says of its page. */
export interface PageRequest {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

export interface PageSizes {
  /** Where the request names none. */
  readonly usual: number;
  /** Above which a request is answered with fewer. */
  readonly most: number;
}

/** How many entries a page may have. */
export function pageSize({ maxResults }: PageRequest, { usual, most }: PageSizes): number {
  if (maxResults === undefined) return Math.min(usual, most);
  if (!Number.isInteger(maxResults) || maxResults < 1)
    throw clientError(`maxResults ${maxResults} is under 1`);
  return Math.min(maxResults, most);
}

/** The token of a place in a list: opaque to those who carry it back. */
export function tokenOf(place: number): string {
  return Buffer.from(`place:${place}`).toString('base64url');
}

/** The place that a token stands for, or undefined without one. */
export function placeOf(token: string | undefined): number | undefined {
  if (token === undefined) return undefined;
  const place = /^place:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (place === undefined) throw clientError(`nextToken ${token} is not one of ours`);
  return Number(place);
}

/** One page of a list that does not change between pages. */
export function pageOf<Item>(all: readonly Item[], request: PageRequest, sizes: PageSizes): Page<Item> {
  const from = placeOf(request.nextToken) ?? 0;
  const to = from + pageSize(request, sizes);
  return { items: all.slice(from, to), nextToken: to < all.length ? tokenOf(to) : undefined };
}
