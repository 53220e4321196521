/** House style of comments and texts: CONTRIBUTING.md, "Words and sentences". */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const trackedFiles = (...paths: string[]): string[] =>
  execFileSync('git', ['ls-files', '-co', '--exclude-standard', ...paths], { encoding: 'utf8' })
    .trim()
    .split('\n');

const code = trackedFiles('src', 'migrations', 'bench', 'tests', 'bin', 'clients/typescript/src').filter(
  (path) => /\.(ts|js|mjs|css)$/.test(path) && path !== 'tests/prose.test.ts',
);

/** Texts that users read, with the code that holds them. */
const userFacing = trackedFiles(
  'src',
  'bin',
  'docs',
  'README.md',
  'CONTRIBUTING.md',
  'ARCHITECTURE.md',
  'openapi.yaml',
).filter((path) => /\.(ts|js|md|yaml)$/.test(path));

/** A comment begins with a noun or a verb: a question word promises an answer that the name should give. */
const QUESTION_COMMENT =
  /(?:\/\*\*?|(?<!\/\/[^\n]*\n\s*)\/\/)[ \t]*(?:\n[ \t]*\*)?[ \t]*(?:What|Whether|How|Where|Which|Whichever|Who|Whoever|Whom|Whose|When|Why)\b[^\n]*/g;

/** Words for which there is a plainer or a standard one. */
const PRIVATE_LANGUAGE =
  /\b(?:whoever|whomever|nobody|somebody|anew|betimes|is to be had|can be had|settles it|tells of|good for nothing|take it along|stands there|goes out is|as it was before|keeps up nobody|asked anew)\b[^\n]*/gi;

function findMatches(paths: string[], pattern: RegExp): string[] {
  return paths.flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    return [...text.matchAll(pattern)].map(
      ({ index, 0: match }) => `${path}:${text.slice(0, index).split('\n').length} ${match.slice(0, 80)}`,
    );
  });
}

describe('prose', () => {
  it('reads enough files to notice anything', () => {
    expect(code.length).toBeGreaterThan(500);
    expect(userFacing.length).toBeGreaterThan(250);
  });

  it('recognizes what it looks for', () => {
    expect(
      '/** Whether it is so. */\n// What else\n/**\n * How many.\n */'.match(QUESTION_COMMENT),
    ).toHaveLength(3);
    expect('// Reason:\n// what follows\n/** True if so. */'.match(QUESTION_COMMENT)).toBeNull();
    expect('Whoever asks is told anew.'.match(PRIVATE_LANGUAGE)).toHaveLength(1);
  });

  it('has no comment that opens with a question word', () => {
    expect(findMatches(code, QUESTION_COMMENT)).toEqual([]);
  });

  it('uses no private language where users read', () => {
    expect(findMatches(userFacing, PRIVATE_LANGUAGE)).toEqual([]);
  });
});
