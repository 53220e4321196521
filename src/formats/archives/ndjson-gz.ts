/** Everything as lines of JSON, for whoever keeps a copy or counts words: small, and read line by line. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { buildFingerprint, version } from '../../http/build-fingerprint.ts';
import { factTypes } from '../../model/types/index.ts';
import type { ArchiveData, ArchiveFormat } from './archive-format.ts';

/** Values of `type` that say what a line is where it is no fact; no type of fact may be called so. */
const LINE_TYPES = ['export', 'revision', 'change', 'text'] as const;

const conflict = factTypes.find(({ type }) => (LINE_TYPES as readonly string[]).includes(type));
if (conflict)
  throw new Error(`a fact of the type ${conflict.type} could not be told from other lines of an export`);

export const ndjsonGzArchive: ArchiveFormat = {
  extension: 'ndjson.gz',
  mediaType: 'application/gzip',
  operationId: 'exportNdjson',
  summary: 'Export everything as lines of JSON',
  description:
    'All of one revision, compressed by gzip. `type` says what a line is. First one line `export`: the `revision`, when it ' +
    'was `recordedAt`, the `contract` and `version` of the API, and the `server` that links are to be read against. Then ' +
    'the lines `revision`, as `/v1/revisions` has them; every fact, retracted ones too, just as the lists have it, with ' +
    'its own type (`event`, `statement` ...); the lines `change`, as `/v1/changes` has them; and the lines `text`, each with ' +
    'the `text` of a `document` whose rights let anybody see it whole. There may be further types later: pass over what you ' +
    'do not know. The same revision gives the same bytes.',
  async write(data, path) {
    // Its header has no time, so that the same lines give the same bytes.
    await pipeline(
      Readable.from(serializeLines(data), { objectMode: false }),
      createGzip(),
      createWriteStream(path),
    );
  },
};

async function* serializeLines(data: ArchiveData): AsyncGenerator<string> {
  const { revision, recordedAt, publicUrl: server } = data;
  yield formatLines([{ type: 'export', revision, recordedAt, contract: buildFingerprint, version, server }]);
  for await (const page of data.readRevisions())
    yield formatLines(page.map((each) => ({ type: 'revision', ...each })));
  for (const factType of factTypes) {
    for await (const page of data.readFacts(factType)) yield formatLines(page);
  }
  for await (const page of data.readChanges())
    yield formatLines(page.map((each) => ({ type: 'change', ...each })));
  for await (const page of data.readTexts())
    yield formatLines(page.map((each) => ({ type: 'text', ...each })));
}

const formatLines = (values: object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
