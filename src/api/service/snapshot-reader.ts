/** Access to one snapshot of the store, for the functions of this folder. */
import type { LRUCache } from 'lru-cache';
import type { Synonyms } from '../../search/synonyms.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import type { SlowQueryRunner } from '../../workers/slow-query-runner.ts';
import type { SerializedFactCache } from '../serialize/fact-cache.ts';
import { assertNotRedactedSince } from './as-of.ts';

/** Resources that routes and pages read with. */
export interface FactService {
  store: Store;
  factCache: SerializedFactCache;
  /** Results of counts by query and revision; null if caches are disabled. */
  countCache: LRUCache<string, object> | null;
  /** Null if every query runs immediately. */
  slowQueryRunner: SlowQueryRunner | null;
}

/** Reader of one snapshot, valid within one transaction. */
export interface SnapshotReader {
  db: Reader;
  snapshot: Snapshot;
  synonyms: Synonyms;
  factCache: SerializedFactCache;
}

/** Resources that a read needs. */
export type ReaderResources = Pick<FactService, 'store' | 'factCache'>;

export const createReader = (
  { store: { synonyms }, factCache }: ReaderResources,
  db: Reader,
  snapshot: Snapshot,
): SnapshotReader => ({ db, snapshot, synonyms, factCache });

/** Runs `work` on a snapshot that was resolved before; rejects if a text has been redacted since. */
export const readSnapshot = <T>(
  resources: ReaderResources,
  snapshot: Snapshot,
  work: (reader: SnapshotReader) => Promise<T>,
): Promise<T> =>
  resources.store.read(async (db) => {
    await assertNotRedactedSince(db, snapshot);
    return work(createReader(resources, db, snapshot));
  });
