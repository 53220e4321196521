/** Examples in README.md and docs/ are real: requests are sent, commands run, URLs opened. `...` marks what an example leaves out. */
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import BetterSqlite3 from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { factTypes } from '../src/model/types/index.ts';
import { examples as docsPageExamples } from '../src/web/docs/examples.ts';
import {
  createApp,
  createSeededStore,
  createStoreUrl,
  createTemporaryFolder,
  get,
  type Json,
} from './support/app.ts';
import { startServerProcess } from './support/process.ts';

const ORIGIN = 'http://127.0.0.1:3000';
const [readme, api, formats, authoring, operations] = [
  'README.md',
  'docs/API.md',
  'docs/FORMATS.md',
  'docs/AUTHORING.md',
  'docs/OPERATIONS.md',
].map((path) => readFileSync(path, 'utf8')) as [string, string, string, string, string];

/** The text of a section, up to the next heading of the same level. */
const sectionOf = (text: string, heading: string): string =>
  text.slice(text.indexOf(`\n${heading}\n`) + 1).split(/^(?=## )/m)[0] as string;

const walkthrough = sectionOf(api, '## Write a dossier');

/** Requests with the JSON that the document shows as their response. */
const findExamples = (text: string) =>
  [
    ...text.matchAll(
      /(?:^([^\n]+\?)(?: \([^\n]+\))?\n\n)?```sh\ncurl -s 'http:\/\/127\.0\.0\.1:3000([^']+)'\n```\n\n```json\n([\s\S]*?)```/gm,
    ),
  ].map(([, question, url, json]) => ({ question, url: url as string, json: json as string }));
const apiExamples = findExamples(api.replace(walkthrough, ''));
const readmeExamples = findExamples(readme);

/** The one example without a question: it shows an error. */
const ERROR_EXAMPLE = '/v1/events?limit=0';

/** Commands with the text that they print. */
const printedExamples = [...formats.matchAll(/```sh\n(curl [^\n]+)\n```\n\n```\n([\s\S]*?)```/g)].map(
  ([, command, output]) => [command as string, output as string] as const,
);

const [, sqliteUrl = '', sqliteQuery = '', sqliteOutput = ''] =
  /curl -sO 'http:\/\/127\.0\.0\.1:3000([^']+)'\nsqlite3 \S+ "([^"]+)"\n```\n\n```\n([\s\S]*?)\n```/.exec(
    formats,
  ) ?? [];

