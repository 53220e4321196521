/**
 * Schemathesis against a running server: requests generated from the OpenAPI document, with all checks enabled.
 * Its report is printed; `schemathesis.toml` lists responses that are correct although a check rejects them.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createStoreUrl, createTemporaryFolder } from '../support/app.ts';
import { operations } from '../support/openapi-fuzz/document.ts';
import { runCli, startProcess, startServerProcess } from '../support/process.ts';
import { getVenvProgram } from '../support/python-venv.ts';

const FOLDER = resolve('tests/schemathesis');
const TIMEOUT_MS = 30 * 60_000;

interface Report {
  complete: boolean;
  operations: { selected: number; tested: number };
  failures: { title: string; operations: string[] }[];
  errors: unknown[];
}

const operationNames = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
let report: Report;

beforeAll(async () => {
  const DATABASE_URL = createStoreUrl();
  const { url } = await startServerProcess({ DATABASE_URL, RATE_LIMIT_PER_MINUTE: '0' });
  const keyResult = await runCli(['keys', 'create', '--name', 'Schemathesis', '--scope', 'write', '--json'], {
    DATABASE_URL,
  });
  const path = join(createTemporaryFolder(), 'report.json');
  const config = ['--config-file', join(FOLDER, 'schemathesis.toml')];
  const schemathesisArgs = ['run', resolve('openapi.yaml'), '--url', url, '--report-json-path', path];
  const { child, result, output } = startProcess(
    [...config, ...schemathesisArgs],
    // Schemathesis finds hooks.py by PYTHONPATH.
    { SUMMIT_FACTS_KEY: JSON.parse(keyResult.stdout).key, PYTHONPATH: FOLDER, PYTHONDONTWRITEBYTECODE: '1' },
    // A new working folder: remembered failures would change the next run.
    { command: getVenvProgram('schemathesis', 'schemathesis'), cwd: createTemporaryFolder() },
  );
  child.stdout?.pipe(process.stdout);
  await result;
  expect(output.stderr).toBe('');
  report = JSON.parse(readFileSync(path, 'utf8'));
}, TIMEOUT_MS);

describe('Schemathesis', () => {
  it.each(operationNames)('finds nothing wrong with %s', (name) => {
    expect(report.failures.filter(({ operations }) => operations.includes(name))).toEqual([]);
  });

  it('finds nothing else wrong, and has tested every operation', () => {
    expect(
      report.failures.filter(({ operations }) => !operations.some((each) => operationNames.includes(each))),
    ).toEqual([]);
    expect(report).toMatchObject({
      complete: true,
      errors: [],
      operations: { selected: operationNames.length, tested: operationNames.length },
    });
  });
});
