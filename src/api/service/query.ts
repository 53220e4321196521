/**
 * Reads that may have to scan the store. They are planned first, and a scan of a large store does not run in the
 * main thread (SQLite) or waits until few enough others run (PostgreSQL).
 */
import type { Reader } from '../../store/database.ts';
import { countVersions, countVersionsSince } from '../../store/queries/facts.ts';
import type { ListPlan, QueryCost } from '../../store/queries/list-plan.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import type { SlowQueryRunner } from '../../workers/slow-query-runner.ts';
import { type FactService, readSnapshot, type SnapshotReader } from './snapshot-reader.ts';

export interface Plan<T> {
  cost: QueryCost;
  run(): Promise<T>;
}

export interface Query<T> {
  /** Name and input by which a worker thread finds the query; null for a lookup, which no thread runs. */
  task: { name: string; input: unknown } | null;
  /** True if pages share the result until the next revision. */
  isCount: boolean;
  plan(reader: SnapshotReader): Promise<Plan<T>>;
}

/** Defines a query that may be a scan. Its input must be structured-cloneable. */
export const defineQuery =
  <Input, T>(name: string, plan: (reader: SnapshotReader, input: Input) => Promise<Plan<T>>) =>
  (input: Input): Query<T> => ({
    task: { name, input },
    isCount: false,
    plan: (reader) => plan(reader, input),
  });

/** Defines a query that counts facts: its result is small, and several pages need it. */
export const defineCount = <Input, T extends object>(
  name: string,
  plan: (reader: SnapshotReader, input: Input) => Promise<Plan<T>>,
) => {
  const createQuery = defineQuery(name, plan);
  return (input: Input): Query<T> => ({ ...createQuery(input), isCount: true });
};

/** Query that reads few rows, however large the store is. */
export const createLookup = <T>(run: (reader: SnapshotReader) => Promise<T>): Query<T> => ({
  task: null,
  isCount: false,
  plan: async (reader) => ({ cost: 'lookup', run: () => run(reader) }),
});

/** Returns the cost of a page of a list, and of counting the list too if `count` is true. */
export async function getListCost(
  { db, snapshot }: SnapshotReader,
  plan: ListPlan,
  count: boolean,
): Promise<QueryCost> {
  if (plan.cost === 'scan') return 'scan';
  if (plan.selectiveFilter) return 'lookup';
  return count || (await isDistantPast(db, snapshot)) ? 'scan' : 'lookup';
}

/** Maximum number of versions added since a past revision for its queries to be as fast as for the newest. */
const MAX_VERSIONS_BEHIND = 1_000;

/** True if a list without a selective filter would skip many versions that were added since. */
const isDistantPast = async (db: Reader, { revision, latestRevision }: Snapshot): Promise<boolean> =>
  revision !== latestRevision && (await countVersionsSince(db, revision)) > MAX_VERSIONS_BEHIND;

/** Runs the query in the reader's transaction, unless it would scan a large store. */
export async function runUnlessSlow<T>(
  { slowQueryRunner }: FactService,
  reader: SnapshotReader,
  query: Query<T>,
): Promise<{ result: T } | 'slow'> {
  const { cost, run } = await query.plan(reader);
  const isSlow = cost === 'scan' && query.task !== null && (await isLargeStore(slowQueryRunner, reader.db));
  return isSlow ? 'slow' : { result: await run() };
}

/** True if a scan of the store would delay other requests. */
export const isLargeStore = async (slowQueryRunner: SlowQueryRunner | null, db: Reader): Promise<boolean> =>
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
  const runInProcess = () => readSnapshot(service, snapshot, async (reader) => (await plan(reader)).run());
  return slowQueryRunner.runQuery({ ...task, snapshot }, runInProcess, signal);
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
  getSignal: () => AbortSignal,
): Promise<QueryResults<Queries>> {
  const attempts = await readSnapshot(service, snapshot, async (reader) => {
    const attempts: ({ result: unknown } | 'slow')[] = [];
    for (const query of queries) {
      const count = query.isCount && service.countCache?.get(createCountKey(snapshot, query));
      attempts.push(count ? { result: count } : await runUnlessSlow(service, reader, query));
    }
    return attempts;
  });
  const results = await Promise.all(
    attempts.map((attempt, index) =>
      attempt === 'slow'
        ? runSlowQuery(service, snapshot, queries[index] as Query<unknown>, getSignal())
        : attempt.result,
    ),
  );
  for (const [index, query] of queries.entries())
    if (query.isCount) service.countCache?.set(createCountKey(snapshot, query), results[index] as object);
  return results as QueryResults<Queries>;
}

/** Another database may have the same revision number, recorded at another time. */
const createCountKey = ({ revision, recordedAt, redaction }: Snapshot, { task }: Query<unknown>): string =>
  JSON.stringify([revision, recordedAt, redaction, task]);
