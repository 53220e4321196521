/** The README's examples are real answers, cut where they say so by `...`: everything else is there, and nothing more. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { examples as questionsOfPage } from '../src/web/docs/examples.ts';
import { createSeededApp, createStoreUrl, createTemporaryFolder, get, type Json } from './support/app.ts';
import { startServerProcess } from './support/process.ts';

const readme = readFileSync('README.md', 'utf8');
const WALKTHROUGH_HEADING = '## Add the next summit';
const walkthrough = readme.slice(readme.indexOf(WALKTHROUGH_HEADING)).split(/^(?=## )/m)[0] as string;
const reference = readme.replace(walkthrough, '');
const examples = [
  ...reference.matchAll(/```sh\ncurl -s 'http:\/\/127\.0\.0\.1:3000([^']+)'\n```\n\n```json\n([\s\S]*?)```/g),
].map(([, url, json]) => [url as string, json as string] as const);

/** Questions in words, each right before the request that answers it; what follows in brackets only explains. */
const questions = [
  ...reference.matchAll(
    /^([^\n]+\?)(?: \([^\n]+\))?\n\n```sh\ncurl -s 'http:\/\/127\.0\.0\.1:3000([^']+)'\n```\n\n```json/gm,
  ),
].map(([, question, url]) => ({ question, url }));

/** Commands with what they print, as it is. */
const commandExamples = [...reference.matchAll(/```sh\n(curl [^\n]+)\n```\n\n```\n([\s\S]*?)```/g)].map(
  ([, command, output]) => [command as string, output as string] as const,
);

/** A question to the SQLite file, with what its shell prints. */
const [, sqliteUrl = '', sqliteQuestion = '', sqliteAnswer = ''] =
  /curl -sO 'http:\/\/127\.0\.0\.1:3000([^']+)'\nsqlite3 \S+ "([^"]+)"\n```\n\n```\n([\s\S]*?)\n```/.exec(
    reference,
  ) ?? [];

/** What is to be pasted into other tools. */
const pasteUrls = [...new Set(readme.match(/(?<=^\| .*)http:\/\/127\.0\.0\.1:3000\/[^"`]+/gm) ?? [])].map(
  (url) => url.slice('http://127.0.0.1:3000'.length),
);

/** Pages that it tells of. */
const PAGES_HEADING = '## Look at it';
const pagesSection = readme.slice(readme.indexOf(PAGES_HEADING)).split(/^(?=## )/m)[0] as string;
const pageUrls = [...pagesSection.matchAll(/^\| `([^`]+)` \|/gm)].map(([, url]) => url as string);

/** The one example that no question in words stands before: it shows a refusal. */
const REFUSED_URL = '/v1/events?limit=0';

const ELLIPSIS = '...';

/** JSON in which `...` may stand for a value or for some members or elements. */
function parseElidedJson(json: string): Json {
  const open: string[] = [];
  const completeJson = json.replace(/"(?:[^"\\]|\\.)*"|\.\.\.|[{}[\]]/g, (token) => {
    if (token === '{' || token === '[') open.push(token);
    else if (token === '}' || token === ']') open.pop();
    if (token !== ELLIPSIS) return token;
    return open.at(-1) === '{' ? `"${ELLIPSIS}": 0` : `"${ELLIPSIS}"`;
  });
  return JSON.parse(completeJson);
}

/** Where `real` is not what is shown, if anywhere. */
function findDifference(expected: Json, actual: Json, path = ''): string | null {
  if (expected === ELLIPSIS) return null;
  if (Array.isArray(expected))
    return Array.isArray(actual) ? findListDifference(expected, actual, path) : `${path} is no list`;
  if (expected === null || typeof expected !== 'object') {
    return expected === actual
      ? null
      : `${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
  }
  const { [ELLIPSIS]: ellipsis, ...members } = expected;
  const unshown = Object.keys(actual ?? {}).filter((key) => !(key in members));
  if (ellipsis === undefined && unshown.length > 0) return `${path} also has ${unshown}`;
  for (const [key, value] of Object.entries(members)) {
    const difference = findDifference(value, actual?.[key], `${path}.${key}`);
    if (difference) return difference;
  }
  return null;
}

/** What is shown stands in the list in this order, with something between only where it is cut. */
function findListDifference(expected: Json[], actual: Json[], path: string): string | null {
  let position = 0;
  for (const [index, each] of expected.entries()) {
    if (each === ELLIPSIS) continue;
    const afterCut = expected[index - 1] === ELLIPSIS;
    const first = findDifference(each, actual[position], `${path}[${position}]`);
    while (afterCut && position < actual.length && findDifference(each, actual[position]) !== null)
      position += 1;
    if (findDifference(each, actual[position]) !== null) return first;
    position += 1;
  }
  return position < actual.length && expected.at(-1) !== ELLIPSIS ? `${path} has more than is shown` : null;
}

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp({ publicUrl: 'http://127.0.0.1:3000' });
});

describe('README', () => {
  it('shows an answer to each of its questions', () => {
    expect(examples.length + commandExamples.length + 1).toBe(reference.match(/^curl /gm)?.length);
    expect(examples.length).toBeGreaterThanOrEqual(7);
  });

  it('asks what the page at /docs asks', () => {
    expect(questions).toEqual(questionsOfPage);
    const inWords = questions.map(({ url }) => url);
    expect(examples.map(([url]) => url).filter((url) => !inWords.includes(url))).toEqual([REFUSED_URL]);
  });

  it('walks through the next summit just so', async () => {
    const url = createStoreUrl();
    const server = await startServerProcess({ DATABASE_URL: url });
    const environment = { ...process.env, ROOT: process.cwd(), DATABASE_URL: url };
    const steps = [...walkthrough.matchAll(/```sh\n([\s\S]*?)```(?:\n\n```json\n([\s\S]*?)```)?/g)];
    expect(steps.length).toBeGreaterThan(6);
    // One shell walks it all, and says where each step ends.
    const END = '--- end of a step ---';
    const script = steps
      .map(
        ([, commands = '']) =>
          `${commands.replaceAll('http://127.0.0.1:3000', server.url)}\necho; echo '${END}'`,
      )
      .join('\n')
      .replaceAll('npm run -s', 'npm --prefix "$ROOT" run -s');
    const { stdout } = await promisify(execFile)('bash', ['-euc', script], {
      cwd: createTemporaryFolder(),
      env: environment,
    });
    const outputs = stdout.split(END);
    for (const [index, [, commands = '', shown]] of steps.entries()) {
      const output = outputs[index]?.trim() ?? '';
      if (shown)
        expect([commands, findDifference(parseElidedJson(shown), JSON.parse(output))]).toEqual([
          commands,
          null,
        ]);
      else expect([commands, output]).toEqual([commands, '']);
    }
    server.child.kill('SIGTERM');
  });

  it('prints what its commands print', async () => {
    expect(commandExamples.length).toBeGreaterThan(0);
    const server = await startServerProcess({ DATABASE_URL: createStoreUrl() });
    for (const [command, output] of commandExamples) {
      const localCommand = command.replaceAll('http://127.0.0.1:3000', server.url);
      const { stdout } = await promisify(execFile)('bash', ['-euc', localCommand]);
      expect([command, stdout]).toEqual([command, output]);
    }
    server.child.kill('SIGTERM');
  });

  it('has the SQLite file answer what it asks of it', async () => {
    const { rawPayload } = await app.inject(sqliteUrl);
    const rows = new BetterSqlite3(rawPayload).prepare(sqliteQuestion).raw().all() as string[][];
    expect(rows.map((cells) => cells.join('|')).join('\n')).toBe(sqliteAnswer);
  });

  it('tells of every kind of page', () => {
    expect(pageUrls.length).toBe(6);
  });

  it.each(pageUrls)('%s is a page', async (url) => {
    const { statusCode, headers } = await app.inject(url);
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('has enough to paste', () => {
    expect(pasteUrls.length).toBeGreaterThan(15);
  });

  it.each(pasteUrls)('%s is there for tools that take no more than a URL', async (url) => {
    const { statusCode, headers } = await app.inject(url);
    expect([statusCode, headers['access-control-allow-origin']]).toEqual([200, '*']);
  });

  it.each(examples)('%s answers as shown', async (url, json) => {
    const { body } = await get(app, url);
    expect(findDifference(parseElidedJson(json), body)).toBeNull();
  });
});
