/** The README's examples are cut from real answers: every member that they show is in the answer, as shown. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { get, seededApp } from './support/app.ts';

const readme = readFileSync('README.md', 'utf8');
const examples = [
  ...readme.matchAll(/```sh\ncurl -s 'http:\/\/127\.0\.0\.1:3000([^']+)'\n```\n\n```json\n([\s\S]*?)```/g),
].map(([, url, json]) => [url as string, json as string] as const);

/** `"name": value` for each member with a plain value; what the README cut short stands as `...`. */
const membersIn = (json: string): string[] =>
  [...json.matchAll(/"\w+": (?:"(?:[^"\\]|\\.)*"|-?\d+|null|true|false|\["[^\]]*"\])/g)]
    .map(([member]) => JSON.stringify(JSON.parse(`{${member}}`)).slice(1, -1))
    .filter((member) => !member.includes('"..."'));

describe('README', () => {
  it('shows examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
  });

  it.each(examples)('%s answers as shown', async (url, json) => {
    const { body } = await get(await seededApp(), url);
    const answer = JSON.stringify(body);
    const shown = membersIn(json);
    expect(shown.length).toBeGreaterThan(3);
    expect(shown.filter((member) => !answer.includes(member))).toEqual([]);
  });
});
