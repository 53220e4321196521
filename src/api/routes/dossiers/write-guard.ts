/** Checks that a write request must pass before its body is read. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { IMPORT_TIMEOUT_MS, MAX_DOSSIER_BYTES } from '../../../http/limits.ts';
import { requireScope } from '../../../http/plugins/authentication.ts';
import { Problem } from '../../../lib/problem-details.ts';
import type { Store } from '../../../store/open.ts';
import type { ImportQueue, Slot } from '../../../workers/import-queue.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Slot in the import queue that the request has reserved. */
    importSlot?: Slot;
  }
}

/**
 * Returns Fastify options that check that the store can be written, if the operation writes, then the key, the
 * headers of the body, and the room in the queue.
 */
export function createWriteGuard(
  store: Store,
  importQueue: ImportQueue,
  { takesBody, writes }: { takesBody: boolean; writes: boolean },
) {
  const checkScope = requireScope(store, 'write');
  return {
    bodyLimit: MAX_DOSSIER_BYTES,
    // Runs after the hooks of every request, so that the rate limit also counts clients that guess keys.
    preParsing: async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        if (writes && store.isReadOnly) throw new Problem('read-only', READ_ONLY_DETAIL);
        await checkScope(request);
        validateBodyHeaders(request, takesBody);
        const slot = importQueue.reserve();
        request.importSlot = slot;
        // Release the slot after the response or when the connection ends, which may already have happened.
        reply.raw.once('finish', slot.release).once('close', slot.release);
        if (reply.raw.destroyed) slot.release();
      } catch (error) {
        // Otherwise the unread body would precede the next request on the connection.
        reply.header('connection', 'close');
        throw error;
      }
    },
    preHandler: async ({ raw }: FastifyRequest) => {
      // Injected requests have no socket with timeouts.
      raw.socket.setTimeout?.(IMPORT_TIMEOUT_MS);
    },
  };
}

const READ_ONLY_DETAIL =
  'This server is read-only (READ_ONLY=1): it accepts no imports and no deletions, whatever the key';

/** Headers that may occur once only, as they decide what is written and by whom. */
const SINGLE_HEADERS = ['authorization', 'content-type', 'if-match', 'if-none-match'];

/** Rejects headers that would change how the body is read, and a body on a route that takes none. */
function validateBodyHeaders({ raw, headers }: FastifyRequest, takesBody: boolean): void {
  for (const name of SINGLE_HEADERS) {
    const occurrences = raw.rawHeaders.filter(
      (each, index) => index % 2 === 0 && each.toLowerCase() === name,
    );
    if (occurrences.length > 1)
      throw new Problem('invalid-request', `The header ${name} must be sent only once`);
  }
  const contentEncoding = headers['content-encoding'] ?? 'identity';
  if (contentEncoding.trim().toLowerCase() !== 'identity') {
    throw new Problem(
      'unsupported-media-type',
      `Content-Encoding ${contentEncoding} is not supported; send the body without a content coding`,
    );
  }
  const transferEncoding = headers['transfer-encoding'] ?? 'chunked';
  if (transferEncoding.trim().toLowerCase() !== 'chunked') {
    throw new Problem(
      'invalid-request',
      `Transfer-Encoding ${transferEncoding} is not supported; use chunked or send a Content-Length`,
    );
  }
  if (headers['content-range'] !== undefined) {
    throw new Problem('invalid-request', 'Content-Range is not supported; send the complete dossier');
  }
  const charset = /;\s*charset\s*=\s*"?([^";]*)/i.exec(headers['content-type'] ?? '')?.[1]?.trim() ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) {
    throw new Problem(
      'unsupported-media-type',
      `The charset ${charset} is not supported; send the body in UTF-8`,
    );
  }
  const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
  if (!takesBody && !isEmpty)
    throw new Problem('invalid-request', 'This operation takes no body; send the request without one');
}

/** Returns the slot that the write guard has reserved for the request. */
export function getImportSlot({ importSlot }: FastifyRequest): Slot {
  if (!importSlot) throw new Error('the request has no slot in the import queue');
  return importSlot;
}
