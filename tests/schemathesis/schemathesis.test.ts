/**
 * Schemathesis against a real server: what it makes of the document, with every check that it has. Its own report is
 * printed; `schemathesis.toml` says which answers are right although a check does not know it.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { newStoreUrl, temporaryFolder } from '../support/app.ts';
import { operations } from '../support/openapi-fuzz/document.ts';
import { cli, run, serve } from '../support/process.ts';
import { inPython } from '../support/python-venv.ts';

const FOLDER = resolve('tests/schemathesis');
const TIMEOUT_MS = 30 * 60_000;

interface Report {
  complete: boolean;
  operations: { selected: number; tested: number };
  failures: { title: string; operations: string[] }[];
  errors: unknown[];
}

const names = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
let report: Report;

beforeAll(async () => {
  const DATABASE_URL = newStoreUrl();
  const { url } = await serve({ DATABASE_URL, RATE_LIMIT_PER_MINUTE: '0' });
  const made = await cli(['keys', 'create', '--name', 'Schemathesis', '--scope', 'write', '--json'], {
    DATABASE_URL,
  });
  const path = join(temporaryFolder(), 'report.json');
  const config = ['--config-file', join(FOLDER, 'schemathesis.toml')];
  const asked = ['run', resolve('openapi.yaml'), '--url', url, '--report-json-path', path];
  const { child, finished, output } = run(
    [...config, ...asked],
    // Its hooks are found from where it runs.
    { SUMMIT_FACTS_KEY: JSON.parse(made.stdout).key, PYTHONPATH: FOLDER, PYTHONDONTWRITEBYTECODE: '1' },
    // What it remembers of failures would make the next run another one.
    { command: inPython('schemathesis', 'schemathesis'), cwd: temporaryFolder() },
  );
  child.stdout?.pipe(process.stdout);
  await finished;
  expect(output.stderr).toBe('');
  report = JSON.parse(readFileSync(path, 'utf8'));
}, TIMEOUT_MS);

describe('Schemathesis', () => {
  it.each(names)('finds nothing wrong with %s', (name) => {
    expect(report.failures.filter(({ operations }) => operations.includes(name))).toEqual([]);
  });

  it('finds nothing wrong elsewhere, and has tried every operation', () => {
    expect(
      report.failures.filter(({ operations }) => !operations.some((each) => names.includes(each))),
    ).toEqual([]);
    expect(report).toMatchObject({
      complete: true,
      errors: [],
      operations: { selected: names.length, tested: names.length },
    });
  });
});
