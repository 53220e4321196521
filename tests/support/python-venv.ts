/** Pythons with the packages of others that tests run, each made once and kept for the next run. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';

/** The registry may be out of reach for a moment. */
const MAX_ATTEMPTS = 3;

/** The tests in the folder of this name say in its `requirements.txt` what they need. */
const getRequirementsPath = (tests: string): string => `tests/${tests}/requirements.txt`;

function getVenvFolder(tests: string): string {
  const requirementsHash = createHash('sha256')
    .update(readFileSync(getRequirementsPath(tests)))
    .digest('hex')
    .slice(0, 12);
  return resolve('node_modules/.cache', tests, requirementsHash);
}

/** Where a program of the environment is: `python`, `datasette`. */
export const getVenvProgram = (program: string, tests = 'consumers'): string =>
  resolve(getVenvFolder(tests), 'bin', program);

/** Makes the environment of a project's tests; runs once, before them. */
export default async function createVenv({ name: tests }: TestProject): Promise<void> {
  const folder = getVenvFolder(tests);
  // Written when all is there: without it, an attempt was cut short.
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
  // Installed without looking for more: so whatever is missing from the list must show here.
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
