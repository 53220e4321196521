import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStoreToRead } from '../../src/store/open.ts';
import { temporaryFolder } from '../support/app.ts';
import { run } from '../support/process.ts';

const data = (...args: string[]) => run(['bench/generate-store.ts', ...args]).finished;

describe('bench/generate-store.ts', () => {
  it('makes a store, tells how far it is, and leaves one alone that is there', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'new', 'small.sqlite');
    const made = await data('--facts', '300', '--seed', '5', '--out', out);
    expect(made).toMatchObject({ code: 0 });
    expect(made.stderr).toMatch(/^300 facts: 3 of 3 reports/m);
    expect(made.stdout).toContain('country: 45 facts, 45 versions');
    expect(readdirSync(join(folder, 'new'))).toEqual(['small.sqlite']);

    const store = await openStoreToRead(`file:${out}`);
    const revisions = await store.read((db) => db.selectFrom('revision').select('n').execute());
    await store.close();
    expect(revisions.length).toBe(3);

    const again = await data('--facts', '300', '--out', out);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain(`--out ${out}: there is such a file`);
    const filled = await data('--facts', '300', '--url', `file:${out}`);
    expect(filled).toMatchObject({ code: 2, stdout: '' });
    expect(filled.stderr).toContain('holds dossiers already');
  });

  it.each([
    [['--facts', '1e6'], '--facts 1e6: must be a whole number, 1 or more'],
    [['--seed=1.5'], '--seed 1.5: must be a whole number, 0 or more'],
    [['--out', 'a', '--url', 'b'], '--out and --url: give one of the two'],
    [['--fact', '3'], "Unknown option '--fact'"],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await data(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync('a')).toBe(false);
  });
});
