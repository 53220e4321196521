/** Formats with one record on each line: readers that split at other line breaks of Unicode read the same records. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { csvParse, csvParseRows } from 'd3-dsv';
import type { FastifyInstance } from 'fastify';
import ICAL from 'ical.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { escapeLineBreaks } from '../../src/lib/json-lines.ts';
import { factTypes } from '../../src/model/types/index.ts';
import { createApp, createSeededStore, get, importInto, type Json } from '../support/app.ts';
import { download } from '../support/archive.ts';
import { buildDossier } from '../support/dossier-builder.ts';

/** Characters that some reader takes for the end of a line; Python's `splitlines` knows all of them. */
const LINE_BREAKS = ['\n', '\r', '\v', '\f', '\x1c', '\x1d', '\x1e', '\x85', '\u2028', '\u2029'];

const PYTHON_LINE_BREAK = new RegExp(`\r\n|[${LINE_BREAKS.join('')}]`);

const NAME = `Talks${LINE_BREAKS.map((character, index) => `${character}${index}`).join('')}end`;
const NOTE = `Noted${LINE_BREAKS.toReversed().join('x')}.`;

let app: FastifyInstance;
beforeAll(async () => {
  const store = await createSeededStore();
  const source = `Talks take place.\nA visitor says: \u201cyes${LINE_BREAKS.join('y')}no\u201d.`;
  await importInto(
    store,
    buildDossier({
      id: 'line-breaks',
      source,
      document: { title: `Title\u2028of\x85a\u2029document` },
      facts: [
        {
          type: 'event',
          id: 'line-breaks',
          name: NAME,
          kind: 'meeting',
          status: 'held',
          startDate: '2031-05-02',
          datePrecision: 'day',
          endDate: '2031-05-02',
          agenda: [NOTE],
          place: { name: NAME, countryCode: 'LV', latitude: 57, longitude: 24, precision: 'city' },
          evidence: [{ quote: 'Talks take place', supports: ['name', 'kind', 'status', 'agenda', 'place'] }],
          inferences: [
            { kind: 'derived', fields: ['startDate', 'endDate'], note: NOTE },
            { kind: 'reference', fields: ['place'], note: NOTE },
          ],
        },
      ],
      uncovered: [
        { quote: 'A visitor says:', reason: NOTE },
        { quote: source.slice(source.indexOf('\u201c')), reason: NOTE },
      ],
    }),
  );
  app = await createApp(store);
});

async function readLines(text: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: Readable.from([text]), crlfDelay: Infinity }))
    lines.push(line);
  return lines;
}

/** Expects that all readers find the same lines; returns their values. */
async function parseLines(text: string): Promise<Json[]> {
  expect(text.endsWith('\n')).toBe(true);
  const lines = text.slice(0, -1).split('\n');
  expect(text.split(PYTHON_LINE_BREAK).slice(0, -1)).toEqual(lines);
  expect(await readLines(text)).toEqual(lines);
  return lines.map((line) => JSON.parse(line));
}

describe('NDJSON', () => {
  it.each(factTypes)('of $collection has a line for each fact, in every reader', async ({ collection }) => {
    const facts = await parseLines((await get(app, `/v1/${collection}.ndjson`)).body);
    const { data } = (await get(app, `/v1/${collection}?limit=200`)).body;
    expect(facts).toEqual(data);
  });

  it('keeps the characters of the values', async () => {
    const [fact] = await parseLines((await get(app, '/v1/events.ndjson?ids=line-breaks')).body);
    expect([fact.name, fact.agenda, fact.inferences[0].note]).toEqual([NAME, [NOTE], NOTE]);
  });

  it('of the archive has a line for each revision, fact, change and text, in every reader', async () => {
    const { bytes } = await download(app, '/v1/exports/summit-facts.ndjson.gz');
    const lines = await parseLines(gunzipSync(bytes).toString());
    expect(lines.find(({ type, id }) => type === 'event' && id === 'line-breaks').name).toBe(NAME);
    const { text } = lines.find(({ type, document }) => type === 'text' && document === 'line-breaks');
    expect(text).toBe((await get(app, '/v1/documents/line-breaks/text')).body);
    expect(text).toContain('\u2028');
  });

  it('escapes nothing else', () => {
    const value = { [NAME]: [NOTE, '\\u2028', 'ä🗞️', null] };
    expect(JSON.parse(escapeLineBreaks(JSON.stringify(value)))).toEqual(value);
    expect(escapeLineBreaks('"ä\\u2028"')).toBe('"ä\\u2028"');
  });
});

describe('its neighbors', () => {
  it('iCalendar has only lines of its own', async () => {
    const { body } = await get(app, '/v1/events.ics?ids=line-breaks');
    expect(body.split(PYTHON_LINE_BREAK)).toEqual(body.split('\r\n'));
    const event = new ICAL.Component(ICAL.parse(body)).getFirstSubcomponent('vevent');
    const visible = (text: unknown) => String(text).replaceAll(/[\s\p{Cc}]+/gu, ' ');
    for (const name of ['summary', 'location'])
      expect([name, visible(event?.getFirstPropertyValue(name))]).toEqual([name, visible(NAME)]);
  });

  it('CSV quotes every cell with such a character, so that readers of lines keep it together', async () => {
    const { body } = await get(app, '/v1/events.csv?ids=line-breaks');
    expect(csvParse(body)[0]?.['name']).toBe(NAME);
    // Python's csv reads lines, and continues a quoted cell with the next one.
    const unquoted = body.replaceAll(/"(?:[^"]|"")*"/g, '');
    expect(unquoted.split(PYTHON_LINE_BREAK)).toEqual(unquoted.split('\r\n'));
    expect(csvParseRows(body)).toHaveLength(2);
  });

  it('citations have a line for each value', async () => {
    for (const style of ['ris', 'bibtex', 'text']) {
      const { body } = await get(app, `/v1/events/line-breaks/cite?style=${style}`);
      expect(body.split(PYTHON_LINE_BREAK)).toEqual(body.split(/\r?\n/));
    }
  });
});
