/** Questions that may look at many more facts than they tell of: whoever asks them must not keep the others waiting. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Reader } from '../store/database.ts';
import { countVersions, countVersionsSince } from '../store/queries/facts.ts';
import type { Snapshot } from '../store/snapshot.ts';
import type { ArchiveJob } from './archive-runner.ts';

/** Answers such questions beside the others. */
export interface SlowQueryRunner {
  /** Stores with fewer versions of facts are looked through as fast as they can be handed on. */
  minVersionCount: number;
  /** Called when a server with a large store listens at `publicUrl`. */
  warmUp(publicUrl: string): void;
  /** Answers the request where it keeps up nobody; `again` answers it here. Refuses it if too many wait. */
  run(request: FastifyRequest, reply: FastifyReply, retry: () => Promise<unknown>): Promise<unknown>;
  /** Writes a file of everything beside the others, and gives up once `stop` says so; null where that is no better than here. */
  writeArchive: ((job: ArchiveJob, signal: AbortSignal) => Promise<void>) | null;
  close(): Promise<void>;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Null where every question is answered at once. */
    slowQueryRunner: SlowQueryRunner | null;
  }
  interface FastifyReply {
    /** Set once the answer has got its turn to scan. */
    isRunningSlowQuery: boolean;
  }
}

/** Thrown out of a reading by a question that is to be answered elsewhere or later. */
class DeferredQuery extends Error {}

/** Versions that a past revision may be behind and still be read like the newest. */
const MAX_VERSIONS_BEHIND = 1_000;

interface RequestAndReply {
  request: FastifyRequest;
  reply: FastifyReply;
}

/** To be called before what may scan. It ends the reading if the store is large and this is not the place. */
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

/** The same for a list of the past without a rare condition: those far back pass over all that came since. */
export async function deferIfDistantPast(
  context: RequestAndReply,
  db: Reader,
  { revision, latestRevision }: Snapshot,
): Promise<void> {
  const { slowQueryRunner } = context.request.server;
  if (!slowQueryRunner || context.reply.isRunningSlowQuery || revision === latestRevision) return;
  if ((await countVersionsSince(db, revision)) > MAX_VERSIONS_BEHIND) await deferIfSlow(context, db);
}

/** Answers with what `read` gives, or has the question answered where it may scan. */
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
