/** Which texts may be shown whole, and to whom. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authenticate, unauthorized } from '../../http/plugins/authentication.ts';
import { Problem } from '../../lib/problem-details.ts';
import { getFactType } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { findRedaction } from '../../store/queries/dossiers.ts';
import { findFact } from '../../store/queries/facts.ts';
import { latestRevision } from '../../store/queries/revisions.ts';

/** Whether the rights let anybody see the whole text: those at `revision`, and those of today, which bind today. */
export async function isPublicText(db: Reader, id: string, revision: number): Promise<boolean> {
  const currentRevision = (await latestRevision(db))?.n ?? revision;
  const document = { type: getFactType('document').type, id };
  const rows = [await findFact(db, revision, document), await findFact(db, currentRevision, document)];
  const displays = rows.map(
    (row) => row && (JSON.parse(row.body) as { rights: { display: string } }).rights.display,
  );
  return displays.every((display) => display === 'full');
}

/** Where a text was redacted, at whichever revision, nothing is said about it at any. */
export async function assertNotRedacted(db: Reader, id: string): Promise<void> {
  const redaction = await findRedaction(db, id);
  if (!redaction) return;
  const { revision, reason } = redaction;
  throw new Problem('redacted', `The text of ${id} was redacted by revision ${revision}: ${reason}`);
}

/** Lets whoever has a key read what others may not: to be asked before the snapshot, and its answer within. */
export async function createTextGuard(
  store: Store,
  request: FastifyRequest,
): Promise<(isPublic: boolean, id: string) => void> {
  const key = await authenticate(store, request);
  return (isPublic, id) => {
    if (isPublic || key) return;
    const detail = `Of the text of ${id} only the words that facts point at may be shown without a key.`;
    throw unauthorized(request, detail);
  };
}

/** Says that the answer depends on the key: no cache may hand it to others. */
export function varyByAuthorization(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('vary', 'Authorization');
  if (request.headers.authorization !== undefined) reply.header('cache-control', 'private, no-cache');
}
