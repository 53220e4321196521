/** Draws bench/scaling.json as docs/performance.svg: `npm run bench:plot`. All axes are logarithmic. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeHtml } from '../src/lib/html.ts';
import type { ScalingReport, StoreMeasurement } from './scaling.ts';

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
  /** Width of the area to the right for the names of the series. */
  seriesNameWidth: number;
}

const [WIDTH, HEIGHT] = [960, 460];
/** Minimum distance between the baselines of two names. */
const NAME_HEIGHT = 17;
/** Colors of the series in light and dark mode. Neighbors differ in lightness too. */
const SERIES_COLORS = [
  ['#1a5fb4', '#7ab8ff'],
  ['#b8500f', '#ffa35c'],
  ['#1b7a4b', '#63d69a'],
  ['#9c2f86', '#ee8fd9'],
  ['#5b5b66', '#c3c3cc'],
  ['#a01c2c', '#ff8590'],
  ['#7a6400', '#e3c54a'],
];

export function renderSvg({ sizes, date, machine }: ScalingReport): string {
  const titles = Object.keys(sizes[0]?.questions ?? {});
  const createSeries = (title: string, value: (size: StoreMeasurement) => number): Series => ({
    title,
    points: sizes.map((size) => [size.facts, value(size)]),
  });
  const panels: Panel[] = [
    {
      ...{
        title: 'Response time in ms (median, one client)',
        left: 60,
        top: 48,
        width: 370,
        height: 340,
        seriesNameWidth: 130,
      },
      series: titles.map((title) => createSeries(title, ({ questions }) => questions[title] as number)),
    },
    {
      ...{
        title: 'Import in facts per second',
        left: 640,
        top: 48,
        width: 290,
        height: 130,
        seriesNameWidth: 0,
      },
      series: [createSeries('', ({ importFactsPerSecond }) => importFactsPerSecond)],
    },
    {
      ...{
        title: 'Size of the store in MB',
        left: 640,
        top: 258,
        width: 290,
        height: 130,
        seriesNameWidth: 0,
      },
      series: [createSeries('', ({ fileMB }) => fileMB)],
    },
  ];
  const note = `Facts in the store. Measured ${date}: ${machine['processor']}, Node ${machine['node']}, SQLite ${machine['sqlite']}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="title">`,
    `<title id="title">Cost of requests and imports as the store grows</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${HEIGHT}"/>`,
    ...panels.map(renderPanel),
    `<text class="note" x="60" y="${HEIGHT - 16}">${escapeHtml(note)}</text>`,
    '</svg>\n',
  ].join('\n');
}

const STYLE = [
  'text{font:13px system-ui,sans-serif;fill:#24242b}.title{font-weight:600}.note,.tick{fill:#5b5b66;font-size:12px}',
  '.ground{fill:#fff}.grid{stroke:#e2e2e8}.leader{stroke:#9a9aa5;stroke-width:.75}',
  '.line{fill:none;stroke-width:2.25;stroke-linejoin:round}',
  ...SERIES_COLORS.map(([light], n) => `.l${n}{stroke:${light}}.d${n}{fill:${light}}`),
  '@media(prefers-color-scheme:dark){text{fill:#ececf1}.note,.tick{fill:#b0b0ba}.ground{fill:#15151a}.grid{stroke:#33333c}',
  ...SERIES_COLORS.map(([, dark], n) => `.l${n}{stroke:${dark}}.d${n}{fill:${dark}}`),
  '}',
].join('');

function renderPanel(panel: Panel): string {
  const { title, series, left, top, width, height } = panel;
  const points = series.flatMap(({ points }) => points);
  const xScale = createLogScale(
    points.map(([facts]) => facts),
    left,
    left + width,
  );
  const yScale = createLogScale(
    points.map(([, value]) => value),
    top + height,
    top,
  );
  const lines = series.map(({ points }, n) => {
    const coordinates = points.map(([facts, value]) => [
      round(xScale.toPixel(facts)),
      round(yScale.toPixel(value)),
    ]);
    const dots = coordinates.map(([x, y]) => `<circle class="d${n}" cx="${x}" cy="${y}" r="3.5"/>`);
    return `<polyline class="line l${n}" points="${coordinates.map((coordinate) => coordinate.join(',')).join(' ')}"/>${dots.join('')}`;
  });
  return [
    `<text class="title" x="${left}" y="${top - 20}">${escapeHtml(title)}</text>`,
    ...yScale.ticks.map((tick) => {
      const y = round(yScale.toPixel(tick));
      const line = `<line class="grid" x1="${left}" x2="${left + width}" y1="${y}" y2="${y}"/>`;
      return `${line}<text class="tick" x="${left - 8}" y="${y + 4}" text-anchor="end">${formatTick(tick)}</text>`;
    }),
    ...xScale.ticks.map((tick) => {
      const x = round(xScale.toPixel(tick));
      const line = `<line class="grid" x1="${x}" x2="${x}" y1="${top}" y2="${top + height}"/>`;
      return `${line}<text class="tick" x="${x}" y="${top + height + 18}" text-anchor="middle">${formatTick(tick)}</text>`;
    }),
    ...lines,
    ...(panel.seriesNameWidth > 0 ? renderSeriesNames(panel, yScale.toPixel) : []),
  ].join('\n');
}

/** Renders the names next to the ends of their lines, moved apart if they would overlap. */
function renderSeriesNames({ series, left, width }: Panel, toPixel: (value: number) => number): string[] {
  const ends = series
    .map(({ title, points }, n) => ({ title, n, end: toPixel((points.at(-1) as [number, number])[1]) }))
    .toSorted((a, b) => a.end - b.end);
  let lastY = Number.NEGATIVE_INFINITY;
  const x = left + width;
  return ends.map(({ title, n, end }) => {
    const y = round(Math.max(end, lastY + NAME_HEIGHT));
    lastY = y;
    const leader = `<line class="leader" x1="${x + 5}" x2="${x + 24}" y1="${round(end)}" y2="${y}"/>`;
    return `${leader}<text class="d${n}" x="${x + 28}" y="${y + 4}">${escapeHtml(title)}</text>`;
  });
}

/** Creates a scale from the power of ten below the minimum to the one above the maximum. */
function createLogScale(
  values: number[],
  start: number,
  end: number,
): { toPixel: (value: number) => number; ticks: number[] } {
  const minExponent = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
  const maxExponent = Math.max(minExponent + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
  return {
    toPixel: (value) =>
      start + ((Math.log10(value) - minExponent) / (maxExponent - minExponent)) * (end - start),
    ticks: Array.from({ length: maxExponent - minExponent + 1 }, (_, n) => 10 ** (minExponent + n)),
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;

const formatTick = (tick: number): string =>
  tick < 1 ? String(Number(tick.toPrecision(1))) : tick.toLocaleString('en');

if (import.meta.main) {
  const folder = import.meta.dirname;
  const report: ScalingReport = JSON.parse(readFileSync(join(folder, 'scaling.json'), 'utf8'));
  writeFileSync(join(folder, '../docs/performance.svg'), renderSvg(report));
}
