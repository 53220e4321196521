/** Everything in one file: at a URL for each format, made once for each revision. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as z from 'zod';
import type { ArchiveFormat } from '../../formats/archives/archive-format.ts';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { checkPreconditions } from '../../http/etag.ts';
import { CONNECTION_TIMEOUT_MS, EXPORT_TIMEOUT_MS } from '../../http/limits.ts';
import { BINARY_FILE, defineOperation } from '../../http/route-definition.ts';
import { Problem } from '../../lib/problem-details.ts';
import type { Store } from '../../store/open.ts';
import { countVersions } from '../../store/queries/facts.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import type { ArchiveJob } from '../../workers/archive-runner.ts';
import {
  type CachedFile,
  createFileCache,
  type FileCache,
  type FileRequest,
  readChunks,
} from '../archive/file-cache.ts';
import { archiveFormats, writeArchive } from '../archive/write-archive.ts';
import { asOfParam, resolveAsOf } from '../respond/as-of.ts';

/** The routes of files of everything, which are made by this server and go when it closes. */
export function archiveRoutes(app: FastifyInstance, store: Store): void {
  const fileCache = createFileCache();
  app.addHook('preClose', async () => fileCache.stop());
  app.addHook('onClose', () => fileCache.close());
  for (const format of archiveFormats) archiveRoute(app, store, fileCache, format);
}

function archiveRoute(app: FastifyInstance, store: Store, fileCache: FileCache, format: ArchiveFormat): void {
  const { extension, mediaType, operationId, summary, description } = format;
  const path = `/v1/exports/summit-facts.${extension}`;
  const options = defineOperation({
    operationId,
    tag: 'Exports',
    summary,
    description:
      `${description} It is made when it is first asked for, which may take minutes for a large archive; HEAD says ` +
      'whether it is there already: then it has a Content-Length. Texts are in it by the rights of today, whatever asOf says.',
    query: () => z.strictObject({ asOf: asOfParam }),
    response: {
      description: 'The file.',
      mediaType,
      schema: BINARY_FILE,
      headers: [
        'Content-Disposition',
        'Content-Length',
        'Repr-Digest',
        'Summit-Facts-Revision',
        'Summit-Facts-Sha256',
      ],
    },
    conditional: true,
    problems: ['exports-full'],
    example: path,
  });
  app.get(path, options, async (request, reply) => {
    const { asOf } = request.query as { asOf?: string };
    const publicUrl = app.publicUrl();
    const snapshot = await store.read((db) => resolveAsOf(db, asOf));
    const { revision, latestRevision, redaction } = snapshot;
    const selfUrl = publicUrl + getCanonicalUrl(request).url;
    const url = `${selfUrl}#${latestRevision}`;
    if (checkPreconditions(request, reply, applyCurrentRights(snapshot), { url, mediaType }) !== 'modified') {
      return reply.code(304).send();
    }
    const fileRequest: FileRequest = {
      key: JSON.stringify([extension, revision, latestRevision, redaction, publicUrl]),
      latestRevision,
      write: (path, signal) => buildArchive(app, store, { extension, snapshot, publicUrl, path }, signal),
    };
    const isHead = request.method === 'HEAD';
    // For the headers alone nothing need be made.
    const file = isHead ? fileCache.find(fileRequest.key) : await acquireFile(reply, fileCache, fileRequest);
    reply.type(mediaType).headers({
      'accept-ranges': 'none',
      'content-disposition': `attachment; filename="summit-facts-r${revision}.${extension}"`,
      'summit-facts-revision': String(revision),
      ...(file && buildDigestHeaders(file)),
    });
    return reply.send(Readable.from(isHead || !file ? [] : readChunks(file), { objectMode: false }));
  });
}

/** Written by a thread where the store is large and one can. */
async function buildArchive(
  { slowQueryRunner }: FastifyInstance,
  store: Store,
  job: ArchiveJob,
  signal: AbortSignal,
): Promise<void> {
  const writeInWorker = slowQueryRunner?.writeArchive;
  if (!writeInWorker || (await store.read(countVersions)) < slowQueryRunner.minVersionCount)
    return writeArchive(store, job, signal);
  return writeInWorker(job, signal);
}

/** Whose rights change changes what earlier revisions give: so nothing is the same for ever. */
function applyCurrentRights(snapshot: Snapshot): Snapshot {
  const { revision, latestRevision, immutable, lastModifiedIsReliable } = snapshot;
  return {
    ...snapshot,
    immutable: false,
    lastModifiedIsReliable: lastModifiedIsReliable && !immutable && revision === latestRevision,
  };
}

/** The file, held until the answer has been sent or the client has gone. */
async function acquireFile(
  reply: FastifyReply,
  fileCache: FileCache,
  fileRequest: FileRequest,
): Promise<CachedFile> {
  const { ready, release } = fileCache.acquire(fileRequest, () => reply.raw.destroy());
  // Whichever comes first, and it may have come by now.
  reply.raw.once('finish', release).once('close', release);
  if (reply.raw.destroyed) release();
  const { socket } = reply.request.raw;
  // No byte goes either way meanwhile. What injects requests without a network has no timeouts.
  socket.setTimeout?.(EXPORT_TIMEOUT_MS);
  const file = await ready.finally(() => socket.setTimeout?.(CONNECTION_TIMEOUT_MS));
  // By now the file may be gone too.
  if (reply.raw.destroyed) throw new Problem('request-timeout', 'The client has gone.');
  return file;
}

const buildDigestHeaders = ({ sizeBytes, sha256 }: CachedFile) => ({
  'content-length': String(sizeBytes),
  'repr-digest': `sha-256=:${sha256.toString('base64')}:`,
  'summit-facts-sha256': sha256.toString('hex'),
});
