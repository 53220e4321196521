/** The results as a table: for the terminal, and between the markers in docs/PERFORMANCE.md: `npm run bench:table`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMet, type Measured, type Results, ratiosOf, readResults } from './results.ts';
import { type Spread, spreadOf } from './stats.ts';
import { workloads } from './workloads/index.ts';

const HEAD = ['what', 'facts', 'ours', 'beside', 'theirs', 'ours / theirs', 'to be'];

/** As lines of Markdown. */
export function linesOf(rows: Measured[]): string[] {
  if (rows.length === 0) return [];
  return [HEAD, HEAD.map(() => '---'), ...rows.map(cellsOf)].map((cells) => `| ${cells.join(' | ')} |`);
}

function cellsOf(row: Measured): string[] {
  const { title, facts, unit, ours, other } = row;
  return [
    title,
    facts === undefined ? '' : powerOf(facts),
    `${told(spreadOf(ours))} ${unit}`,
    other?.name ?? '',
    other ? told(spreadOf(other.values)) : '',
    other ? `**${told(spreadOf(ratiosOf(row)))}**` : '',
    `${targetOf(row)}${isMet(row) ? '' : ': missed'}`,
  ];
}

function targetOf({ target, other, unit }: Measured): string {
  const [words, value] = 'least' in target ? ['at least', target.least] : ['at most', target.most];
  return `${words} ${value}${other ? '' : ` ${unit}`}`;
}

/** The median, and from where to where the rounds went. */
const told = ({ median, least, most }: Spread): string =>
  `${figure(median)} (${figure(least)}–${figure(most)})`;

const figure = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 });

/** 10⁴ rather than 10,000. */
function powerOf(facts: number): string {
  const exponent = Math.log10(facts);
  return Number.isInteger(exponent) ? `10${SUPERSCRIPTS[exponent]}` : facts.toLocaleString('en');
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

const MARKERS = ['<!-- results -->', '<!-- end of results -->'] as const;

/** `page` with what was measured between its markers. */
export function withResults(page: string, results: Results | null): string {
  const [begin, end] = MARKERS.map((marker) => page.indexOf(marker)) as [number, number];
  if (begin < 0 || end < begin) throw new Error(`there is no ${MARKERS.join(' … ')} in the page`);
  return `${page.slice(0, begin + MARKERS[0].length)}\n${sectionsOf(results)}\n${page.slice(end)}`;
}

function sectionsOf(results: Results | null): string {
  if (!results) return 'Nothing has been measured yet.';
  const order = Object.keys(workloads);
  const measured = results.workloads.toSorted(
    (a, b) => order.indexOf(a.workload) - order.indexOf(b.workload),
  );
  const rows = measured.flatMap(({ workload, rows }) => (workload === 'rivals' ? [] : rows));
  const rivals = measured.find(({ workload }) => workload === 'rivals')?.rows ?? [];
  const skipped = measured.flatMap(({ skipped }) => skipped);
  return [
    machineLine(results),
    linesOf(rows).join('\n'),
    rivalLines(rivals).join('\n'),
    [
      ...notesOf(rows, ({ title, facts }) =>
        facts === undefined ? title : `${title}, ${powerOf(facts)} facts`,
      ),
      ...notesOf(rivals, ({ title, other }) => `${other?.name}, ${title.toLowerCase()}`),
      ...skipped.map((why) => `- Not measured: ${why}.`),
    ].join('\n'),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function machineLine({ machine, workloads }: Results): string {
  const dates = [...new Set(workloads.map(({ date }) => date))].toSorted();
  const told = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  return `Measured ${dates.join(', ')}: ${told.join(', ')}.`;
}

/** What is to be known of the figures. */
const notesOf = (rows: Measured[], nameOf: (row: Measured) => string): string[] =>
  rows.flatMap((row) => (row.note === undefined ? [] : [`- ${nameOf(row)}: ${row.note}.`]));

/** A line for each rival: how many times as many requests ours answers, by what is asked. */
function rivalLines(rows: Measured[]): string[] {
  const titles = [...new Set(rows.map(({ title }) => title))];
  const byRival = Map.groupBy(rows, ({ other }) => other?.name ?? '');
  if (titles.length === 0) return [];
  const lines = [...byRival].map(([name, of]) => [
    name,
    ...titles.map((title) => {
      const row = of.find((each) => each.title === title);
      return row ? `${told(spreadOf(ratiosOf(row)))}${isMet(row) ? '' : ': missed'}` : '';
    }),
  ]);
  const head = ['ours / theirs', ...titles];
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}

if (import.meta.main) {
  const page = join(import.meta.dirname, '../docs/PERFORMANCE.md');
  writeFileSync(page, withResults(readFileSync(page, 'utf8'), readResults()));
}
