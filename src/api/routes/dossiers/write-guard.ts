/** What a request that writes must pass before its body is read. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { IMPORT_TIMEOUT_MS, MAX_DOSSIER_BYTES } from '../../../http/limits.ts';
import { requireScope } from '../../../http/plugins/authentication.ts';
import { Problem } from '../../../lib/problem-details.ts';
import type { Store } from '../../../store/open.ts';
import type { ImportQueue, Slot } from '../../../workers/import-queue.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Where a dossier is to be taken in. */
    importSlot?: Slot;
  }
}

/** Fastify's options of such a route: first the rate limit, then the key, the form of the body, and room for it. */
export function createWriteGuard(
  store: Store,
  importQueue: ImportQueue,
  { takesBody }: { takesBody: boolean },
) {
  const checkScope = requireScope(store, 'write');
  return {
    bodyLimit: MAX_DOSSIER_BYTES,
    // After all that runs for every request, such as the rate limit: whoever guesses keys is counted too.
    preParsing: async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        await checkScope(request);
        validateBodyHeaders(request, takesBody);
        const slot = importQueue.reserve();
        request.importSlot = slot;
        // Whichever comes: an answer, or the end of the connection before it; and it may have ended by now.
        reply.raw.once('finish', slot.release).once('close', slot.release);
        if (reply.raw.destroyed) slot.release();
      } catch (error) {
        // A body that nobody reads must not stand before the next request.
        reply.header('connection', 'close');
        throw error;
      }
    },
    preHandler: async ({ raw }: FastifyRequest) => {
      // What injects requests without a network has no timeouts.
      raw.socket.setTimeout?.(IMPORT_TIMEOUT_MS);
    },
  };
}

/** Headers that may be given once, and say what is written or by whom. */
const SINGLE_HEADERS = ['authorization', 'content-type', 'if-match', 'if-none-match'];

/** Refuses what would change how the body is to be read, and a body where none is taken. */
function validateBodyHeaders({ raw, headers }: FastifyRequest, takesBody: boolean): void {
  for (const name of SINGLE_HEADERS) {
    const occurrences = raw.rawHeaders.filter(
      (each, index) => index % 2 === 0 && each.toLowerCase() === name,
    );
    if (occurrences.length > 1)
      throw new Problem('invalid-request', `The header ${name} is given more than once.`);
  }
  const contentEncoding = headers['content-encoding'] ?? 'identity';
  if (contentEncoding.trim().toLowerCase() !== 'identity') {
    throw new Problem(
      'unsupported-media-type',
      `Send the body as it is: Content-Encoding ${contentEncoding} is not known here.`,
    );
  }
  const transferEncoding = headers['transfer-encoding'] ?? 'chunked';
  if (transferEncoding.trim().toLowerCase() !== 'chunked') {
    throw new Problem(
      'invalid-request',
      `Transfer-Encoding ${transferEncoding} is not known here; chunked is.`,
    );
  }
  if (headers['content-range'] !== undefined) {
    throw new Problem('invalid-request', 'A dossier is taken whole: Content-Range is not known here.');
  }
  const charset = /;\s*charset\s*=\s*"?([^";]*)/i.exec(headers['content-type'] ?? '')?.[1]?.trim() ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) {
    throw new Problem(
      'unsupported-media-type',
      `Send the body in UTF-8: the charset ${charset} is not known here.`,
    );
  }
  const isEmpty = headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
  if (!takesBody && !isEmpty) throw new Problem('invalid-request', 'This takes no body.');
}

/** The place that a request was let in with. */
export function getImportSlot({ importSlot }: FastifyRequest): Slot {
  if (!importSlot) throw new Error('the request was let in without a place');
  return importSlot;
}
