/** Streamed responses: exports at one revision. */
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import {
  createSnapshotValidators,
  NOT_MODIFIED,
  produceIfModified,
  sendNotModified,
} from '../../http/conditional-response.ts';
import { selectEncoding } from '../../http/plugins/compression.ts';
import { Problem } from '../../lib/problem-details.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import { resolveAsOf } from '../service/as-of.ts';
import {
  createExportStream,
  type Export,
  type ExportOptions,
  openExport,
  readFirstPage,
} from '../service/export-stream.ts';
import { isLargeStore } from '../service/query.ts';
import { createReader } from '../service/snapshot-reader.ts';
import { createClientSignal } from './client-signal.ts';
import type { RequestContext } from './respond.ts';

interface StreamOptions {
  mediaType: string;
  /** File name that a browser suggests for the download. */
  filename: string;
  /** Link header, if the response has links. */
  link?: string | null;
}

/**
 * Streams the text of an export, or of its first `limit` rows. Invalid requests are rejected before the first
 * byte. A later error breaks the connection, so that no client takes a partial response for a complete one.
 */
export async function respondExport<Row, Position>(
  context: RequestContext,
  { mediaType, filename, link = null }: StreamOptions,
  exportQuery: Export<Row, Position>,
): Promise<FastifyReply> {
  const { service, request, reply } = context;
  const { store, slowQueryRunner } = service;
  const parameters = request.query as { asOf?: string; limit?: number };
  const { linkBase } = request.server;
  const publicUrl = request.server.publicUrl();
  const selfUrl = publicUrl + getCanonicalUrl(request).url;
  // HEAD needs one row only, to find out whether the query succeeds.
  const limit = request.method === 'HEAD' ? 1 : (parameters.limit ?? Number.POSITIVE_INFINITY);
  const result = await store.read(async (db) => {
    const snapshot = await resolveAsOf(db, parameters.asOf);
    // Only a configured URL is also in the links of facts.
    const url = `${selfUrl}#${linkBase}`;
    const validators = createSnapshotValidators(snapshot, { url, mediaType });
    return produceIfModified(request, reply, validators, {}, async () => {
      await exportQuery.validate?.(db, snapshot);
      const { revision, recordedAt } = snapshot;
      const options: ExportOptions = {
        limit,
        context: { parameters, publicUrl, linkBase, selfUrl, revision, recordedAt },
      };
      const firstPage = (await isLargeStore(slowQueryRunner, db))
        ? null
        : await readFirstPage(createReader(service, db, snapshot), exportQuery, options);
      return { snapshot, options, firstPage };
    });
  });
  if (result === NOT_MODIFIED) return sendNotModified(reply);

  const { snapshot, options, firstPage } = result;
  const body =
    firstPage === null
      ? await openSlowExport(context, snapshot, exportQuery, options)
      : createExportStream(service, snapshot, exportQuery, firstPage, options);
  reply.type(mediaType).headers({
    'content-disposition': `inline; filename="${filename}"`,
    'summit-facts-revision': String(snapshot.revision),
    ...(link !== null && { link }),
  });
  if (request.method === 'HEAD') {
    body.destroy();
    return reply.send(Readable.from([]));
  }
  // In HTTP/1.0 the end of the connection ends the response, so only a reset shows that it is incomplete.
  body.once('error', (error: NodeJS.ErrnoException) => {
    request.raw.socket.resetAndDestroy?.();
    // A compressed response whose client disconnects fails too.
    const isClosedByClient = error.code === 'ERR_STREAM_PREMATURE_CLOSE';
    if (!(error instanceof Problem) && !isClosedByClient) request.log.error({ err: error }, 'export failed');
  });
  return reply.send(body);
}

/** Opens an export of a large store: in a worker thread (SQLite), or after waiting in the queue (PostgreSQL). */
function openSlowExport<Row, Position>(
  { service, request, reply }: RequestContext,
  snapshot: Snapshot,
  exportQuery: Export<Row, Position>,
  options: ExportOptions,
): Promise<Readable> {
  const { slowQueryRunner } = service;
  if (!slowQueryRunner) throw new Error('an export without a runner is never slow');
  return slowQueryRunner.openStream(
    { ...exportQuery.task, snapshot, options },
    () => openExport(service, snapshot, exportQuery, options),
    selectEncoding(request) === null ? reply.raw : null,
    createClientSignal(reply),
  );
}
