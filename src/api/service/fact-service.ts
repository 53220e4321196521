/**
 * Entry to the facts for routes, pages and exports. Most reads are plain functions on a `SnapshotReader`. A read
 * that may have to scan the store is a `Query`, which is planned first and runs elsewhere if it would be slow.
 */
import type { Synonyms } from '../../search/synonyms.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { countVersions } from '../../store/queries/facts.ts';
import type { QueryCost } from '../../store/queries/list-plan.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import type { SlowQueryRunner } from '../../workers/slow-query-runner.ts';
import type { SerializedFactCache } from '../serialize/fact-cache.ts';
import { assertNotRedactedSince } from './as-of.ts';

export interface FactService {
  store: Store;
  factCache: SerializedFactCache;
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

export interface Plan<T> {
  cost: QueryCost;
  run(): Promise<T>;
}

export interface Query<T> {
  /** Name and input by which a worker thread finds the query; null for a lookup, which always runs here. */
  task: { name: string; input: unknown } | null;
  plan(reader: SnapshotReader): Promise<Plan<T>>;
}

/** Defines a query that may be a scan. Its input must be structured-cloneable. */
export const defineQuery =
  <Input, T>(name: string, plan: (reader: SnapshotReader, input: Input) => Promise<Plan<T>>) =>
  (input: Input): Query<T> => ({ task: { name, input }, plan: (reader) => plan(reader, input) });

/** Query that reads few rows, however large the store is. */
export const lookup = <T>(run: (reader: SnapshotReader) => Promise<T>): Query<T> => ({
  task: null,
  plan: async (reader) => ({ cost: 'lookup', run: () => run(reader) }),
});

export const createReader = (
  { store: { synonyms }, factCache }: Pick<FactService, 'store' | 'factCache'>,
  db: Reader,
  snapshot: Snapshot,
): SnapshotReader => ({ db, snapshot, synonyms, factCache });

/** Runs `work` on a snapshot that was resolved before; rejects if a text has been redacted since. */
export const readAt = <T>(
  service: Pick<FactService, 'store' | 'factCache'>,
  snapshot: Snapshot,
  work: (reader: SnapshotReader) => Promise<T>,
): Promise<T> =>
  service.store.read(async (db) => {
    await assertNotRedactedSince(db, snapshot);
    return work(createReader(service, db, snapshot));
  });

/** Runs the query in the reader's transaction, unless it would scan a large store. */
export async function runUnlessSlow<T>(
  { slowQueryRunner }: FactService,
  reader: SnapshotReader,
  query: Query<T>,
): Promise<{ result: T } | 'slow'> {
  const { cost, run } = await query.plan(reader);
  const isSlow = cost === 'scan' && query.task !== null && (await isLarge(slowQueryRunner, reader.db));
  return isSlow ? 'slow' : { result: await run() };
}

/** True if a scan of the store should not delay other requests. */
export const isLarge = async (slowQueryRunner: SlowQueryRunner | null, db: Reader): Promise<boolean> =>
  slowQueryRunner !== null && (await countVersions(db)) >= slowQueryRunner.minVersionCount;

/** Runs a query for which `runUnlessSlow` returned `slow`, after its transaction has ended. */
export function runSlowQuery<T>(
  service: FactService,
  snapshot: Snapshot,
  { task, plan }: Query<T>,
  signal: AbortSignal,
): Promise<T> {
  const { slowQueryRunner } = service;
  if (!slowQueryRunner || !task) throw new Error('a query without a runner is never slow');
  const runHere = () => readAt(service, snapshot, async (reader) => (await plan(reader)).run());
  return slowQueryRunner.runQuery({ ...task, snapshot }, runHere, signal);
}

/** Results of queries, in their order. */
export type QueryResults<Queries extends readonly Query<unknown>[]> = {
  -readonly [Index in keyof Queries]: Queries[Index] extends Query<infer T> ? T : never;
};

/** Runs queries on one snapshot: those that are fast in one transaction, and then the slow ones. */
export async function runQueries<const Queries extends readonly Query<unknown>[]>(
  service: FactService,
  snapshot: Snapshot,
  queries: Queries,
  signal: AbortSignal,
): Promise<QueryResults<Queries>> {
  const attempts = await readAt(service, snapshot, async (reader) => {
    const attempts: ({ result: unknown } | 'slow')[] = [];
    for (const query of queries) attempts.push(await runUnlessSlow(service, reader, query));
    return attempts;
  });
  const results = attempts.map((attempt, index) =>
    attempt === 'slow'
      ? runSlowQuery(service, snapshot, queries[index] as Query<unknown>, signal)
      : attempt.result,
  );
  return Promise.all(results) as Promise<QueryResults<Queries>>;
}
