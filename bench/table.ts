/** The results as a table: for the terminal, and between the markers in docs/PERFORMANCE.md: `npm run bench:table`. */
import { isMet, type Measured, ratiosOf } from './results.ts';
import { type Spread, spreadOf } from './stats.ts';

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
