/** Everything as lines of JSON, for whoever keeps a copy or counts words: small, and read line by line. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { buildFingerprint, version } from '../../http/build-fingerprint.ts';
import { resources } from '../../model/types/index.ts';
import type { Whole, WholeFormat } from './archive-format.ts';

/** Values of `type` that say what a line is where it is no fact; no type of fact may be called so. */
const LINE_TYPES = ['export', 'revision', 'change', 'text'] as const;

const taken = resources.find(({ type }) => (LINE_TYPES as readonly string[]).includes(type));
if (taken)
  throw new Error(`a fact of the type ${taken.type} could not be told from other lines of an export`);

export const ndjsonGz: WholeFormat = {
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
  async write(whole, path) {
    // Its header has no time, so that the same lines give the same bytes.
    await pipeline(
      Readable.from(linesOf(whole), { objectMode: false }),
      createGzip(),
      createWriteStream(path),
    );
  },
};

async function* linesOf(whole: Whole): AsyncGenerator<string> {
  const { revision, recordedAt, publicUrl: server } = whole;
  yield lines([{ type: 'export', revision, recordedAt, contract: buildFingerprint, version, server }]);
  for await (const page of whole.revisions())
    yield lines(page.map((each) => ({ type: 'revision', ...each })));
  for (const resource of resources) {
    for await (const page of whole.facts(resource)) yield lines(page);
  }
  for await (const page of whole.changes()) yield lines(page.map((each) => ({ type: 'change', ...each })));
  for await (const page of whole.texts()) yield lines(page.map((each) => ({ type: 'text', ...each })));
}

const lines = (values: object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
