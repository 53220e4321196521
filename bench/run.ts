/**
 * Measures our server beside yardsticks and rivals: `npm run bench`, or only some of it: `npm run bench -- hit miss`. The
 * figures go into bench/results.json, or the file that `--out` names; docs/PERFORMANCE.md says what they mean. It needs a machine with two cores and nothing
 * else to do, wrk, and stores made by `npm run bench:data`.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { linesOf } from './format-table.ts';
import { keep, type Measured, RESULTS } from './results.ts';
import type { Context } from './workloads/context.ts';
import { workloads } from './workloads/index.ts';

/** What is asked for and will not be done. */
class Refused extends Error {}

try {
  await main();
} catch (error) {
  if (!(error instanceof Refused) && !isBadOption(error)) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '9' },
      seconds: { type: 'string', default: '2' },
      facts: { type: 'string', default: '1000000' },
      data: { type: 'string', default: 'bench/generate-store' },
      out: { type: 'string', default: RESULTS },
    },
  });
  const options = {
    rounds: wholeNumber('--rounds', values.rounds),
    seconds: wholeNumber('--seconds', values.seconds),
    facts: wholeNumber('--facts', values.facts),
    // Servers that are started may take another folder for theirs.
    data: resolve(values.data),
  };
  const names = Object.keys(workloads);
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Refused(`${unknown}: no such workload; there are ${names.join(', ')}`);
  for (const name of names) {
    if (positionals.length === 0 || positionals.includes(name)) await run(name, options, values.out);
  }
}

async function run(name: string, options: Omit<Context, 'tell' | 'skip'>, out: string): Promise<void> {
  const skipped: string[] = [];
  const context: Context = { ...options, tell, skip: (why) => skipped.push(why) };
  const rows: Measured[] = (await workloads[name]?.(context)) ?? [];
  const { rounds, seconds } = options;
  const date = new Date().toISOString().slice(0, 10);
  keep({ workload: name, date, options: { rounds, seconds }, rows, skipped }, out);
  for (const line of linesOf(rows)) process.stdout.write(`${line}\n`);
  for (const why of skipped) process.stdout.write(`not measured: ${why}\n`);
}

function tell(line: string): void {
  process.stderr.write(`${(performance.now() / 1_000).toFixed(0).padStart(5)} s  ${line}\n`);
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Refused(`${option} ${text}: must be a whole number, 1 or more`);
}

function isBadOption(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
}
