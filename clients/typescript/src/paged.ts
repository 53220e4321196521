/** Walking through a list, page by page or entry by entry. */
import type { AnyPage, Entry } from './types.ts';

/**
 * A list that can be walked: `for await (const fact of list)`. Nothing is asked before; each walk begins anew, at the
 * newest revision (or that of `asOf`), and stays at it to its end, whatever is imported meanwhile.
 */
export interface Paged<Page> extends AsyncIterable<Entry<Page>> {
  /** The pages instead of their entries, each with `meta.revision`, and `meta.total` if `count` was asked for. */
  pages(): AsyncIterable<Page>;
  /** Everything, in one array: for lists that you know to be short. */
  all(): Promise<Entry<Page>[]>;
}

/** A list of which `read` gives the page at a cursor, or the first one. */
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
