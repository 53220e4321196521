/** The command, as CI runs it. */
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

it('ends with 0 where nothing broke and all is told', async () => {
  expect(await check(BASE, BASE, emptyChangelog)).toEqual({
    code: 0,
    lines: [`${BASE} keeps what ${BASE} promised; additions, all told: 0`],
  });
});

it('ends with 1 and names what broke and what is not told', async () => {
  const document = parse(readFileSync(BASE, 'utf8'));
  delete document.paths['/v1/meetings.csv'];
  document.components.schemas.Place.properties.country = { type: 'string' };
  const present = writeTemporaryFile('openapi.yaml', stringify(document));
  expect(await check(BASE, present, emptyChangelog)).toEqual({
    code: 1,
    lines: [
      `${present} breaks what ${BASE} promised (1):`,
      '  GET /v1/meetings.csv: the operation is gone',
      `${emptyChangelog} does not name under Unreleased, in backticks, what is new (1):`,
      '  field `country`: components/schemas/Place/properties/country',
    ],
  });
});

it('ends with 2 where a file cannot be read', async () => {
  const { code, lines } = await check(join(folder, 'none.yaml'));
  expect(code).toBe(2);
  expect(lines).toEqual([expect.stringMatching(/none\.yaml cannot be read: ENOENT/)]);
});