/** URLs in tables, to be pasted into other tools. */
const pastedUrls = [
  ...new Set(
    [readme, formats].flatMap((text) => text.match(/(?<=^\| .*)http:\/\/127\.0\.0\.1:3000\/[^"`]+/gm) ?? []),
  ),
].map((url) => url.slice(ORIGIN.length));

const pageUrls = [...sectionOf(readme, '## Pages').matchAll(/^\| `([^`]+)` \|/gm)].map(
  ([, url]) => url as string,
);

const CUT = '...';

/** Parses JSON in which `...` may replace a value, or some members or elements. */
function parseCut(json: string): Json {
  const open: string[] = [];
  const completed = json.replace(/"(?:[^"\\]|\\.)*"|\.\.\.|[{}[\]]/g, (token) => {
    if (token === '{' || token === '[') open.push(token);
    else if (token === '}' || token === ']') open.pop();
    if (token !== CUT) return token;
    return open.at(-1) === '{' ? `"${CUT}": 0` : `"${CUT}"`;
  });
  return JSON.parse(completed);
}

/** Describes the first place where `actual` differs from the example, or returns null. */
function findDifference(shown: Json, actual: Json, path = ''): string | null {
  if (shown === CUT) return null;
  if (Array.isArray(shown)) {
    return Array.isArray(actual) ? findListDifference(shown, actual, path) : `${path} is not a list`;
  }
  if (shown === null || typeof shown !== 'object') {
    return shown === actual ? null : `${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(shown)}`;
  }
  const { [CUT]: cut, ...members } = shown;
  const missing = Object.keys(actual ?? {}).filter((key) => !(key in members));
  if (cut === undefined && missing.length > 0) return `${path} also has ${missing}`;
  for (const [key, value] of Object.entries(members)) {
    const difference = findDifference(value, actual?.[key], `${path}.${key}`);
    if (difference) return difference;
  }
  return null;
}

/** Elements of the example occur in the same order, with others between them only where it is cut. */
function findListDifference(shown: Json[], actual: Json[], path: string): string | null {
  let at = 0;
  for (const [index, each] of shown.entries()) {
    if (each === CUT) continue;
    const afterCut = shown[index - 1] === CUT;
    const first = findDifference(each, actual[at], `${path}[${at}]`);
    while (afterCut && at < actual.length && findDifference(each, actual[at]) !== null) at += 1;
    if (findDifference(each, actual[at]) !== null) return first;
    at += 1;
  }
  return at < actual.length && shown.at(-1) !== CUT ? `${path} has more elements than are shown` : null;
}

let app: FastifyInstance;
beforeAll(async () => {
  // The examples are of a server that listens there, without a configured URL.
  app = await createApp(await createSeededStore(), {}, (preparing) => {
    preparing.publicUrl = () => ORIGIN;
  });
});

describe('README.md', () => {
  it('has at most 150 lines, and a picture under 200 kB', () => {
    expect(readme.split('\n').length - 1).toBeLessThanOrEqual(150);
    const [, picture = ''] = /!\[[^\]]+\]\(([^)]+)\)/.exec(readme) ?? [];
    expect(statSync(picture).size).toBeLessThan(200_000);
  });

  it('answers three questions, which docs/API.md answers at length', () => {
    expect(readmeExamples.length).toBe(3);
    const known = apiExamples.map(({ question, url }) => `${question} ${url}`);
    for (const { question, url } of readmeExamples) expect(known).toContain(`${question} ${url}`);
  });

  it('lists every kind of page', () => {
    expect(pageUrls.length).toBe(6);
  });

  it.each(pageUrls)('%s is a page', async (url) => {
    const { statusCode, headers } = await app.inject(url);
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('links only to files and headings that exist', () => {
    const broken = [
      'README.md',
      'docs/API.md',
      'docs/FORMATS.md',
      'docs/AUTHORING.md',
      'docs/OPERATIONS.md',
      'docs/GLOSSARY.md',
      'CONTRIBUTING.md',
      'ARCHITECTURE.md',
    ].flatMap(findBrokenLinks);
    expect(broken).toEqual([]);
  });
});

function findBrokenLinks(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].flatMap(([, target = '']) => {
    const [file = '', anchor] = target.split('#');
    const url = new URL(file || path.split('/').at(-1) || '', new URL(path, `file://${process.cwd()}/`));
    try {
      if (!anchor) return statSync(url) ? [] : [target];
      const anchors = [...readFileSync(url, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replace(/[^\p{L}\p{N}\s-]/gu, '')
          .replaceAll(' ', '-'),
      );
      return anchors.includes(anchor) ? [] : [`${path}: ${target}`];
    } catch {
      return [`${path}: ${target}`];
    }
  });
}

describe('docs/API.md', () => {
  it('asks what the page at /docs asks, and shows one error', () => {
    const questions = apiExamples.filter(({ url }) => url !== ERROR_EXAMPLE);
    expect(questions.map(({ question, url }) => ({ question, url }))).toEqual(docsPageExamples);
    expect(apiExamples.length).toBe(questions.length + 1);
  });

  it.each([...readmeExamples, ...apiExamples])('$url responds as shown', async ({ url, json }) => {
    const { body } = await get(app, url);
    expect(findDifference(parseCut(json), body)).toBeNull();
  });

  it('imports and corrects a dossier as the walkthrough says', async () => {
    const url = createStoreUrl();
    const server = await startServerProcess({ DATABASE_URL: url });
    const steps = [...walkthrough.matchAll(/```sh\n([\s\S]*?)```(?:\n\n```json\n([\s\S]*?)```)?/g)];
    expect(steps.length).toBeGreaterThan(6);
    // One shell runs all steps and prints a mark after each.
    const END = '--- end of a step ---';
    const script = steps
      .map(([, commands = '']) => `${commands.replaceAll(ORIGIN, server.url)}\necho; echo '${END}'`)
      .join('\n')
      .replaceAll('npm run -s', 'npm --prefix "$ROOT" run -s');
    const { stdout } = await promisify(execFile)('bash', ['-euc', script], {
      cwd: createTemporaryFolder(),
      env: { ...process.env, ROOT: process.cwd(), DATABASE_URL: url },
    });
    const outputs = stdout.split(END);
    for (const [index, [, commands = '', shown]] of steps.entries()) {
      const output = outputs[index]?.trim() ?? '';
      if (shown) {
        expect([commands, findDifference(parseCut(shown), JSON.parse(output))]).toEqual([commands, null]);
      } else expect([commands, output]).toEqual([commands, '']);
    }
    server.child.kill('SIGTERM');
  });
});

describe('docs/FORMATS.md', () => {
  it('has a URL for more than fifteen tools', () => {
    expect(pastedUrls.length).toBeGreaterThan(15);
  });

  it.each(pastedUrls)('%s can be opened from any origin', async (url) => {
    const { statusCode, headers } = await app.inject(url);
    expect([statusCode, headers['access-control-allow-origin']]).toEqual([200, '*']);
  });

  it('shows what its commands print', async () => {
    expect(printedExamples.length).toBeGreaterThan(0);
    const server = await startServerProcess({ DATABASE_URL: createStoreUrl() });
    for (const [command, output] of printedExamples) {
      const { stdout } = await promisify(execFile)('bash', ['-euc', command.replaceAll(ORIGIN, server.url)]);
      expect([command, stdout]).toEqual([command, output]);
    }
    server.child.kill('SIGTERM');
  });

  it('shows what the SQLite file returns', async () => {
    const { rawPayload } = await app.inject(sqliteUrl);
    const rows = new BetterSqlite3(rawPayload).prepare(sqliteQuery).raw().all() as string[][];
    expect(rows.map((cells) => cells.join('|')).join('\n')).toBe(sqliteOutput);
  });
});

describe('docs/AUTHORING.md', () => {
  const authored = factTypes.filter(({ hasEvidence }) => hasEvidence !== false);
  const { document, facts } = parse(readFileSync('db/dossiers/brussels-2022-03-24/facts.yaml', 'utf8'));

  it.each(authored)('has a template for $type, taken from the first dossier', ({ type }) => {
    const section = authoring.slice(authoring.indexOf(`\n### ${type}\n`)).split(/\n(?=##+ )/)[1] as string;
    const [template] = parse(/```yaml\n([\s\S]*?)```/.exec(section)?.[1] ?? '');
    expect(facts).toContainEqual(template);
    expect(template.type).toBe(type);
  });

  it.each(authored)('explains every field of $type', ({ type, schema }) => {
    const section = authoring.slice(authoring.indexOf(`\n### ${type}\n`)).split(/\n(?=##+ )/)[1] as string;
    const explained = [...section.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    );
    expect(explained.sort()).toEqual(Object.keys(schema.shape).sort());
  });

  it('has the document section of the first dossier', () => {
    const [, yaml = ''] = /```yaml\n(document:[\s\S]*?)```/.exec(authoring) ?? [];
    expect(parse(yaml).document).toEqual(document);
  });
});

describe('docs/OPERATIONS.md', () => {
  it('lists every environment variable', () => {
    const listed = [...operations.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name);
    const read = [...readFileSync('src/config.ts', 'utf8').matchAll(/^ {2}([A-Z_]+): /gm)].map(
      ([, name]) => name,
    );
    expect(listed.length).toBeGreaterThan(8);
    for (const name of listed) expect(read).toContain(name);
  });
});
