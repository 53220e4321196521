/** Everything in one file: at a URL for each format, made once for each revision. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as z from 'zod';
import type { WholeFormat } from '../../formats/archives/archive-format.ts';
import { canonicalUrl } from '../../http/canonical-url.ts';
import { freshness } from '../../http/etag.ts';
import { CONNECTION_TIMEOUT_MS, EXPORT_TIMEOUT_MS } from '../../http/limits.ts';
import { BINARY, operation } from '../../http/route-definition.ts';
import { Problem } from '../../lib/problem-details.ts';
import type { Store } from '../../store/open.ts';
import { versionsIn } from '../../store/queries/facts.ts';
import type { Reading } from '../../store/snapshot.ts';
import type { WholeJob } from '../../workers/archive-runner.ts';
import { bytesOf, type Files, filesInFolder, type MadeFile, type Wanted } from '../archive/file-cache.ts';
import { wholeFormats, writeWhole } from '../archive/write-archive.ts';
import { asOf, readingAsOf } from '../respond/as-of.ts';

/** The routes of files of everything, which are made by this server and go when it closes. */
export function wholeExports(app: FastifyInstance, store: Store): void {
  const files = filesInFolder();
  app.addHook('preClose', async () => files.stop());
  app.addHook('onClose', () => files.close());
  for (const format of wholeFormats) exportWhole(app, store, files, format);
}

function exportWhole(app: FastifyInstance, store: Store, files: Files, format: WholeFormat): void {
  const { extension, mediaType, operationId, summary, description } = format;
  const path = `/v1/exports/summit-facts.${extension}`;
  const options = operation({
    operationId,
    tag: 'Exports',
    summary,
    description:
      `${description} It is made when it is first asked for, which may take minutes for a large archive; HEAD says ` +
      'whether it is there already: then it has a Content-Length. Texts are in it by the rights of today, whatever asOf says.',
    query: () => z.strictObject({ asOf }),
    answer: {
      description: 'The file.',
      mediaType,
      schema: BINARY,
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
    const reading = await store.read((db) => readingAsOf(db, asOf));
    const { revision, newest, redaction } = reading;
    const self = publicUrl + canonicalUrl(request).url;
    const url = `${self}#${newest}`;
    if (freshness(request, reply, byRightsOfToday(reading), { url, mediaType }) !== 'no') {
      return reply.code(304).send();
    }
    const wanted: Wanted = {
      key: JSON.stringify([extension, revision, newest, redaction, publicUrl]),
      newest,
      make: (path, stop) => writtenBeside(app, store, { extension, reading, publicUrl, path }, stop),
    };
    const head = request.method === 'HEAD';
    // For the headers alone nothing need be made.
    const file = head ? files.find(wanted.key) : await fileFor(reply, files, wanted);
    reply.type(mediaType).headers({
      'accept-ranges': 'none',
      'content-disposition': `attachment; filename="summit-facts-r${revision}.${extension}"`,
      'summit-facts-revision': String(revision),
      ...(file && digestOf(file)),
    });
    return reply.send(Readable.from(head || !file ? [] : bytesOf(file), { objectMode: false }));
  });
}

/** Written by a thread where the store is large and one can. */
async function writtenBeside(
  { scans }: FastifyInstance,
  store: Store,
  job: WholeJob,
  stop: AbortSignal,
): Promise<void> {
  const beside = scans?.writeWhole;
  if (!beside || (await store.read(versionsIn)) < scans.fromVersions) return writeWhole(store, job, stop);
  return beside(job, stop);
}

/** Whose rights change changes what earlier revisions give: so nothing is the same for ever. */
function byRightsOfToday(reading: Reading): Reading {
  const { revision, newest, pinned, dated } = reading;
  return { ...reading, pinned: false, dated: dated && !pinned && revision === newest };
}

/** The file, held until the answer has been sent or the client has gone. */
async function fileFor(reply: FastifyReply, files: Files, wanted: Wanted): Promise<MadeFile> {
  const { ready, leave } = files.hold(wanted, () => reply.raw.destroy());
  // Whichever comes first, and it may have come by now.
  reply.raw.once('finish', leave).once('close', leave);
  if (reply.raw.destroyed) leave();
  const { socket } = reply.request.raw;
  // No byte goes either way meanwhile. What injects requests without a network has no timeouts.
  socket.setTimeout?.(EXPORT_TIMEOUT_MS);
  const file = await ready.finally(() => socket.setTimeout?.(CONNECTION_TIMEOUT_MS));
  // By now the file may be gone too.
  if (reply.raw.destroyed) throw new Problem('request-timeout', 'The client has gone.');
  return file;
}

const digestOf = ({ bytes, sha256 }: MadeFile) => ({
  'content-length': String(bytes),
  'repr-digest': `sha-256=:${sha256.toString('base64')}:`,
  'summit-facts-sha256': sha256.toString('hex'),
});
