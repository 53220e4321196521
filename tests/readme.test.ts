/** The README's examples are real answers, cut where they say so by `...`: everything else is there, and nothing more. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { questions as questionsOfPage } from '../src/web/docs/examples.ts';
import { get, type Json, newStoreUrl, seededApp, temporaryFolder } from './support/app.ts';
import { serve } from './support/process.ts';

const readme = readFileSync('README.md', 'utf8');
const WALK = '## Add the next summit';
const walk = readme.slice(readme.indexOf(WALK)).split(/^(?=## )/m)[0] as string;
const questions = readme.replace(walk, '');
const examples = [
  ...questions.matchAll(/```sh\ncurl -s 'http:\/\/127\.0\.0\.1:3000([^']+)'\n```\n\n```json\n([\s\S]*?)```/g),
].map(([, url, json]) => [url as string, json as string] as const);

/** Questions in words, each right before the request that answers it; what follows in brackets only explains. */
const asked = [
  ...questions.matchAll(
    /^([^\n]+\?)(?: \([^\n]+\))?\n\n```sh\ncurl -s 'http:\/\/127\.0\.0\.1:3000([^']+)'\n```\n\n```json/gm,
  ),
].map(([, question, url]) => ({ question, url }));

/** Commands with what they print, as it is. */
const printed = [...questions.matchAll(/```sh\n(curl [^\n]+)\n```\n\n```\n([\s\S]*?)```/g)].map(
  ([, command, output]) => [command as string, output as string] as const,
);

/** A question to the SQLite file, with what its shell prints. */
const [, sqliteUrl = '', sqliteQuestion = '', sqliteAnswer = ''] =
  /curl -sO 'http:\/\/127\.0\.0\.1:3000([^']+)'\nsqlite3 \S+ "([^"]+)"\n```\n\n```\n([\s\S]*?)\n```/.exec(
    questions,
  ) ?? [];

/** What is to be pasted into other tools. */
const pasted = [...new Set(readme.match(/(?<=^\| .*)http:\/\/127\.0\.0\.1:3000\/[^"`]+/gm) ?? [])].map(
  (url) => url.slice('http://127.0.0.1:3000'.length),
);

/** Pages that it tells of. */
const LOOK = '## Look at it';
const look = readme.slice(readme.indexOf(LOOK)).split(/^(?=## )/m)[0] as string;
const shownPages = [...look.matchAll(/^\| `([^`]+)` \|/gm)].map(([, url]) => url as string);

/** The one example that no question in words stands before: it shows a refusal. */
const REFUSED = '/v1/events?limit=0';

const CUT = '...';

/** JSON in which `...` may stand for a value or for some members or elements. */
function parseCut(json: string): Json {
  const open: string[] = [];
  const whole = json.replace(/"(?:[^"\\]|\\.)*"|\.\.\.|[{}[\]]/g, (token) => {
    if (token === '{' || token === '[') open.push(token);
    else if (token === '}' || token === ']') open.pop();
    if (token !== CUT) return token;
    return open.at(-1) === '{' ? `"${CUT}": 0` : `"${CUT}"`;
  });
  return JSON.parse(whole);
}

/** Where `real` is not what is shown, if anywhere. */
function difference(shown: Json, real: Json, path = ''): string | null {
  if (shown === CUT) return null;
  if (Array.isArray(shown)) return Array.isArray(real) ? inList(shown, real, path) : `${path} is no list`;
  if (shown === null || typeof shown !== 'object') {
    return shown === real ? null : `${path} is ${JSON.stringify(real)}, not ${JSON.stringify(shown)}`;
  }
  const { [CUT]: cut, ...members } = shown;
  const unshown = Object.keys(real ?? {}).filter((key) => !(key in members));
  if (cut === undefined && unshown.length > 0) return `${path} also has ${unshown}`;
  for (const [key, value] of Object.entries(members)) {
    const found = difference(value, real?.[key], `${path}.${key}`);
    if (found) return found;
  }
  return null;
}

/** What is shown stands in the list in this order, with something between only where it is cut. */
function inList(shown: Json[], real: Json[], path: string): string | null {
  let at = 0;
  for (const [index, each] of shown.entries()) {
    if (each === CUT) continue;
    const afterCut = shown[index - 1] === CUT;
    const first = difference(each, real[at], `${path}[${at}]`);
    while (afterCut && at < real.length && difference(each, real[at]) !== null) at += 1;
    if (difference(each, real[at]) !== null) return first;
    at += 1;
  }
  return at < real.length && shown.at(-1) !== CUT ? `${path} has more than is shown` : null;
}

let app: FastifyInstance;
beforeAll(async () => {
  app = await seededApp({ publicUrl: 'http://127.0.0.1:3000' });
});

describe('README', () => {
  it('shows an answer to each of its questions', () => {
    expect(examples.length + printed.length + 1).toBe(questions.match(/^curl /gm)?.length);
    expect(examples.length).toBeGreaterThanOrEqual(7);
  });

  it('asks what the page at /docs asks', () => {
    expect(asked).toEqual(questionsOfPage);
    const inWords = asked.map(({ url }) => url);
    expect(examples.map(([url]) => url).filter((url) => !inWords.includes(url))).toEqual([REFUSED]);
  });

  it('walks through the next summit just so', async () => {
    const url = newStoreUrl();
    const server = await serve({ DATABASE_URL: url });
    const environment = { ...process.env, ROOT: process.cwd(), DATABASE_URL: url };
    const steps = [...walk.matchAll(/```sh\n([\s\S]*?)```(?:\n\n```json\n([\s\S]*?)```)?/g)];
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
      cwd: temporaryFolder(),
      env: environment,
    });
    const answers = stdout.split(END);
    for (const [index, [, commands = '', shown]] of steps.entries()) {
      const told = answers[index]?.trim() ?? '';
      if (shown) expect([commands, difference(parseCut(shown), JSON.parse(told))]).toEqual([commands, null]);
      else expect([commands, told]).toEqual([commands, '']);
    }
    server.child.kill('SIGTERM');
  });

  it('prints what its commands print', async () => {
    expect(printed.length).toBeGreaterThan(0);
    const server = await serve({ DATABASE_URL: newStoreUrl() });
    for (const [command, output] of printed) {
      const there = command.replaceAll('http://127.0.0.1:3000', server.url);
      const { stdout } = await promisify(execFile)('bash', ['-euc', there]);
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
    expect(shownPages.length).toBe(6);
  });

  it.each(shownPages)('%s is a page', async (url) => {
    const { statusCode, headers } = await app.inject(url);
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('has enough to paste', () => {
    expect(pasted.length).toBeGreaterThan(15);
  });

  it.each(pasted)('%s is there for tools that take no more than a URL', async (url) => {
    const { statusCode, headers } = await app.inject(url);
    expect([statusCode, headers['access-control-allow-origin']]).toEqual([200, '*']);
  });

  it.each(examples)('%s answers as shown', async (url, json) => {
    const { body } = await get(app, url);
    expect(difference(parseCut(json), body)).toBeNull();
  });
});
