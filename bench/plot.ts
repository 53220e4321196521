/** Draws bench/scaling.json as docs/performance.svg: `npm run bench:plot`. All axes are logarithmic. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { escaped } from '../src/lib/html.ts';
import type { Growth, Size } from './scaling.ts';

interface Series {
  title: string;
  points: [facts: number, value: number][];
}

interface Panel {
  title: string;
  series: Series[];
  left: number;
  top: number;
  width: number;
  height: number;
  /** Room on the right for the names of the series. */
  names: number;
}

const [WIDTH, HEIGHT] = [960, 460];
/** Baselines of names are so far from each other at least. */
const NAME_HEIGHT = 17;
/** Dark enough on white, and light enough on black; neighbours differ in lightness too. */
const COLOURS = [
  ['#1a5fb4', '#7ab8ff'],
  ['#b8500f', '#ffa35c'],
  ['#1b7a4b', '#63d69a'],
  ['#9c2f86', '#ee8fd9'],
  ['#5b5b66', '#c3c3cc'],
  ['#a01c2c', '#ff8590'],
  ['#7a6400', '#e3c54a'],
];

export function drawn({ sizes, date, machine }: Growth): string {
  const questions = Object.keys(sizes[0]?.questions ?? {});
  const of = (title: string, value: (size: Size) => number): Series => ({
    title,
    points: sizes.map((size) => [size.facts, value(size)]),
  });
  const panels: Panel[] = [
    {
      ...{
        title: 'An answer, in ms (median, one client)',
        left: 60,
        top: 48,
        width: 370,
        height: 340,
        names: 130,
      },
      series: questions.map((title) => of(title, ({ questions }) => questions[title] as number)),
    },
    {
      ...{ title: 'Import, in facts a second', left: 640, top: 48, width: 290, height: 130, names: 0 },
      series: [of('', ({ importFactsPerSecond }) => importFactsPerSecond)],
    },
    {
      ...{ title: 'The store, in MB', left: 640, top: 258, width: 290, height: 130, names: 0 },
      series: [of('', ({ fileMB }) => fileMB)],
    },
  ];
  const note = `Facts in the store. Measured ${date}: ${machine['processor']}, Node ${machine['node']}, SQLite ${machine['sqlite']}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title">`,
    `<title id="title">What questions and imports cost as a store grows</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}"/>`,
    ...panels.map(panelOf),
    `<text class="note" x="60" y="${HEIGHT - 16}">${escaped(note)}</text>`,
    '</svg>\n',
  ].join('\n');
}

const STYLE = [
  'text{font:13px system-ui,sans-serif;fill:#24242b}.title{font-weight:600}.note,.tick{fill:#5b5b66;font-size:12px}',
  '.ground{fill:#fff}.grid{stroke:#e2e2e8}.leader{stroke:#9a9aa5;stroke-width:.75}',
  '.line{fill:none;stroke-width:2.25;stroke-linejoin:round}',
  ...COLOURS.map(([light], n) => `.l${n}{stroke:${light}}.d${n}{fill:${light}}`),
  '@media(prefers-color-scheme:dark){text{fill:#ececf1}.note,.tick{fill:#b0b0ba}.ground{fill:#15151a}.grid{stroke:#33333c}',
  ...COLOURS.map(([, dark], n) => `.l${n}{stroke:${dark}}.d${n}{fill:${dark}}`),
  '}',
].join('');

function panelOf(panel: Panel): string {
  const { title, series, left, top, width, height } = panel;
  const points = series.flatMap(({ points }) => points);
  const across = scaleOf(
    points.map(([facts]) => facts),
    left,
    left + width,
  );
  const up = scaleOf(
    points.map(([, value]) => value),
    top + height,
    top,
  );
  const lines = series.map(({ points }, n) => {
    const places = points.map(([facts, value]) => [round(across.at(facts)), round(up.at(value))]);
    const dots = places.map(([x, y]) => `<circle class="d${n}" cx="${x}" cy="${y}" r="3.5"/>`);
    return `<polyline class="line l${n}" points="${places.map((place) => place.join(',')).join(' ')}"/>${dots.join('')}`;
  });
  return [
    `<text class="title" x="${left}" y="${top - 20}">${escaped(title)}</text>`,
    ...up.ticks.map((tick) => {
      const y = round(up.at(tick));
      const line = `<line class="grid" x1="${left}" x2="${left + width}" y1="${y}" y2="${y}"/>`;
      return `${line}<text class="tick" x="${left - 8}" y="${y + 4}" text-anchor="end">${shortOf(tick)}</text>`;
    }),
    ...across.ticks.map((tick) => {
      const x = round(across.at(tick));
      const line = `<line class="grid" x1="${x}" x2="${x}" y1="${top}" y2="${top + height}"/>`;
      return `${line}<text class="tick" x="${x}" y="${top + height + 18}" text-anchor="middle">${shortOf(tick)}</text>`;
    }),
    ...lines,
    ...(panel.names > 0 ? namesOf(panel, up.at) : []),
  ].join('\n');
}

/** Each beside the end of its line, moved apart where they would touch. */
function namesOf({ series, left, width }: Panel, at: (value: number) => number): string[] {
  const ends = series
    .map(({ title, points }, n) => ({ title, n, end: at((points.at(-1) as [number, number])[1]) }))
    .toSorted((a, b) => a.end - b.end);
  let lowest = Number.NEGATIVE_INFINITY;
  const x = left + width;
  return ends.map(({ title, n, end }) => {
    const y = round(Math.max(end, lowest + NAME_HEIGHT));
    lowest = y;
    const leader = `<line class="leader" x1="${x + 5}" x2="${x + 24}" y1="${round(end)}" y2="${y}"/>`;
    return `${leader}<text class="d${n}" x="${x + 28}" y="${y + 4}">${escaped(title)}</text>`;
  });
}

/** From the power of ten below the least value to the one above the greatest. */
function scaleOf(
  values: number[],
  from: number,
  to: number,
): { at: (value: number) => number; ticks: number[] } {
  const least = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const most = Math.max(least + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  return {
    at: (value) => from + ((Math.log10(value) - least) / (most - least)) * (to - from),
    ticks: Array.from({ length: most - least + 1 }, (_, n) => 10 ** (least + n)),
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;

const shortOf = (tick: number): string =>
  tick < 1 ? String(Number(tick.toPrecision(1))) : tick.toLocaleString('en');

if (import.meta.main) {
  const here = import.meta.dirname;
  const growth: Growth = JSON.parse(readFileSync(join(here, 'scaling.json'), 'utf8'));
  writeFileSync(join(here, '../docs/performance.svg'), drawn(growth));
}
