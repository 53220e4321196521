/** Python virtual environments with packages for tests; each is created once and reused by later runs. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';

/** Maximum number of attempts, as the registry may be unreachable for a moment. */
const MAX_ATTEMPTS = 3;

/** Returns the path of the requirements of a test project, which is named after its folder. */
const getRequirementsPath = (tests: string): string => `tests/${tests}/requirements.txt`;

function getVenvFolder(tests: string): string {
  const requirementsHash = createHash('sha256')
    .update(readFileSync(getRequirementsPath(tests)))
    .digest('hex')
    .slice(0, 12);
  return resolve('node_modules/.cache', tests, requirementsHash);
}

/** Returns the path of a program of the environment, such as `python` or `datasette`. */
export const getVenvProgram = (program: string, tests = 'consumers'): string =>
  resolve(getVenvFolder(tests), 'bin', program);

/** Vitest global setup that creates the environment of a test project. */
export default async function createVenv({ name: tests }: TestProject): Promise<void> {
  const folder = getVenvFolder(tests);
  // Written last: without it, an earlier attempt was interrupted.
  const completeMarker = resolve(folder, 'complete');
  if (existsSync(completeMarker)) return;
  rmSync(folder, { recursive: true, force: true });
  runCommand(
    'python3',
    ['-m', 'venv', folder],
    'these tests need python3 with venv (on Debian: python3-venv)',
  );
  const python = getVenvProgram('python', tests);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps'];
      const packages = ['-r', getRequirementsPath(tests)];
      runCommand(
        python,
        ['-m', 'pip', 'install', ...options, ...packages],
        'the packages cannot be installed',
      );
      break;
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) throw error;
      await sleep(attempt * 5_000);
    }
  }
  // Dependencies are not installed automatically, so a package missing from the list must be found here.
  runCommand(python, ['-m', 'pip', 'check'], 'the list of packages does not fit together');
  writeFileSync(completeMarker, '');
}

function runCommand(command: string, args: string[], errorMessage: string): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (cause) {
    throw new Error(`${errorMessage}: ${command} ${args.join(' ')} failed`, { cause });
  }
}
