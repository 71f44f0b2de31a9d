import type { DataOf, InitOf, PathOf } from './calls.js';
import type { paths } from './schema.js';

/** What a page of a list has. */
export interface Page {
  items: unknown[];
  next: string | null;
}

/** The paths of lists that are paged by a cursor. */
export type ListPath = {
  [P in PathOf<'get'>]: DataOf<P, 'get'> extends Page ? P : never;
}[PathOf<'get'>];

/** A row of a list. */
export type ItemOf<P extends ListPath> = DataOf<P, 'get'> extends { items: (infer Item)[] } ? Item : never;

type QueryOf<P extends ListPath> = paths[P]['get'] extends { parameters: { query?: infer Query } }
  ? Query
  : never;
type PathParametersOf<P extends ListPath> = paths[P]['get'] extends { parameters: { path: infer Path } }
  ? { path: Path }
  : { path?: never };

/** The parameters of a list, but for those that page it: `limit` is the size of a page. */
export interface ListInit<P extends ListPath> {
  params?: { query?: Omit<NonNullable<QueryOf<P>>, 'cursor' | 'skip'> } & PathParametersOf<P>;
  headers?: InitOf<P, 'get'>['headers'];
  signal?: AbortSignal;
}

/** Asks for one page. */
export type AskPage = (cursor: string | undefined) => Promise<Page>;

/** The rows of all pages, each page asked for when the one before is used up. */
export async function* rowsOf(ask: AskPage): AsyncGenerator<unknown, void, undefined> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  do {
    const { items, next } = await ask(cursor);
    yield* items;
    if (next !== null && seen.has(next)) throw new Error('The server gave the same page twice');
    cursor = next ?? undefined;
    if (cursor !== undefined) seen.add(cursor);
  } while (cursor !== undefined);
}
