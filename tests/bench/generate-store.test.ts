import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openReadOnlyStore } from '../../src/store/open.ts';
import { createTemporaryFolder } from '../support/app.ts';
import { startProcess } from '../support/process.ts';

const runGenerateStore = (...args: string[]) => startProcess(['bench/generate-store.ts', ...args]).result;

describe('bench/generate-store.ts', () => {
  it('generates a store, reports progress, and does not overwrite an existing store', async () => {
    const folder = createTemporaryFolder();
    const out = join(folder, 'new', 'small.sqlite');
    const result = await runGenerateStore('--facts', '300', '--seed', '5', '--out', out);
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).toMatch(/^300 facts: 3 of 3 reports/m);
    expect(result.stdout).toContain('country: 45 facts, 45 versions');
    expect(readdirSync(join(folder, 'new'))).toEqual(['small.sqlite']);

    const store = await openReadOnlyStore(`file:${out}`);
    const revisions = await store.read((db) => db.selectFrom('revision').select('n').execute());
    await store.close();
    expect(revisions.length).toBe(3);

    const repeatedResult = await runGenerateStore('--facts', '300', '--out', out);
    expect(repeatedResult).toMatchObject({ code: 2, stdout: '' });
    expect(repeatedResult.stderr).toContain(`--out ${out}: the file exists`);
    const filledResult = await runGenerateStore('--facts', '300', '--url', `file:${out}`);
    expect(filledResult).toMatchObject({ code: 2, stdout: '' });
    expect(filledResult.stderr).toContain('already contains dossiers');
  });

  it.each([
    [['--facts', '1e6'], '--facts 1e6: must be an integer, 1 or greater'],
    [['--seed=1.5'], '--seed 1.5: must be an integer, 0 or greater'],
    [['--out', 'a', '--url', 'b'], '--out and --url exclude each other'],
    [['--fact', '3'], "Unknown option '--fact'"],
  ])('rejects %j', async (args, message) => {
    const { code, stderr } = await runGenerateStore(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync('a')).toBe(false);
  });
});
