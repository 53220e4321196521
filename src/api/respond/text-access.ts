/** Which texts may be shown whole, and to whom. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { keyIn, unauthorized } from '../../http/plugins/authentication.ts';
import { Problem } from '../../lib/problem-details.ts';
import { resourceOf } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { redactionOf } from '../../store/queries/dossiers.ts';
import { findFact } from '../../store/queries/facts.ts';
import { newestRevision } from '../../store/queries/revisions.ts';

/** Whether the rights let anybody see the whole text: those at `revision`, and those of today, which bind today. */
export async function isShownToAll(db: Reader, id: string, revision: number): Promise<boolean> {
  const now = (await newestRevision(db))?.n ?? revision;
  const document = { type: resourceOf('document').type, id };
  const rows = [await findFact(db, revision, document), await findFact(db, now, document)];
  const displays = rows.map(
    (row) => row && (JSON.parse(row.body) as { rights: { display: string } }).rights.display,
  );
  return displays.every((display) => display === 'full');
}

/** Where a text was redacted, at whichever revision, nothing is said about it at any. */
export async function refuseRedacted(db: Reader, id: string): Promise<void> {
  const redaction = await redactionOf(db, id);
  if (!redaction) return;
  const { revision, reason } = redaction;
  throw new Problem('redacted', `The text of ${id} was redacted by revision ${revision}: ${reason}`);
}

/** Lets whoever has a key read what others may not: to be asked before the snapshot, and its answer within. */
export async function readerOf(
  store: Store,
  request: FastifyRequest,
): Promise<(shown: boolean, id: string) => void> {
  const key = await keyIn(store, request);
  return (shown, id) => {
    if (shown || key) return;
    const detail = `Of the text of ${id} only the words that facts point at may be shown without a key.`;
    throw unauthorized(request, detail);
  };
}

/** Says that the answer depends on the key: no cache may hand it to others. */
export function byKey(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('vary', 'Authorization');
  if (request.headers.authorization !== undefined) reply.header('cache-control', 'private, no-cache');
}
