/** Results as tables, for the terminal and docs/PERFORMANCE.md: `npm run bench:table`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { computeRatios, type Measurement, meetsTarget, type Results, readResults } from './results.ts';
import { computeSpread, type Spread } from './stats.ts';
import { workloads } from './workloads/index.ts';

const HEADER = ['measurement', 'facts', 'this server', 'compared with', 'baseline', 'ratio', 'target'];

/** Formats measurements as lines of Markdown. */
export function formatTable(rows: Measurement[]): string[] {
  if (rows.length === 0) return [];
  return [HEADER, HEADER.map(() => '---'), ...rows.map(formatCells)].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
}

function formatCells(row: Measurement): string[] {
  const { title, facts, unit, ours, other } = row;
  return [
    title,
    facts === undefined ? '' : formatPowerOfTen(facts),
    `${formatSpread(computeSpread(ours))} ${unit}`,
    other?.name ?? '',
    other ? formatSpread(computeSpread(other.values)) : '',
    other ? `**${formatSpread(computeSpread(computeRatios(row)))}**` : '',
    `${formatTarget(row)}${meetsTarget(row) ? '' : ': missed'}`,
  ];
}

function formatTarget({ target, other, unit }: Measurement): string {
  const [comparison, value] = 'least' in target ? ['at least', target.least] : ['at most', target.most];
  return `${comparison} ${value}${other ? '' : ` ${unit}`}`;
}

/** Formats the median, with the minimum and maximum of the rounds. */
const formatSpread = ({ median, min, max }: Spread): string =>
  `${formatNumber(median)} (${formatNumber(min)}–${formatNumber(max)})`;

const formatNumber = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 });

/** Formats 10,000 as 10⁴. */
function formatPowerOfTen(facts: number): string {
  const exponent = Math.log10(facts);
  return Number.isInteger(exponent) ? `10${SUPERSCRIPTS[exponent]}` : facts.toLocaleString('en');
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

const MARKERS = ['<!-- results -->', '<!-- end of results -->'] as const;

/** Returns `page` with the results between its markers. */
export function insertResults(page: string, results: Results | null): string {
  const [begin, end] = MARKERS.map((marker) => page.indexOf(marker)) as [number, number];
  if (begin < 0 || end < begin) throw new Error(`The page has no ${MARKERS.join(' … ')}`);
  return `${page.slice(0, begin + MARKERS[0].length)}\n${formatSections(results)}\n${page.slice(end)}`;
}

function formatSections(results: Results | null): string {
  if (!results) return 'Nothing has been measured yet.';
  const order = Object.keys(workloads);
  const workloadResults = results.workloads.toSorted(
    (a, b) => order.indexOf(a.workload) - order.indexOf(b.workload),
  );
  const rows = workloadResults.flatMap(({ workload, rows }) => (workload === 'rivals' ? [] : rows));
  const comparisonRows = workloadResults.find(({ workload }) => workload === 'rivals')?.rows ?? [];
  const skipped = workloadResults.flatMap(({ skipped }) => skipped);
  return [
    formatMachine(results),
    formatTable(rows).join('\n'),
    formatComparisonTable(comparisonRows).join('\n'),
    [
      ...formatNotes(rows, ({ title, facts }) =>
        facts === undefined ? title : `${title}, ${formatPowerOfTen(facts)} facts`,
      ),
      ...formatNotes(comparisonRows, ({ title, other }) => `${other?.name}, ${title.toLowerCase()}`),
      ...skipped.map((reason) => `- Not measured: ${reason}.`),
    ].join('\n'),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function formatMachine({ machine, workloads }: Results): string {
  const dates = [...new Set(workloads.map(({ date }) => date))].toSorted();
  const machineFields = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  return `Measured ${dates.join(', ')}: ${machineFields.join(', ')}.`;
}

const formatNotes = (rows: Measurement[], getName: (row: Measurement) => string): string[] =>
  rows.flatMap((row) => (row.note === undefined ? [] : [`- ${getName(row)}: ${row.note}.`]));

/** Formats the request rate of this server divided by that of each other server, by kind of request. */
function formatComparisonTable(rows: Measurement[]): string[] {
  const titles = [...new Set(rows.map(({ title }) => title))];
  const rowsByServer = Map.groupBy(rows, ({ other }) => other?.name ?? '');
  if (titles.length === 0) return [];
  const lines = [...rowsByServer].map(([name, serverRows]) => [
    name,
    ...titles.map((title) => {
      const row = serverRows.find((each) => each.title === title);
      return row
        ? `${formatSpread(computeSpread(computeRatios(row)))}${meetsTarget(row) ? '' : ': missed'}`
        : '';
    }),
  ]);
  const header = ['this server / other server', ...titles];
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}

if (import.meta.main) {
  const page = join(import.meta.dirname, '../docs/PERFORMANCE.md');
  writeFileSync(page, insertResults(readFileSync(page, 'utf8'), readResults()));
}
