/** Installs what the rivals need beside their files: once, and again when their locks change. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const COMPARISONS_FOLDER = import.meta.dirname;
export const PYTHON_PATH = join(COMPARISONS_FOLDER, '.venv', 'bin', 'python');
export const POCKETBASE_PATH = join(COMPARISONS_FOLDER, 'pocketbase', 'build', 'pocketbase');

/** A registry may be out of reach for a moment. */
const MAX_ATTEMPTS = 3;

/** The version that `pattern` finds in a list of what is installed. */
export function readVersion(file: string, pattern: RegExp): string {
  const version = pattern.exec(readFileSync(join(COMPARISONS_FOLDER, file), 'utf8'))?.[1];
  if (version === undefined) throw new Error(`bench/comparisons/${file} has nothing like ${pattern}`);
  return version;
}

/** The packages of npm. Their install scripts would only look for binaries, and those that are locked bring them along. */
export const installNode = (): Promise<void> =>
  buildIfChanged('node_modules', ['package.json', 'package-lock.json'], async () => {
    await runCommand('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], COMPARISONS_FOLDER);
  });

/** A Python of their own with the packages in requirements.txt. */
export const installPython = (): Promise<void> =>
  buildIfChanged('.venv', ['requirements.txt'], async (folder) => {
    await runCommand('python3', ['-m', 'venv', folder], COMPARISONS_FOLDER);
    const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps'];
    await runCommand(
      PYTHON_PATH,
      ['-m', 'pip', 'install', ...options, '-r', 'requirements.txt'],
      COMPARISONS_FOLDER,
    );
  });

/** A server made of pocketbase/main.go and the library. */
export const installGo = (): Promise<void> =>
  buildIfChanged('pocketbase/build', ['pocketbase/main.go', 'pocketbase/go.sum'], async () => {
    await runCommand('go', ['build', '-o', POCKETBASE_PATH, '.'], join(COMPARISONS_FOLDER, 'pocketbase'));
  });

/** Makes a folder anew, unless it was made of these files as they are now. */
async function buildIfChanged(
  name: string,
  inputFiles: string[],
  build: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = join(COMPARISONS_FOLDER, name);
  const hash = createHash('sha256');
  for (const file of inputFiles) hash.update(readFileSync(join(COMPARISONS_FOLDER, file)));
  const inputHash = hash.digest('hex');
  // Written when all is there: without it, an attempt was cut short.
  const stampPath = join(folder, '.made-of');
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === inputHash) return;
  process.stderr.write(`making bench/comparisons/${name}\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  await build(folder);
  writeFileSync(stampPath, inputHash);
}

async function runCommand(command: string, args: string[], cwd: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // What it prints is progress, not a result.
      execFileSync(command, args, { cwd, stdio: ['ignore', process.stderr, 'inherit'] });
      return;
    } catch (cause) {
      if (attempt === MAX_ATTEMPTS) throw new Error(`${command} ${args.join(' ')} failed`, { cause });
      await sleep(attempt * 5_000);
    }
  }
}
