/** Check that another server responds with the expected rows; its speed is comparable only then. */

import type { Row } from './export-rows.ts';
import { PAGE_SIZE, type RequestUrls, readRequestParameters, withExpectedRows } from './requests.ts';

/** Sends two requests of each kind, and throws with the actual response unless it is the expected one. */
export async function checkResponses(
  name: string,
  urls: RequestUrls,
  url: string,
  folder: string,
): Promise<void> {
  const parameters = readRequestParameters(folder);
  const fetchRows = async (path: string) => readRows(name, path, await fetch(url + path));
  await withExpectedRows(folder, async (expected) => {
    const checkRows = async (path: string, rows: Row[]) =>
      assertSameRows(name, path, await fetchRows(path), rows);
    await checkRows(urls.page, expected.page);
    for (const position of takeFirstAndLast(parameters.positions))
      await checkRows(urls.pages(position), expected.pages(position));
    for (const speaker of takeFirstAndLast(parameters.speakers))
      await checkRows(urls.filtered(speaker), expected.filtered(speaker));
    for (const id of takeFirstAndLast(parameters.ids)) await checkRows(urls.item(id), expected.item(id));
  });
  for (const word of takeFirstAndLast(parameters.words)) {
    const path = urls.search(word);
    assertRowsContain(name, path, await fetchRows(path), word);
  }
}

/** Returns the rows of a response, bare or in an envelope, under `data` or `items`. */
async function readRows(name: string, path: string, response: Response): Promise<Row[]> {
  const text = await response.text();
  const createError = (reason: string) => new Error(`${name} ${path}: ${reason}: ${text.slice(0, 500)}`);
  if (response.status !== 200) throw createError(`status ${response.status}, expected 200`);
  if (!/json/.test(response.headers.get('content-type') ?? '')) throw createError('the response is not JSON');
  const body = JSON.parse(text);
  const rows = body.data ?? body.items ?? body;
  return Array.isArray(rows) ? rows : [rows];
}

function assertSameRows(name: string, path: string, actual: Row[], expected: Row[]): void {
  const formatIds = (rows: Row[]) => rows.map(({ id }) => id).join(' ');
  if (formatIds(actual) !== formatIds(expected)) {
    throw new Error(
      `${name} ${path}: expected the rows\n${formatIds(expected)}\nbut received\n${formatIds(actual)}`,
    );
  }
  for (const [index, row] of expected.entries()) {
    for (const [column, value] of Object.entries(row)) {
      const actualValue = actual[index]?.[column as keyof Row];
      // Some servers return an empty value instead of null.
      if ((actualValue || null) !== value)
        throw new Error(`${name} ${path}: ${column} of ${row.id} must be ${value}, not ${actualValue}`);
    }
  }
}

/** Throws unless all rows of the page contain the word. Any such page is valid: rankings differ. */
function assertRowsContain(name: string, path: string, actual: Row[], word: string): void {
  const ids = new Set(actual.map(({ id }) => id));
  const rowWithoutWord = actual.find(({ text, body }) => !`${text} ${body}`.toLowerCase().includes(word));
  if (ids.size !== PAGE_SIZE)
    throw new Error(`${name} ${path}: expected ${PAGE_SIZE} rows, received ${ids.size}`);
  if (rowWithoutWord) throw new Error(`${name} ${path}: ${rowWithoutWord.id} does not contain ${word}`);
}

const takeFirstAndLast = <T>(all: T[]): T[] => [...new Set([all[0] as T, all.at(-1) as T])];
