/** A Python of its own with the packages that read the exports, made once and kept for the next run. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const REQUIREMENTS = 'tests/consumers/requirements.txt';
/** The registry may be out of reach for a moment. */
const ATTEMPTS = 3;

const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
const folder = resolve('node_modules/.cache/consumers', wanted);
/** Written when all is there: without it, an attempt was cut short. */
const complete = resolve(folder, 'complete');

/** Where a program of the environment is: `python`, `datasette`. */
export const inPython = (program: string): string => resolve(folder, 'bin', program);

/** Makes the environment; runs once, before the tests. */
export default async function makePython(): Promise<void> {
  if (existsSync(complete)) return;
  rmSync(folder, { recursive: true, force: true });
  made('python3', ['-m', 'venv', folder], 'these tests need python3 with venv (on Debian: python3-venv)');
  for (let attempt = 1; ; attempt += 1) {
    try {
      const options = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps'];
      made(
        inPython('python'),
        ['-m', 'pip', 'install', ...options, '-r', REQUIREMENTS],
        'the packages cannot be installed',
      );
      break;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(attempt * 5_000);
    }
  }
  // Installed without looking for more: so whatever is missing from the list must show here.
  made(inPython('python'), ['-m', 'pip', 'check'], 'the list of packages does not fit together');
  writeFileSync(complete, '');
}

function made(command: string, args: string[], otherwise: string): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (cause) {
    throw new Error(`${otherwise}: ${command} ${args.join(' ')} failed`, { cause });
  }
}
