import type { AnyPage, Entry } from './types.ts';

/**
 * List to iterate over: `for await (const fact of list)`. Each iteration sends its own requests. It begins at
 * the newest revision (or that of `asOf`) and stays at it to the end, even if dossiers are imported.
 */
export interface Paged<Page> extends AsyncIterable<Entry<Page>> {
  /** Iterates over pages instead of entries. Each has `meta.revision`, and with `count` also `meta.total`. */
  pages(): AsyncIterable<Page>;
  /** Returns all entries in one array. Use it for short lists only. */
  all(): Promise<Entry<Page>[]>;
}

/** Creates a list. `read` requests the page at a cursor, or the first one. */
export function paged<Page extends AnyPage>(read: (cursor?: string) => Promise<Page>): Paged<Page> {
  async function* pages(): AsyncGenerator<Page, void, undefined> {
    let cursor: string | null | undefined;
    do {
      const page: Page = await read(cursor ?? undefined);
      yield page;
      cursor = page.meta.nextCursor;
    } while (cursor);
  }
  async function* entries(): AsyncGenerator<Entry<Page>, void, undefined> {
    for await (const page of pages()) yield* page.data as Entry<Page>[];
  }
  return {
    [Symbol.asyncIterator]: entries,
    pages,
    async all() {
      const all: Entry<Page>[] = [];
      for await (const entry of entries()) all.push(entry);
      return all;
    },
  };
}
