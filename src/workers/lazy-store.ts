import { StoreUnavailable } from '../store/database.ts';

export interface LazyStore<S> {
  get(): Promise<S>;
  /** Closes the store if it is open. */
  close(): Promise<void>;
}

/** Opens a store on first use. After a failure, which is temporary, the next use tries again. */
export function openLazily<S extends { close(): Promise<void> }>(open: () => Promise<S>): LazyStore<S> {
  let store: Promise<S> | null = null;
  return {
    get() {
      store ??= open().catch((error: unknown) => {
        store = null;
        throw new StoreUnavailable('The database does not respond', { cause: error });
      });
      return store;
    },
    async close() {
      await (await store)?.close();
      store = null;
    },
  };
}
