/** Holds the answers of a rival against the rows: who answers less, or something else, must not be measured. */

import type { Row } from './export-rows.ts';
import { PAGE_SIZE, questionsOn, type Urls, withExpected } from './requests.ts';

/** Asks each kind of question twice, and throws with what came if that is not what was to come. */
export async function checkAnswers(name: string, urls: Urls, url: string, folder: string): Promise<void> {
  const questions = questionsOn(folder);
  const ask = async (path: string) => rowsOf(name, path, await fetch(url + path));
  await withExpected(folder, async (expected) => {
    const hold = async (path: string, rows: Row[]) => holdSame(name, path, await ask(path), rows);
    await hold(urls.page, expected.page);
    for (const place of ends(questions.places)) await hold(urls.pages(place), expected.pages(place));
    for (const speaker of ends(questions.speakers))
      await hold(urls.filtered(speaker), expected.filtered(speaker));
    for (const id of ends(questions.ids)) await hold(urls.item(id), expected.item(id));
  });
  for (const word of ends(questions.words)) {
    const path = urls.search(word);
    holdFound(name, path, await ask(path), word);
  }
}

/** The rows in an answer: all of it, or what its envelope has under one of these names. */
async function rowsOf(name: string, path: string, response: Response): Promise<Row[]> {
  const text = await response.text();
  const wrong = (why: string) => new Error(`${name} ${path}: ${why}: ${text.slice(0, 500)}`);
  if (response.status !== 200) throw wrong(`answered ${response.status}`);
  if (!/json/.test(response.headers.get('content-type') ?? '')) throw wrong('is not JSON');
  const answer = JSON.parse(text);
  const found = answer.data ?? answer.items ?? answer;
  return Array.isArray(found) ? found : [found];
}

function holdSame(name: string, path: string, got: Row[], expected: Row[]): void {
  const shown = (rows: Row[]) => rows.map(({ id }) => id).join(' ');
  if (shown(got) !== shown(expected)) {
    throw new Error(`${name} ${path} must answer\n${shown(expected)}\nbut answered\n${shown(got)}`);
  }
  for (const [index, row] of expected.entries()) {
    for (const [column, value] of Object.entries(row)) {
      const found = got[index]?.[column as keyof Row];
      // Some have no null.
      if ((found || null) !== value)
        throw new Error(`${name} ${path}: ${column} of ${row.id} must be ${value}, not ${found}`);
    }
  }
}

/** Rankings differ: so any page will do whose rows hold the word. */
function holdFound(name: string, path: string, got: Row[], word: string): void {
  const ids = new Set(got.map(({ id }) => id));
  const without = got.find(({ text, body }) => !`${text} ${body}`.toLowerCase().includes(word));
  if (ids.size !== PAGE_SIZE)
    throw new Error(`${name} ${path} must answer ${PAGE_SIZE} rows, not ${ids.size}`);
  if (without) throw new Error(`${name} ${path}: ${without.id} does not hold ${word}`);
}

const ends = <T>(all: T[]): T[] => [...new Set([all[0] as T, all.at(-1) as T])];
