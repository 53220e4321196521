/** Installation of the other servers: once, and again when their lock files change. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const COMPARISONS_FOLDER = import.meta.dirname;
export const PYTHON_PATH = join(COMPARISONS_FOLDER, '.venv', 'bin', 'python');
export const POCKETBASE_PATH = join(COMPARISONS_FOLDER, 'pocketbase', 'build', 'pocketbase');

/** Maximum attempts of a command, because a registry may be unreachable for a moment. */
const MAX_ATTEMPTS = 3;

/** Reads a version from a package list with `pattern`. */
export function readVersion(file: string, pattern: RegExp): string {
  const version = pattern.exec(readFileSync(join(COMPARISONS_FOLDER, file), 'utf8'))?.[1];
  if (version === undefined) throw new Error(`bench/comparisons/${file} has no match for ${pattern}`);
  return version;
}

/**
 * Installs the npm packages, without their install scripts: those only look for binaries, which the locked
 * packages contain.
 */
export const installNode = (): Promise<void> =>
  buildIfChanged('node_modules', ['package.json', 'package-lock.json'], async () => {
    await runCommand('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], COMPARISONS_FOLDER);
  });

/** Creates a virtual environment with the packages in requirements.txt. */
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

/** Builds the server in pocketbase/main.go. */
export const installGo = (): Promise<void> =>
  buildIfChanged('pocketbase/build', ['pocketbase/main.go', 'pocketbase/go.sum'], async () => {
    await runCommand('go', ['build', '-o', POCKETBASE_PATH, '.'], join(COMPARISONS_FOLDER, 'pocketbase'));
  });

/** Rebuilds a folder unless it was built from the current content of these files. */
async function buildIfChanged(
  name: string,
  inputFiles: string[],
  build: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = join(COMPARISONS_FOLDER, name);
  const hash = createHash('sha256');
  for (const file of inputFiles) hash.update(readFileSync(join(COMPARISONS_FOLDER, file)));
  const inputHash = hash.digest('hex');
  // Written last: without this file, the previous build was interrupted.
  const stampPath = join(folder, '.made-of');
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === inputHash) return;
  process.stderr.write(`Building bench/comparisons/${name}\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  await build(folder);
  writeFileSync(stampPath, inputHash);
}

async function runCommand(command: string, args: string[], cwd: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // To stderr, because the output of the command is progress, not a result.
      execFileSync(command, args, { cwd, stdio: ['ignore', process.stderr, 'inherit'] });
      return;
    } catch (cause) {
      if (attempt === MAX_ATTEMPTS) throw new Error(`${command} ${args.join(' ')} failed`, { cause });
      await sleep(attempt * 5_000);
    }
  }
}
