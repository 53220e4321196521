/** Whole lists as CSV and NDJSON, beside a loop that does nothing else. */
import { type Download, type ExportReport, measureExports } from '../export-throughput.ts';
import type { Measured } from '../results.ts';
import { storeWith, type Workload } from './context.ts';

/** A large store takes its time, and the figures are steady. */
const MOST_ROUNDS = 5;

export const exports: Workload = async (context) => {
  const { facts, rounds, tell } = context;
  const path = await storeWith(context, facts);
  if (!path) return [];
  tell(`exports of ${facts} facts`);
  const report = await measureExports({ path, rounds: Math.min(rounds, MOST_ROUNDS) });
  return report.exports.flatMap((each) => rowsOf(facts, each));
};

function rowsOf(facts: number, { of, rounds: { ours, loop } }: ExportReport): Measured[] {
  const rates = (downloads: Download[]) => downloads.map(({ bytes, wallMs }) => bytes / wallMs / 1_000);
  const alone = (what: keyof Download) => ({ facts, ours: ours.map((each) => each[what]), other: null });
  const title = `\`${of}\``;
  return [
    {
      title,
      facts,
      unit: 'MB/s',
      ours: rates(ours),
      other: { name: 'a loop over `iterate()`', values: rates(loop) },
      target: { least: 0.5 },
      byProcessor: ours.map(({ cpuMs }, round) => (loop[round] as Download).cpuMs / cpuMs),
    },
    { title: `${title}, growth of the memory`, unit: 'MB', target: { most: 64 }, ...alone('grownMb') },
    { title: `${title}, first byte`, unit: 'ms', target: { most: 100 }, ...alone('firstByteMs') },
  ];
}
