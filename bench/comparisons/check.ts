/** Holds the answers of a rival against the rows: who answers less, or something else, must not be measured. */

import type { Row } from './export-rows.ts';
import { PAGE_SIZE, type RequestUrls, readRequestParameters, withExpectedRows } from './requests.ts';

/** Asks each kind of question twice, and throws with what came if that is not what was to come. */
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

/** The rows in an answer: all of it, or what its envelope has under one of these names. */
async function readRows(name: string, path: string, response: Response): Promise<Row[]> {
  const text = await response.text();
  const createError = (reason: string) => new Error(`${name} ${path}: ${reason}: ${text.slice(0, 500)}`);
  if (response.status !== 200) throw createError(`answered ${response.status}`);
  if (!/json/.test(response.headers.get('content-type') ?? '')) throw createError('is not JSON');
  const body = JSON.parse(text);
  const rows = body.data ?? body.items ?? body;
  return Array.isArray(rows) ? rows : [rows];
}

function assertSameRows(name: string, path: string, actual: Row[], expected: Row[]): void {
  const formatIds = (rows: Row[]) => rows.map(({ id }) => id).join(' ');
  if (formatIds(actual) !== formatIds(expected)) {
    throw new Error(
      `${name} ${path} must answer\n${formatIds(expected)}\nbut answered\n${formatIds(actual)}`,
    );
  }
  for (const [index, row] of expected.entries()) {
    for (const [column, value] of Object.entries(row)) {
      const actualValue = actual[index]?.[column as keyof Row];
      // Some have no null.
      if ((actualValue || null) !== value)
        throw new Error(`${name} ${path}: ${column} of ${row.id} must be ${value}, not ${actualValue}`);
    }
  }
}

/** Rankings differ: so any page will do whose rows hold the word. */
function assertRowsContain(name: string, path: string, actual: Row[], word: string): void {
  const ids = new Set(actual.map(({ id }) => id));
  const rowWithoutWord = actual.find(({ text, body }) => !`${text} ${body}`.toLowerCase().includes(word));
  if (ids.size !== PAGE_SIZE)
    throw new Error(`${name} ${path} must answer ${PAGE_SIZE} rows, not ${ids.size}`);
  if (rowWithoutWord) throw new Error(`${name} ${path}: ${rowWithoutWord.id} does not hold ${word}`);
}

const takeFirstAndLast = <T>(all: T[]): T[] => [...new Set([all[0] as T, all.at(-1) as T])];
