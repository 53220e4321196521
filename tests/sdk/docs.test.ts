/** Checks that every line of code in docs/SDKS.md is from the tested journey of that client. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { sdks } from './sdks.ts';

const sections = readFileSync('docs/SDKS.md', 'utf8').split(/^## /m).slice(1);
const titled = sections.map((section) => [section.split('\n')[0] as string, section] as const);
const versions = (text: string) => [...text.matchAll(/(?<=\s)(@?[\w/-]+)@(\d[\w.]+)/g)];

describe.each(sdks.filter(({ language }) => language === 'TypeScript'))('$name', ({ name }) => {
  const section = titled.find(([title]) => title === name)?.[1] ?? '';

  test('every line of its code is in the journey', () => {
    const journey = readFileSync(`tests/sdk/${name}/journey.ts`, 'utf8').split('\n');
    const lines = [...section.matchAll(/```ts\n([\s\S]*?)```/g)].flatMap(([, code = '']) => code.split('\n'));
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => !journey.includes(line))).toEqual([]);
  });

  test('the versions are the pinned ones', () => {
    const { dependencies = {}, devDependencies } = JSON.parse(
      readFileSync(`tests/sdk/${name}/package.json`, 'utf8'),
    );
    const pinned: Record<string, string> = { ...dependencies, ...devDependencies };
    const said = versions(section);
    expect(said.length).toBeGreaterThan(1);
    for (const [, program = '', version] of said) expect(pinned[program]).toBe(version);
  });
});

test('every section is about a client that is tested', () => {
  for (const [title] of titled) expect(existsSync(`tests/sdk/${title}/sdk.ts`), title).toBe(true);
});
