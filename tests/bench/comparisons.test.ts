/** Check of the other servers' responses: the benchmark must not measure a server that returns wrong rows. */
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

/** Statements of two speakers, one of whom has less than a page; even and odd texts have different words. */
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

/** Change that the server makes to correct responses before it sends them. */
let modifyResponse: (rows: Row[], parameters: URLSearchParams) => unknown = (rows) => rows;
let [folder, url] = ['', ''];
let server: Server;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'summit-facts-comparisons-'));
  writeSqlite(rows, folder);
  server = createServer((request, response) => {
    const parameters = new URL(request.url as string, 'http://server').searchParams;
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

const checkServer = (): Promise<void> => checkResponses('Server', urls, url, folder);

test('requests have parameters that fill a page', () => {
  const { positions, speakers, ids, words } = readRequestParameters(folder);
  expect(positions).toEqual([
    { page: 2, afterId: 'statement-019' },
    { page: 3, afterId: 'statement-039' },
  ]);
  expect(speakers).toEqual(['many']);
  expect(ids).toEqual(rows.map(({ id }) => id));
  expect(words).toEqual(['finance', 'welcome', 'plan']);
});

test.each([
  ['an array', (rows: Row[]) => rows],
  ['in an envelope', (items: Row[]) => ({ items })],
  [
    'an item without an envelope',
    (rows: Row[], parameters: URLSearchParams) => (parameters.has('id') ? rows[0] : { data: rows }),
  ],
  [
    'empty strings instead of null',
    (rows: Row[]) => rows.map((row) => ({ ...row, saidOn: row.saidOn ?? '' })),
  ],
])('accepts correct responses: %s', async (_, modify) => {
  modifyResponse = modify;
  await checkServer();
});

const onlyFor =
  (name: string, modify: (rows: Row[]) => unknown) =>
  (rows: Row[], parameters: URLSearchParams): unknown =>
    parameters.has(name) ? modify(rows) : rows;

test.each([
  ['a missing row', (rows: Row[]) => rows.slice(1), /\/list: expected the rows/],
  [
    'the first page for every page',
    onlyFor('page', () => rows.slice(0, PAGE_SIZE)),
    /page=2.*: expected the rows/,
  ],
  [
    'an ignored filter',
    onlyFor('speaker', () => rows.slice(0, PAGE_SIZE)),
    /speaker=many: expected the rows/,
  ],
  ['another item', onlyFor('id', () => rows[9]), /id=statement-000: expected the rows/],
  [
    'an ignored search',
    onlyFor('word', () => rows.slice(0, PAGE_SIZE)),
    /word=finance: statement-001 does not contain/,
  ],
  ['too few search results', onlyFor('word', (rows) => rows.slice(1)), /expected 20 rows, received 19/],
  [
    'a repeated search result',
    onlyFor('word', (rows) => [...rows.slice(1), rows[1]]),
    /20 rows, received 19/,
  ],
  ['a missing column', (rows: Row[]) => rows.map(({ body, ...row }) => row), /body of statement-000 must be/],
])('rejects wrong responses: %s', async (_, modify, message) => {
  modifyResponse = modify;
  await expect(checkServer()).rejects.toThrow(message);
});
