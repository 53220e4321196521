/** Complete lists as CSV and NDJSON, compared with a loop that does nothing else. */
import { type Download, type ExportReport, measureExports } from '../export-throughput.ts';
import type { Measurement } from '../results.ts';
import { prepareStore, type Workload } from './context.ts';

/** Limited, because exports of a large store are slow and the results vary little. */
const MAX_ROUNDS = 5;

export const exportWorkload: Workload = async (context) => {
  const { facts, rounds, log } = context;
  const path = await prepareStore(context, facts);
  if (!path) return [];
  log(`exports of ${facts} facts`);
  const report = await measureExports({ path, rounds: Math.min(rounds, MAX_ROUNDS) });
  return report.exports.flatMap((each) => toMeasurements(facts, each));
};

function toMeasurements(facts: number, { exportPath, rounds: { ours, loop } }: ExportReport): Measurement[] {
  const toRates = (downloads: Download[]) => downloads.map(({ bytes, wallMs }) => bytes / wallMs / 1_000);
  const withoutComparison = (key: keyof Download) => ({
    facts,
    ours: ours.map((each) => each[key]),
    other: null,
  });
  const title = `\`${exportPath}\``;
  return [
    {
      title,
      facts,
      unit: 'MB/s',
      ours: toRates(ours),
      other: { name: 'a loop over `iterate()`', values: toRates(loop) },
      target: { least: 0.5 },
      byProcessor: ours.map(({ cpuMs }, round) => (loop[round] as Download).cpuMs / cpuMs),
    },
    {
      title: `${title}, memory growth`,
      unit: 'MB',
      target: { most: 64 },
      ...withoutComparison('memoryGrowthMb'),
    },
    { title: `${title}, first byte`, unit: 'ms', target: { most: 100 }, ...withoutComparison('firstByteMs') },
  ];
}
