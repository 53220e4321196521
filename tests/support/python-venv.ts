/** Pythons with the packages of others that tests run, each made once and kept for the next run. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';

/** The registry may be out of reach for a moment. */
const ATTEMPTS = 3;

/** The tests in the folder of this name say in its `requirements.txt` what they need. */
const requirementsOf = (tests: string): string => `tests/${tests}/requirements.txt`;

function folderOf(tests: string): string {
  const wanted = createHash('sha256')
    .update(readFileSync(requirementsOf(tests)))
    .digest('hex')
    .slice(0, 12);
  return resolve('node_modules/.cache', tests, wanted);
}

/** Where a program of the environment is: `python`, `datasette`. */
export const inPython = (program: string, tests = 'consumers'): string =>
  resolve(folderOf(tests), 'bin', program);

/** Makes the environment of a project's tests; runs once, before them. */
export default async function makePython({ name: tests }: TestProject): Promise<void> {
  const folder = folderOf(tests);
  // Written when all is there: without it, an attempt was cut short.
  const complete = resolve(folder, 'complete');
  if (existsSync(complete)) return;
  rmSync(folder, { recursive: true, force: true });
  made('python3', ['-m', 'venv', folder], 'these tests need python3 with venv (on Debian: python3-venv)');
  const python = inPython('python', tests);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps'];
      const packages = ['-r', requirementsOf(tests)];
      made(python, ['-m', 'pip', 'install', ...options, ...packages], 'the packages cannot be installed');
      break;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(attempt * 5_000);
    }
  }
  // Installed without looking for more: so whatever is missing from the list must show here.
  made(python, ['-m', 'pip', 'check'], 'the list of packages does not fit together');
  writeFileSync(complete, '');
}

function made(command: string, args: string[], otherwise: string): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (cause) {
    throw new Error(`${otherwise}: ${command} ${args.join(' ')} failed`, { cause });
  }
}
