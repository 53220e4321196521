/** Results of the tested clients, and their output. */
import type { NameCount } from './names.ts';
import type { Sdk } from './sdk.ts';

/** Checks of each client. */
export const CHECKS = ['generate', 'compile', 'journey', 'names'] as const;
export type Check = (typeof CHECKS)[number];

export interface Outcome {
  sdk: Sdk;
  /** Commands of its toolchain that this machine lacks. If there are any, the client was not tested. */
  missing: string[];
  passed: Set<Check>;
  /** Duration of each step and of the journey, in seconds. */
  seconds: Map<string, number>;
  names: NameCount | undefined;
}

export interface Tally {
  passed: number;
  failed: number;
}

/** Counts the checks. One that was not reached has failed; `strict` counts those of skipped clients too. */
export function tally(outcomes: Outcome[], strict: boolean): Tally {
  const counted = outcomes.filter(({ missing }) => missing.length === 0 || strict);
  const passed = counted.reduce((sum, outcome) => sum + outcome.passed.size, 0);
  return { passed, failed: counted.length * CHECKS.length - passed };
}

/** Formats a table with a line for each client. */
export function table(outcomes: Outcome[]): string {
  const rows = outcomes.filter(({ missing }) => missing.length === 0).map(row);
  const lines = [['client', 'language', ...CHECKS, 'ugly names', 'allowed', 'seconds'], ...rows];
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function row({ sdk, passed, names, seconds }: Outcome): string[] {
  const allowed = names?.ugly.filter(({ reason }) => reason !== undefined).length ?? 0;
  return [
    sdk.name,
    sdk.language,
    ...CHECKS.map((check) => (passed.has(check) ? 'ok' : 'FAILED')),
    names ? String(names.ugly.length - allowed) : '-',
    names ? String(allowed) : '-',
    [...seconds].map(([step, time]) => `${step} ${time.toFixed(1)}`).join(', '),
  ];
}

/** Returns a line for each client that was not tested. */
export function notRun(outcomes: Outcome[]): string[] {
  return outcomes
    .filter(({ missing }) => missing.length > 0)
    .map(({ sdk, missing }) => `NOT RUN: ${sdk.name}, because this machine has no ${missing.join(', ')}`);
}
