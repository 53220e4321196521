import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createProgressBar, renderBar } from '../../src/cli/progress.ts';
import { createStoreUrl } from '../support/app.ts';
import { runCli } from '../support/process.ts';

function createScreen(isTTY: boolean) {
  const output: string[] = [];
  return { written: output, stream: { isTTY, write: (text: string) => output.push(text) > 0 } };
}

describe('a progress bar', () => {
  it('shows the share that is done', () => {
    expect(renderBar('reindex', 0, 3)).toBe(`reindex [${'-'.repeat(30)}] 0 % 0 of 3`);
    expect(renderBar('reindex', 2, 3)).toBe(`reindex [${'#'.repeat(20)}${'-'.repeat(10)}] 66 % 2 of 3`);
    expect(renderBar('reindex', 3, 3)).toBe(`reindex [${'#'.repeat(30)}] 100 % 3 of 3`);
    expect(renderBar('reindex', 0, 0)).toContain('100 %');
  });

  it('is redrawn at intervals and at the end, and can be removed', () => {
    const { written, stream } = createScreen(true);
    const bar = createProgressBar('import', stream as never);
    for (let done = 0; done <= 10_000; done += 1) bar.update(done, 10_000);
    expect(written.length).toBeLessThan(100);
    expect(written.at(-1)).toContain('10000 of 10000');
    bar.clear();
    bar.clear();
    expect(written.slice(-2)).toEqual([expect.stringContaining('#'), '\r\x1b[K']);
  });

  it('is drawn only on a terminal', async () => {
    const { written, stream } = createScreen(false);
    const bar = createProgressBar('import', stream as never);
    bar.update(1, 1);
    bar.clear();
    expect(written).toEqual([]);
  });

  // `script` gives the command a terminal. The versions of util-linux and BSD take different options.
  it.skipIf(process.platform !== 'linux')('appears on a terminal and not in a pipe', async () => {
    const DATABASE_URL = createStoreUrl();
    const result = await runCli(['import', 'db/dossiers'], { DATABASE_URL });
    expect(result.stderr).toBe('');
    const { stdout } = spawnSync(
      'script',
      ['-qec', `${process.execPath} src/cli/main.ts reindex`, '/dev/null'],
      {
        env: { ...process.env, DATABASE_URL },
        encoding: 'utf8',
      },
    );
    expect(stdout).toContain(renderBar('reindex', 1, 1));
  });
});
