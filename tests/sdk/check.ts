/** Test of one client: generates it, compiles it, runs it against a separate server and checks its names. */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ProcessResult, runCli, startProcess, startServerProcess } from '../support/process.ts';
import { journeyDifferences } from './journey.ts';
import { countNames, nameFailures, type Source } from './names.ts';
import { CHECKS, type Outcome } from './outcome.ts';
import type { Sdk, Step } from './sdk.ts';

const FOLDER = import.meta.dirname;
const ATTEMPTS = 3;
const COMMAND_LIMIT_MS = 15 * 60_000;
/** Lines of a failed command's output that are shown. */
const TAIL_LINES = 40;

export async function checkSdk(sdk: Sdk, say: (line: string) => void): Promise<Outcome> {
  const outcome: Outcome = { sdk, missing: [], passed: new Set(), seconds: new Map(), names: undefined };
  const tell = (line: string) => say(`${sdk.name}: ${line}`);
  outcome.missing = await missingTools(sdk);
  if (outcome.missing.length > 0) return outcome;
  for (const folder of sdk.generated)
    rmSync(resolve(FOLDER, sdk.name, folder), { recursive: true, force: true });
  const stepsDone = await runSteps(sdk, outcome, tell);
  if (stepsDone) await runJourney(sdk, outcome, tell);
  if (outcome.passed.has('generate')) checkNames(sdk, outcome, tell);
  return outcome;
}

async function missingTools({ name, toolchain }: Sdk): Promise<string[]> {
  const found = await Promise.all(toolchain.map((command) => execute(name, command)));
  return toolchain.filter((_, index) => found[index]?.code !== 0).map((command) => command.join(' '));
}

/** Runs the steps until one fails. Returns true if all succeeded. */
async function runSteps(
  sdk: Sdk,
  { passed, seconds }: Outcome,
  tell: (line: string) => void,
): Promise<boolean> {
  for (const [index, step] of sdk.steps.entries()) {
    const began = performance.now();
    const finished = await attempt(sdk, step, tell);
    const took = (performance.now() - began) / 1000;
    seconds.set(step.name, (seconds.get(step.name) ?? 0) + took);
    if (finished.code !== 0) {
      tell(`${step.name} FAILED after ${took.toFixed(1)} s\n${failure(step.command, finished)}`);
      return false;
    }
    tell(`${step.name} ${took.toFixed(1)} s`);
    const check = CHECKS.find((each) => each === step.name);
    // A check with several steps passes with the last of them.
    if (check && !sdk.steps.slice(index + 1).some(({ name }) => name === check)) passed.add(check);
  }
  return true;
}

async function attempt(
  sdk: Sdk,
  { command, network, env = {} }: Step,
  tell: (line: string) => void,
): Promise<ProcessResult> {
  for (let attempts = 1; ; attempts += 1) {
    const finished = await execute(sdk.name, command, env);
    if (finished.code === 0 || !network || attempts === ATTEMPTS) return finished;
    tell(`attempt ${attempts} of ${command.join(' ')} failed: ${lastLine(finished)}`);
    await sleep(attempts * 5_000);
  }
}

async function runJourney(
  sdk: Sdk,
  { passed, seconds }: Outcome,
  tell: (line: string) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'summit-facts-sdk-'));
  const store = { DATABASE_URL: `file:${join(folder, 'store.sqlite')}` };
  const server = await startServerProcess({ ...store, RATE_LIMIT_PER_MINUTE: '0' });
  try {
    const key = await runCli(
      ['keys', 'create', '--name', sdk.name, '--scope', 'write', '--expires', '1d'],
      store,
    );
    if (key.code !== 0) throw new Error(`Cannot create a key: ${key.stderr}`);
    const began = performance.now();
    const finished = await execute(sdk.name, sdk.journey, {
      BASE_URL: server.url,
      API_KEY: key.stdout.trim(),
    });
    const took = (performance.now() - began) / 1000;
    seconds.set('journey', took);
    const wrong =
      finished.code === 0 ? journeyDifferences(finished.stdout).join('\n') : failure(sdk.journey, finished);
    if (wrong === '') passed.add('journey');
    tell(wrong === '' ? `journey ${took.toFixed(1)} s` : `journey FAILED\n${indented(wrong)}`);
  } finally {
    server.child.kill();
    await server.result;
    rmSync(folder, { recursive: true, force: true });
  }
}

function checkNames(sdk: Sdk, outcome: Outcome, tell: (line: string) => void): void {
  outcome.names = countNames(generatedSources(sdk), sdk);
  const failures = nameFailures(outcome.names);
  if (failures.length === 0) outcome.passed.add('names');
  tell(
    failures.length === 0
      ? `names in ${outcome.names.files} files`
      : `names FAILED\n${indented(failures.join('\n'))}`,
  );
}

function generatedSources({ name, generated, bundled = [], extension }: Sdk): Source[] {
  const foreign = bundled.map((folder) => `${resolve(FOLDER, name, folder)}/`);
  return generated.flatMap((folder) =>
    globSync(`**/*${extension}`, { cwd: resolve(FOLDER, name, folder), exclude: ['**/node_modules/**'] })
      .sort()
      .map((file) => resolve(FOLDER, name, folder, file))
      .filter((path) => !foreign.some((folder) => path.startsWith(folder)))
      .map((path) => ({ path: relative(resolve(FOLDER, name), path), text: readFileSync(path, 'utf8') })),
  );
}

/** Runs a command in the folder of a client. */
async function execute(
  name: string,
  command: string[],
  env: Record<string, string> = {},
): Promise<ProcessResult> {
  const [program = '', ...args] = command;
  const { child, output, result } = startProcess(args, env, { command: program, cwd: resolve(FOLDER, name) });
  const limit = setTimeout(() => child.kill('SIGKILL'), COMMAND_LIMIT_MS);
  try {
    return await result;
  } catch (error) {
    // The program does not exist.
    return { code: null, stdout: output.stdout, stderr: String(error) };
  } finally {
    clearTimeout(limit);
  }
}

function failure(command: string[], { code, stdout, stderr }: ProcessResult): string {
  const output = [stdout, stderr].map(tail).filter((text) => text !== '');
  return indented([`${command.join(' ')} ended with ${code}`, ...output].join('\n'));
}

const tail = (text: string): string => text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
const lastLine = ({ stdout, stderr }: ProcessResult): string =>
  tail(`${stdout}\n${stderr}`).split('\n').at(-1) ?? '';
const indented = (text: string): string => text.replace(/^/gm, '    ');
