/** Archives with all facts of a revision in one file: one URL per format, built once per revision. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ArchiveFormat } from '../../formats/archives/archive-format.ts';
import { type ByteRange, getRequestedRange } from '../../http/byte-range.ts';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { conditionalResponse, createSnapshotValidators } from '../../http/conditional-response.ts';
import { CONNECTION_TIMEOUT_MS, EXPORT_TIMEOUT_MS } from '../../http/limits.ts';
import { BINARY_FILE, defineOperation } from '../../http/route-definition.ts';
import { Problem } from '../../lib/problem-details.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import type { ArchiveJob } from '../../workers/slow-query-runner.ts';
import {
  type CachedFile,
  createFileCache,
  type FileCache,
  type FileRequest,
  readChunks,
} from '../archive/file-cache.ts';
import { archiveFormats, writeArchive } from '../archive/write-archive.ts';
import { resolveAsOf } from '../service/as-of.ts';
import { isLargeStore } from '../service/query.ts';
import type { FactService } from '../service/snapshot-reader.ts';

/** Adds the archive routes; the files of this server are removed when it closes. */
export function archiveRoutes(app: FastifyInstance, service: FactService): void {
  const fileCache = createFileCache();
  app.addHook('preClose', async () => fileCache.stop());
  app.addHook('onClose', () => fileCache.close());
  for (const format of archiveFormats) archiveRoute(app, service, fileCache, format);
}

function defineArchiveOperation(
  { mediaType, operationId, summary, description }: ArchiveFormat,
  path: string,
) {
  return defineOperation({
    operationId,
    tag: 'Exports',
    summary,
    description:
      `${description} The file is built at the first request, which may take minutes for a large store. A response ` +
      "to HEAD has a Content-Length if the file is already built. Texts are included by today's rights, whatever " +
      'asOf says. `Range` asks for a part of the file, which is a 206 with the ' +
      'same headers and `Content-Range`; `If-Range` takes the ETag. Several ranges at once get the whole.',
    asOf: true,
    response: {
      description: 'The archive.',
      mediaType,
      schema: BINARY_FILE,
      headers: [
        'Accept-Ranges',
        'Content-Disposition',
        'Content-Length',
        'Repr-Digest',
        'Summit-Facts-Revision',
        'Summit-Facts-Sha256',
      ],
    },
    conditional: true,
    problems: ['exports-full', 'range-not-satisfiable'],
    example: path,
  });
}

function archiveRoute(
  app: FastifyInstance,
  service: FactService,
  fileCache: FileCache,
  format: ArchiveFormat,
): void {
  const { extension, mediaType } = format;
  const path = `/v1/exports/summit-facts.${extension}`;
  const options = defineArchiveOperation(format, path);
  app.get(path, options, async (request, reply) => {
    const { asOf } = request.query as { asOf?: string };
    const { linkBase } = app;
    const publicUrl = app.publicUrl();
    const snapshot = await service.store.read((db) => resolveAsOf(db, asOf));
    const { revision, latestRevision, redaction } = snapshot;
    const selfUrl = publicUrl + getCanonicalUrl(request).url;
    const url = `${selfUrl}#${latestRevision}#${linkBase}`;
    const validators = createSnapshotValidators(applyCurrentRights(snapshot), { url, mediaType });
    return conditionalResponse(request, reply, validators, { alwaysExists: true }, async () => {
      const fileRequest: FileRequest = {
        key: JSON.stringify([extension, revision, latestRevision, redaction, publicUrl, linkBase]),
        latestRevision,
        write: (path, signal) =>
          buildArchive(service, { extension, snapshot, publicUrl, linkBase, path }, signal),
      };
      const isHead = request.method === 'HEAD';
      // HEAD does not build the file.
      const file = isHead
        ? fileCache.find(fileRequest.key)
        : await acquireFile(reply, fileCache, fileRequest);
      const range = file && getRequestedRange(request, { etag: validators.etag, sizeBytes: file.sizeBytes });
      reply.type(mediaType).headers({
        'accept-ranges': 'bytes',
        'content-disposition': `attachment; filename="summit-facts-r${revision}.${extension}"`,
        'summit-facts-revision': String(revision),
        ...(file && buildDigestHeaders(file)),
        ...(file && range && buildRangeHeaders(file, range)),
      });
      if (range) reply.code(206);
      const chunks = isHead || !file ? [] : readChunks(file, range ?? undefined);
      return reply.send(Readable.from(chunks, { objectMode: false }));
    });
  });
}

/** Writes the archive, in a worker thread if the store is large and a worker is available. */
async function buildArchive(
  { store, slowQueryRunner }: FactService,
  job: ArchiveJob,
  signal: AbortSignal,
): Promise<void> {
  const writeInWorker = slowQueryRunner?.writeArchive;
  if (writeInWorker && (await store.read((db) => isLargeStore(slowQueryRunner, db))))
    return writeInWorker(job, signal);
  return writeArchive(store, job, signal);
}

/** Marks the response as mutable, because a change of rights also changes archives of earlier revisions. */
function applyCurrentRights(snapshot: Snapshot): Snapshot {
  const { revision, latestRevision, immutable, lastModifiedIsReliable } = snapshot;
  return {
    ...snapshot,
    immutable: false,
    lastModifiedIsReliable: lastModifiedIsReliable && !immutable && revision === latestRevision,
  };
}

/** Returns the file, leased until the response has been sent or the client has disconnected. */
async function acquireFile(
  reply: FastifyReply,
  fileCache: FileCache,
  fileRequest: FileRequest,
): Promise<CachedFile> {
  const { ready, release } = fileCache.acquire(fileRequest, () => reply.raw.destroy());
  // Release at whichever event comes first; the connection may already be closed.
  reply.raw.once('finish', release).once('close', release);
  if (reply.raw.destroyed) release();
  const { socket } = reply.request.raw;
  // No byte is sent or received during the build. Injected requests have no socket with timeouts.
  socket.setTimeout?.(EXPORT_TIMEOUT_MS);
  const file = await ready.finally(() => socket.setTimeout?.(CONNECTION_TIMEOUT_MS));
  // If the client has disconnected, the file may be closed too.
  if (reply.raw.destroyed) throw new Problem('request-timeout', 'The client has disconnected');
  return file;
}

const buildDigestHeaders = ({ sizeBytes, sha256 }: CachedFile) => ({
  'content-length': String(sizeBytes),
  'repr-digest': `sha-256=:${sha256.toString('base64')}:`,
  'summit-facts-sha256': sha256.toString('hex'),
});

const buildRangeHeaders = ({ sizeBytes }: CachedFile, { first, last }: ByteRange) => ({
  'content-length': String(last - first + 1),
  'content-range': `bytes ${first}-${last}/${sizeBytes}`,
});
