/** The benchmark measures only who answers with the rows: this holds that it notices who does not. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkResponses } from '../../bench/comparisons/check.ts';
import { type Row, writeSqlite } from '../../bench/comparisons/export-rows.ts';
import type { RequestUrls } from '../../bench/comparisons/requests.ts';
import { PAGE_SIZE, readRequestParameters } from '../../bench/comparisons/requests.ts';

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

const urls: RequestUrls = {
  page: '/list',
  pages: ({ page, afterId }) => `/list?page=${page}&after=${afterId}`,
  filtered: (speaker) => `/list?speaker=${speaker}`,
  item: (id) => `/item?id=${id}`,
  search: (word) => `/list?word=${word}`,
};

/** What the server does to right answers before it sends them. */
let modifyResponse: (rows: Row[], parameters: URLSearchParams) => unknown = (found) => found;
let [folder, url] = ['', ''];
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'summit-facts-rivals-'));
  writeSqlite(rows, folder);
  server = createServer((request, response) => {
    const parameters = new URL(request.url as string, 'http://rival').searchParams;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(modifyResponse(findRows(parameters), parameters)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function findRows(parameters: URLSearchParams): Row[] {
  const [id, speaker, word, after] = ['id', 'speaker', 'word', 'after'].map((name) => parameters.get(name));
  return rows
    .filter((row) => !id || row.id === id)
    .filter((row) => !speaker || row.speaker === speaker)
    .filter((row) => !word || row.text.includes(word))
    .filter((row) => !after || row.id > after)
    .slice(0, PAGE_SIZE);
}

const checkServer = (): Promise<void> => checkResponses('Rival', urls, url, folder);

test('questions are those that fill a page', () => {
  const { positions, speakers, ids, words } = readRequestParameters(folder);
  expect(positions).toEqual([
    { page: 2, after: 'statement-019' },
    { page: 3, after: 'statement-039' },
  ]);
  expect(speakers).toEqual(['many']);
  expect(ids).toEqual(rows.map(({ id }) => id));
  expect(words).toEqual(['finance', 'welcome', 'plan']);
});

test.each([
  ['bare', (rows: Row[]) => rows],
  ['in an envelope', (items: Row[]) => ({ items })],
  [
    'the item bare',
    (rows: Row[], parameters: URLSearchParams) => (parameters.has('id') ? rows[0] : { data: rows }),
  ],
  ['no nulls', (rows: Row[]) => rows.map((row) => ({ ...row, saidOn: row.saidOn ?? '' }))],
])('right answers pass: %s', async (_, modify) => {
  modifyResponse = modify;
  await checkServer();
});

const onlyFor =
  (name: string, modify: (rows: Row[]) => unknown) =>
  (rows: Row[], parameters: URLSearchParams): unknown =>
    parameters.has(name) ? modify(rows) : rows;

test.each([
  ['a row is missing', (rows: Row[]) => rows.slice(1), /\/list must answer/],
  [
    'the first page is answered for all',
    onlyFor('page', () => rows.slice(0, PAGE_SIZE)),
    /page=2.* must answer/,
  ],
  ['a filter is ignored', onlyFor('speaker', () => rows.slice(0, PAGE_SIZE)), /speaker=many must answer/],
  ['another item comes', onlyFor('id', () => rows[9]), /id=statement-000 must answer/],
  [
    'a search is ignored',
    onlyFor('word', () => rows.slice(0, PAGE_SIZE)),
    /word=finance: statement-001 does not hold/,
  ],
  ['a search finds too few', onlyFor('word', (rows) => rows.slice(1)), /must answer 20 rows, not 19/],
  ['a search repeats a row', onlyFor('word', (rows) => [...rows.slice(1), rows[1]]), /20 rows, not 19/],
  [
    'less is told of a row',
    (rows: Row[]) => rows.map(({ body, ...row }) => row),
    /body of statement-000 must be/,
  ],
])('wrong answers are refused: %s', async (_, modify, message) => {
  modifyResponse = modify;
  await expect(checkServer()).rejects.toThrow(message);
});
