/** Queries that may read many more facts than they return: they must not delay other requests. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Reader } from '../store/database.ts';
import { countVersions, countVersionsSince } from '../store/queries/facts.ts';
import type { Snapshot } from '../store/snapshot.ts';
import type { ArchiveJob } from './archive-runner.ts';

/** Runs slow queries without delaying other requests. */
export interface SlowQueryRunner {
  /** Minimum number of versions of facts: a scan of fewer is as fast as forwarding the request. */
  minVersionCount: number;
  /** Starts threads early. The server calls it when it listens at `publicUrl` and has a large store. */
  warmUp(publicUrl: string): void;
  /** Handles the request elsewhere, or later by calling `retry`. Throws if the queue is full. */
  run(request: FastifyRequest, reply: FastifyReply, retry: () => Promise<unknown>): Promise<unknown>;
  /** Writes an archive in the background until `signal` aborts; null if that has no advantage. */
  writeArchive: ((job: ArchiveJob, signal: AbortSignal) => Promise<void>) | null;
  close(): Promise<void>;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Null if every query runs immediately. */
    slowQueryRunner: SlowQueryRunner | null;
  }
  interface FastifyReply {
    /** True once the request is allowed to run its slow query. */
    isRunningSlowQuery: boolean;
  }
}

/** Error that ends the handling of a request whose query must run elsewhere or later. */
class DeferredQuery extends Error {}

/** Maximum number of versions added since a past revision for its queries to be as fast as for the newest. */
const MAX_VERSIONS_BEHIND = 1_000;

interface RequestAndReply {
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Throws if the store is large and the request may not scan it yet. Call it before a query that may scan. */
export async function deferIfSlow({ request, reply }: RequestAndReply, db: Reader): Promise<void> {
  const { slowQueryRunner } = request.server;
  if (
    !slowQueryRunner ||
    reply.isRunningSlowQuery ||
    (await countVersions(db)) < slowQueryRunner.minVersionCount
  )
    return;
  throw new DeferredQuery();
}

/** Defers a list of the distant past without a selective filter: its query skips all versions added since. */
export async function deferIfDistantPast(
  context: RequestAndReply,
  db: Reader,
  { revision, latestRevision }: Snapshot,
): Promise<void> {
  const { slowQueryRunner } = context.request.server;
  if (!slowQueryRunner || context.reply.isRunningSlowQuery || revision === latestRevision) return;
  if ((await countVersionsSince(db, revision)) > MAX_VERSIONS_BEHIND) await deferIfSlow(context, db);
}

/** Returns the result of `run`, or defers it to the slow query runner. */
export async function runOrDefer<T>(
  { request, reply }: RequestAndReply,
  run: () => Promise<T>,
): Promise<T | unknown> {
  try {
    return await run();
  } catch (error) {
    const { slowQueryRunner } = request.server;
    if (!(error instanceof DeferredQuery) || !slowQueryRunner) throw error;
    return slowQueryRunner.run(request, reply, () => {
      reply.isRunningSlowQuery = true;
      return run();
    });
  }
}
