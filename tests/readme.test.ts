/** The README's examples are real answers, cut where they say so by `...`: everything else is there, and nothing more. */
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { get, type Json, seededApp } from './support/app.ts';

const readme = readFileSync('README.md', 'utf8');
const examples = [
  ...readme.matchAll(/```sh\ncurl -s 'http:\/\/127\.0\.0\.1:3000([^']+)'\n```\n\n```json\n([\s\S]*?)```/g),
].map(([, url, json]) => [url as string, json as string] as const);

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
  app = await seededApp();
});

describe('README', () => {
  it('shows an answer to each of its questions', () => {
    expect(examples.length).toBe(readme.match(/^curl /gm)?.length);
    expect(examples.length).toBeGreaterThanOrEqual(7);
  });

  it.each(examples)('%s answers as shown', async (url, json) => {
    const { body } = await get(app, url);
    expect(difference(parseCut(json), body)).toBeNull();
  });
});
