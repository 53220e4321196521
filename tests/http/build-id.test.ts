import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTemporaryFolder } from '../support/app.ts';
import { startProcess } from '../support/process.ts';

/** Copy of the files that the build id depends on, without a repository. */
function createProject(): string {
  const folder = createTemporaryFolder();
  for (const path of ['package.json', 'db/synonyms.yaml', 'src/http/build-id.ts'])
    cpSync(path, join(folder, path), { recursive: true });
  return folder;
}

async function readBuildId(cwd: string, environment: Record<string, string> = {}): Promise<string> {
  const script = `process.stdout.write((await import('./src/http/build-id.ts')).buildId)`;
  const { stdout, stderr } = await startProcess(
    ['--input-type=module', '-e', script],
    { BUILD_ID: '', ...environment },
    { cwd },
  ).result;
  expect(stderr).toBe('');
  return stdout;
}

function commitAll(cwd: string, message: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { cwd });
  git('add', '.');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit', '-q', '--allow-empty', '-m', message);
}

describe('build id', () => {
  it('changes with BUILD_ID and with nothing else of the environment', async () => {
    const folder = createProject();
    const first = await readBuildId(folder, { BUILD_ID: 'one' });
    expect(first).toMatch(/^[\w-]{12}$/);
    expect(await readBuildId(folder, { BUILD_ID: 'one', LOG_LEVEL: 'info' })).toBe(first);
    expect(await readBuildId(folder, { BUILD_ID: 'two' })).not.toBe(first);
  });

  it('changes with the version and the synonyms', async () => {
    const folder = createProject();
    const before = await readBuildId(folder);
    writeFileSync(join(folder, 'db/synonyms.yaml'), '- [round, package, tranche]\n');
    const withSynonyms = await readBuildId(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ version: '9.9.9', type: 'module' }));
    const withVersion = await readBuildId(folder);
    expect(new Set([before, withSynonyms, withVersion]).size).toBe(3);
  });

  it('changes with the commit of a checkout, whether its branch is packed or not', async () => {
    const folder = createProject();
    const withoutRepository = await readBuildId(folder);
    mkdirSync(join(folder, '.git'), { recursive: true });
    execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: folder });
    commitAll(folder, 'one');
    const first = await readBuildId(folder);
    execFileSync('git', ['pack-refs', '--all'], { cwd: folder });
    expect(await readBuildId(folder)).toBe(first);
    execFileSync('git', ['checkout', '-q', '--detach'], { cwd: folder });
    expect(await readBuildId(folder)).toBe(first);
    commitAll(folder, 'two');
    const second = await readBuildId(folder);
    expect(new Set([withoutRepository, first, second]).size).toBe(3);
  });
});
