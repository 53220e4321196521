/** The command that CI runs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { createTemporaryFolder } from '../support/app.ts';
import { startProcess } from '../support/process.ts';

const BASE = 'tests/contract/fixtures/base.yaml';
const folder = createTemporaryFolder();
const emptyChangelog = writeTemporaryFile('CHANGELOG.md', '# Changelog\n\n## Unreleased\n');

function writeTemporaryFile(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function check(...paths: string[]): Promise<{ code: number | null; lines: string[] }> {
  const { code, stdout } = await startProcess(['tests/contract/check.ts', ...paths]).result;
  return { code, lines: stdout.trimEnd().split('\n') };
}

it('exits with 0 if nothing breaks and all additions are documented', async () => {
  expect(await check(BASE, BASE, emptyChangelog)).toEqual({
    code: 0,
    lines: [`${BASE} keeps the contract of ${BASE}; documented additions: 0`],
  });
});

it('exits with 1 and lists breaks and undocumented additions', async () => {
  const document = parse(readFileSync(BASE, 'utf8'));
  delete document.paths['/v1/meetings.csv'];
  document.components.schemas.Place.properties.country = { type: 'string' };
  const present = writeTemporaryFile('openapi.yaml', stringify(document));
  expect(await check(BASE, present, emptyChangelog)).toEqual({
    code: 1,
    lines: [
      `${present} breaks the contract of ${BASE} (1):`,
      '  GET /v1/meetings.csv: the operation was removed',
      `${emptyChangelog} must name these additions under Unreleased, in backticks (1):`,
      '  field `country`: components/schemas/Place/properties/country',
    ],
  });
});

it('exits with 2 if a file cannot be read', async () => {
  const { code, lines } = await check(join(folder, 'none.yaml'));
  expect(code).toBe(2);
  expect(lines).toEqual([expect.stringMatching(/^Cannot read .*none\.yaml: ENOENT/)]);
});
