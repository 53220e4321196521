/** Questions that may look at many more facts than they tell of: whoever asks them must not keep the others waiting. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Reader } from '../store/database.ts';
import { versionsIn, versionsSince } from '../store/queries/facts.ts';
import type { Reading } from '../store/snapshot.ts';
import type { WholeJob } from './archive-runner.ts';

/** Answers such questions beside the others. */
export interface Scans {
  /** Stores with fewer versions of facts are looked through as fast as they can be handed on. */
  fromVersions: number;
  /** Called when a server with a large store listens at `publicUrl`. */
  begin(publicUrl: string): void;
  /** Answers the request where it keeps up nobody; `again` answers it here. Refuses it if too many wait. */
  answer(request: FastifyRequest, reply: FastifyReply, again: () => Promise<unknown>): Promise<unknown>;
  /** Writes a file of everything beside the others, and gives up once `stop` says so; null where that is no better than here. */
  writeWhole: ((job: WholeJob, stop: AbortSignal) => Promise<void>) | null;
  close(): Promise<void>;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Null where every question is answered at once. */
    scans: Scans | null;
  }
  interface FastifyReply {
    /** Set once the answer has got its turn to scan. */
    scanning: boolean;
  }
}

/** Thrown out of a reading by a question that is to be answered elsewhere or later. */
class ToBeScanned extends Error {}

/** Versions that a past revision may be behind and still be read like the newest. */
const NEAR = 1_000;

interface Asked {
  request: FastifyRequest;
  reply: FastifyReply;
}

/** To be called before what may scan. It ends the reading if the store is large and this is not the place. */
export async function mayScan({ request, reply }: Asked, db: Reader): Promise<void> {
  const { scans } = request.server;
  if (!scans || reply.scanning || (await versionsIn(db)) < scans.fromVersions) return;
  throw new ToBeScanned();
}

/** The same for a list of the past without a rare condition: those far back pass over all that came since. */
export async function mayScanBackTo(asked: Asked, db: Reader, { revision, newest }: Reading): Promise<void> {
  const { scans } = asked.request.server;
  if (!scans || asked.reply.scanning || revision === newest) return;
  if ((await versionsSince(db, revision)) > NEAR) await mayScan(asked, db);
}

/** Answers with what `read` gives, or has the question answered where it may scan. */
export async function scanned<T>({ request, reply }: Asked, read: () => Promise<T>): Promise<T | unknown> {
  try {
    return await read();
  } catch (error) {
    const { scans } = request.server;
    if (!(error instanceof ToBeScanned) || !scans) throw error;
    return scans.answer(request, reply, () => {
      reply.scanning = true;
      return read();
    });
  }
}
