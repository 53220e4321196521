/** The benchmark measures only who answers with the rows: this holds that it notices who does not. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAnswers } from '../../bench/comparisons/check.ts';
import { type Row, writeSqlite } from '../../bench/comparisons/export-rows.ts';
import type { Urls } from '../../bench/comparisons/requests.ts';
import { PAGE_SIZE, questionsOn } from '../../bench/comparisons/requests.ts';

/** Of two speakers, one of whom has too few statements for a page; every other text has a word that few others have. */
const rows: Row[] = Array.from({ length: 3 * PAGE_SIZE }, (_, n) => ({
  id: `statement-${String(n).padStart(3, '0')}`,
  label: `Statement ${n}`,
  text: n % 2 ? `We welcome plan ${n}` : `We finance plan ${n}`,
  mode: 'direct',
  saidOn: n % 3 ? '2030-01-02' : null,
  reportedOn: '2030-01-02',
  speaker: n < 5 ? 'few' : 'many',
  event: null,
  topic: null,
  version: 1,
  body: `{"n":${n}}`,
}));

const urls: Urls = {
  page: '/list',
  pages: ({ page, after }) => `/list?page=${page}&after=${after}`,
  filtered: (speaker) => `/list?speaker=${speaker}`,
  item: (id) => `/item?id=${id}`,
  search: (word) => `/list?word=${word}`,
};

/** What the server does to right answers before it sends them. */
let spoil: (found: Row[], asked: URLSearchParams) => unknown = (found) => found;
let [folder, url] = ['', ''];
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'summit-facts-rivals-'));
  writeSqlite(rows, folder);
  server = createServer((request, response) => {
    const asked = new URL(request.url as string, 'http://rival').searchParams;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(spoil(answerTo(asked), asked)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function answerTo(asked: URLSearchParams): Row[] {
  const [id, speaker, word, after] = ['id', 'speaker', 'word', 'after'].map((name) => asked.get(name));
  return rows
    .filter((row) => !id || row.id === id)
    .filter((row) => !speaker || row.speaker === speaker)
    .filter((row) => !word || row.text.includes(word))
    .filter((row) => !after || row.id > after)
    .slice(0, PAGE_SIZE);
}

const check = (): Promise<void> => checkAnswers('Rival', urls, url, folder);

test('questions are those that fill a page', () => {
  const { places, speakers, ids, words } = questionsOn(folder);
  expect(places).toEqual([
    { page: 2, after: 'statement-019' },
    { page: 3, after: 'statement-039' },
  ]);
  expect(speakers).toEqual(['many']);
  expect(ids).toEqual(rows.map(({ id }) => id));
  expect(words).toEqual(['finance', 'welcome', 'plan']);
});

test.each([
  ['bare', (found: Row[]) => found],
  ['in an envelope', (found: Row[]) => ({ items: found })],
  ['the item bare', (found: Row[], asked: URLSearchParams) => (asked.has('id') ? found[0] : { data: found })],
  ['no nulls', (found: Row[]) => found.map((row) => ({ ...row, saidOn: row.saidOn ?? '' }))],
])('right answers pass: %s', async (_, how) => {
  spoil = how;
  await check();
});

const only =
  (name: string, how: (found: Row[]) => unknown) =>
  (found: Row[], asked: URLSearchParams): unknown =>
    asked.has(name) ? how(found) : found;

test.each([
  ['a row is missing', (found: Row[]) => found.slice(1), /\/list must answer/],
  [
    'the first page is answered for all',
    only('page', () => rows.slice(0, PAGE_SIZE)),
    /page=2.* must answer/,
  ],
  ['a filter is ignored', only('speaker', () => rows.slice(0, PAGE_SIZE)), /speaker=many must answer/],
  ['another item comes', only('id', () => rows[9]), /id=statement-000 must answer/],
  [
    'a search is ignored',
    only('word', () => rows.slice(0, PAGE_SIZE)),
    /word=finance: statement-001 does not hold/,
  ],
  ['a search finds too few', only('word', (found) => found.slice(1)), /must answer 20 rows, not 19/],
  ['a search repeats a row', only('word', (found) => [...found.slice(1), found[1]]), /20 rows, not 19/],
  [
    'less is told of a row',
    (found: Row[]) => found.map(({ body, ...row }) => row),
    /body of statement-000 must be/,
  ],
])('wrong answers are refused: %s', async (_, how, message) => {
  spoil = how;
  await expect(check()).rejects.toThrow(message);
});
