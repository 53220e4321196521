/** Installs what the rivals need beside their files: once, and again when their locks change. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const HERE = import.meta.dirname;
export const PYTHON = join(HERE, '.venv', 'bin', 'python');
export const POCKETBASE = join(HERE, 'pocketbase', 'build', 'pocketbase');

/** A registry may be out of reach for a moment. */
const ATTEMPTS = 3;

/** The version that `pattern` finds in a list of what is installed. */
export function versionIn(file: string, pattern: RegExp): string {
  const version = pattern.exec(readFileSync(join(HERE, file), 'utf8'))?.[1];
  if (version === undefined) throw new Error(`bench/comparisons/${file} has nothing like ${pattern}`);
  return version;
}

/** The packages of npm. Their install scripts would only look for binaries, and those that are locked bring them along. */
export const installNode = (): Promise<void> =>
  once('node_modules', ['package.json', 'package-lock.json'], async () => {
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], HERE);
  });

/** A Python of their own with the packages in requirements.txt. */
export const installPython = (): Promise<void> =>
  once('.venv', ['requirements.txt'], async (folder) => {
    await run('python3', ['-m', 'venv', folder], HERE);
    const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps'];
    await run(PYTHON, ['-m', 'pip', 'install', ...options, '-r', 'requirements.txt'], HERE);
  });

/** A server made of pocketbase/main.go and the library. */
export const installGo = (): Promise<void> =>
  once('pocketbase/build', ['pocketbase/main.go', 'pocketbase/go.sum'], async () => {
    await run('go', ['build', '-o', POCKETBASE, '.'], join(HERE, 'pocketbase'));
  });

/** Makes a folder anew, unless it was made of these files as they are now. */
async function once(name: string, madeOf: string[], make: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(HERE, name);
  const hash = createHash('sha256');
  for (const file of madeOf) hash.update(readFileSync(join(HERE, file)));
  const wanted = hash.digest('hex');
  // Written when all is there: without it, an attempt was cut short.
  const stamp = join(folder, '.made-of');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write(`making bench/comparisons/${name}\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  await make(folder);
  writeFileSync(stamp, wanted);
}

async function run(command: string, args: string[], cwd: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // What it prints is progress, not a result.
      execFileSync(command, args, { cwd, stdio: ['ignore', process.stderr, 'inherit'] });
      return;
    } catch (cause) {
      if (attempt === ATTEMPTS) throw new Error(`${command} ${args.join(' ')} failed`, { cause });
      await sleep(attempt * 5_000);
    }
  }
}
