/** Archive as compressed lines of JSON, for copies and text analysis: small, and readable line by line. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { buildId, version } from '../../http/build-id.ts';
import { addBaseToLinks } from '../../http/public-url.ts';
import { escapeLineBreaks } from '../../lib/json-lines.ts';
import { factTypes } from '../../model/types/index.ts';
import type { ArchiveData, ArchiveFormat } from './archive-format.ts';

/** Values of `type` in lines that are not facts; no fact type may have one of these names. */
const LINE_TYPES = ['export', 'revision', 'change', 'text'] as const;

const conflict = factTypes.find(({ type }) => (LINE_TYPES as readonly string[]).includes(type));
if (conflict)
  throw new Error(`the fact type ${conflict.type} has the name of another type of line in the archive`);

export const ndjsonGzArchive: ArchiveFormat = {
  extension: 'ndjson.gz',
  mediaType: 'application/gzip',
  operationId: 'exportNdjson',
  summary: 'Export all facts as lines of JSON',
  description:
    'All data of one revision, compressed with gzip. `type` says what a line holds. The first line has the type `export`, ' +
    'with the `revision`, its time (`recordedAt`), the `contract` and `version` of the API, and the `server` to resolve ' +
    'links against. Next are lines of the type `revision`, as in `/v1/revisions`; all facts, including retracted ones, as ' +
    'in the lists and with their own types (`event`, `statement` ...); lines of the type `change`, as in `/v1/changes`; and ' +
    'lines of the type `text`, with the `text` of each `document` whose rights allow everyone to read it in full. Later ' +
    'versions may add types: ignore those that you do not know. The same revision gives the same bytes.',
  async write(data, path) {
    // Node's gzip header has no timestamp, so that the same lines give the same bytes.
    await pipeline(
      Readable.from(serializeLines(data), { objectMode: false }),
      createGzip(),
      createWriteStream(path),
    );
  },
};

async function* serializeLines(data: ArchiveData): AsyncGenerator<string> {
  for await (const values of readLines(data)) {
    const lines = values.map((value) => `${escapeLineBreaks(JSON.stringify(value))}\n`).join('');
    yield addBaseToLinks(lines, data.linkBase);
  }
}

async function* readLines(data: ArchiveData): AsyncGenerator<object[]> {
  const { revision, recordedAt, publicUrl: server } = data;
  yield [{ type: 'export', revision, recordedAt, contract: buildId, version, server }];
  for await (const page of data.readRevisions()) yield page.map((each) => ({ type: 'revision', ...each }));
  for (const factType of factTypes) yield* data.readFacts(factType);
  for await (const page of data.readChanges()) yield page.map((each) => ({ type: 'change', ...each }));
  for await (const page of data.readTexts()) yield page.map((each) => ({ type: 'text', ...each }));
}
