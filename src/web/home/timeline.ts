/** The timeline: one row an event, its words in HTML and beside them where it lies in time. */
import { symbol, symbolDiamond } from 'd3-shape';
import { type Html, html, joined } from '../../lib/html.ts';
import { day, factLink, period } from '../format-values.ts';
import type { EventFact, Front } from './load-data.ts';
import { accordingTo, empty, inferredMark, isInferred, part, percent } from './section.ts';
import { axisOf, type Bar, barOf, inOrder, stretchOf, type Tick, ticksOf } from './time-scale.ts';

/** So many rows are drawn. */
const MAX_DRAWN = 40;
/** Bars are as high as this, in pixels. */
const HEIGHT = 14;
/** A bar that is narrower, in percent, is drawn as a mark that can be seen. */
const NARROW = 0.9;

const GROUPS = [
  { title: 'Held or under way', statuses: ['held', 'ongoing'] },
  { title: 'Scheduled', statuses: ['scheduled'] },
  { title: 'Postponed or cancelled', statuses: ['postponed', 'cancelled'] },
];

const STATUS = {
  held: 'held',
  ongoing: 'under way when reported',
  scheduled: 'scheduled',
  postponed: 'postponed',
  cancelled: 'cancelled',
};

export function timeline({ events: { facts, more, all } }: Front): Html {
  const dated = facts.filter(({ startDate }) => startDate !== null);
  const drawn = inOrder(dated.slice(0, MAX_DRAWN));
  const undated = facts.filter(({ startDate }) => startDate === null);
  const left = more || dated.length > MAX_DRAWN;
  const body =
    facts.length === 0
      ? empty('No event is in these sources.')
      : html`${drawn.length > 0 ? chart(drawn) : null}${undated.length > 0 ? withoutDate(undated) : null}${
          left
            ? html`<p class="small">The newest are drawn; there are more events <a href="${all}">in the whole list</a>.</p>`
            : null
        }`;
  return part({
    id: 'timeline',
    title: 'Timeline of events',
    lede:
      facts.length > 0
        ? html`What was held and what was only planned, as far as the sources say on their day.`
        : null,
    body,
    all: { url: all, words: 'All events' },
  });
}

function chart(events: EventFact[]): Html {
  const axis = axisOf(events.flatMap((event) => stretchOf(event) ?? []));
  const ticks = ticksOf(axis);
  const rows = events.flatMap((event) => {
    const stretch = stretchOf(event);
    return stretch ? [{ event, bar: barOf(axis, stretch) }] : [];
  });
  const groups = GROUPS.map(({ title, statuses }) => ({
    title,
    inGroup: rows.filter(({ event }) => statuses.includes(event.status)),
  }));
  return html`<div class="timeline">
${groups
  .filter(({ inGroup }) => inGroup.length > 0)
  .map(
    ({ title, inGroup }) => html`<div class="lanes">
<div class="lane-head"><h3>${title}</h3>${scaleOf(ticks)}</div>
<ol>
${inGroup.map(({ event, bar }) => row(event, bar, ticks))}</ol>
</div>
`,
  )}${legend(rows)}</div>
`;
}

const row = (event: EventFact, bar: Bar, ticks: Tick[]): Html =>
  html`<li class="lane ${event.status}">
<div class="lane-words">${inWords(event)}</div>
<div class="lane-picture"><svg width="100%" height="100%" aria-hidden="true" focusable="false">${ticks.map(
    ({ x }) => html`<line class="tick" x1="${percent(x)}" x2="${percent(x)}" y1="0" y2="100%"/>`,
  )}${mark(bar, datesInferred(event))}</svg></div>
</li>
`;

const inWords = (event: EventFact): Html =>
  html`${factLink(event)} <span class="status">${STATUS[event.status]}</span> <span class="when">${dates(event)}</span>${accordingTo(event)}`;

const datesInferred = (event: EventFact): boolean => isInferred(event, 'startDate', 'endDate');

/** The dates in words, with what of them the text does not state. */
function dates(event: EventFact): Html {
  const { startDate, endDate, datePrecision } = event;
  if (startDate === null && endDate === null) return html`no date stated`;
  const precision = datePrecision ?? 'day';
  const inferred = datesInferred(event) ? inferredMark : null;
  if (startDate === null) return html`until ${day(endDate as string, precision)}${inferred}`;
  const open = event.status === 'ongoing' && endDate === null ? html`, no end stated` : null;
  return html`${open ? html`since ` : null}${period(startDate, endDate, precision)}${open}${inferred}`;
}

const DIAMOND = symbol(symbolDiamond, 70).digits(1)() ?? '';
/** A diamond that goes on. */
const SIGN = 'M-6,-6H0L7,0L0,6H-6Z';

/** The bar, or a diamond where that would be too narrow to be seen. `x` and `width` are those of the time that is meant. */
function mark(bar: Bar, inferred: boolean): Html {
  const edges = inferred ? 'edge inferred-edge' : 'edge';
  if (bar.width < NARROW) {
    const shape = bar.cutBefore ? chevron(-1) : bar.cutAfter ? chevron(1) : bar.opens ? SIGN : DIAMOND;
    return html`<svg class="bar" x="${percent(bar.x + bar.width / 2)}" y="50%" overflow="visible"><path class="${edges} fill" d="${shape}"/><line class="strike" x1="-9" x2="9" y1="0" y2="0"/></svg>`;
  }
  const [from, to] = [percent(bar.x), percent(bar.x + bar.width)];
  const half = HEIGHT / 2;
  const line = (x1: string, x2: string, y1: number, y2: number) =>
    html`<line class="${edges}" x1="${x1}" x2="${x2}" y1="${y1}" y2="${y2}"/>`;
  // Within a picture of its own that is as wide and begins in the middle, so that heights are in pixels.
  return html`<svg class="bar" width="100%" y="50%" overflow="visible"><rect class="fill" x="${from}" width="${percent(bar.width)}" y="${-half}" height="${HEIGHT}"/>${[
    line(from, to, -half, -half),
    line(from, to, half, half),
    bar.cutBefore ? arrow(from, -1) : line(from, from, -half, half),
    bar.cutAfter || bar.opens ? arrow(to, 1) : line(to, to, -half, half),
  ]}<line class="strike" x1="${from}" x2="${to}" y1="0" y2="0"/></svg>`;
}

/** Where it goes on without an end, or beyond the picture. */
const arrow = (x: string, direction: 1 | -1): Html =>
  html`<svg x="${x}" overflow="visible"><path class="open" d="${chevron(direction)}"/></svg>`;

const chevron = (direction: 1 | -1): string => `M${direction},-7L${direction * 8},0L${direction},7`;

const scaleOf = (ticks: Tick[]): Html =>
  html`<div class="lane-scale"><svg width="100%" height="34" aria-hidden="true" focusable="false">${ticks.map(
    ({ x, words, year }) =>
      html`<text x="${percent(x)}" y="13" text-anchor="middle">${words}</text>${
        year && html`<text x="${percent(x)}" y="28" text-anchor="middle">${year}</text>`
      }`,
  )}</svg></div>`;

const withoutDate = (events: EventFact[]): Html => html`<div class="undated">
<h3>Without a first day</h3>
<ul>
${events.map((event) => html`<li class="${event.status}">${inWords(event)}</li>\n`)}</ul>
</div>
`;

/** Each look that is used, with what it means. */
function legend(rows: { event: EventFact; bar: Bar }[]): Html {
  const plain: Bar = { start: 0, end: 0, opens: false, x: 6, width: 88, cutBefore: false, cutAfter: false };
  const open = { ...plain, width: 62, opens: true };
  const has = (...statuses: string[]) => rows.some(({ event }) => statuses.includes(event.status));
  const looks: [used: boolean, status: string, bar: Bar, inferred: boolean, words: string][] = [
    [has('held'), 'held', plain, false, 'held'],
    [has('ongoing'), 'ongoing', plain, false, 'under way when reported'],
    [has('scheduled'), 'scheduled', plain, false, 'scheduled'],
    [has('postponed', 'cancelled'), 'cancelled', plain, false, 'postponed or cancelled'],
    [rows.some(({ event }) => datesInferred(event)), 'scheduled', plain, true, 'dashed: a date is inferred'],
    [
      rows.some(({ bar }) => bar.opens || bar.cutBefore || bar.cutAfter),
      'ongoing',
      open,
      false,
      'arrow: no end is stated, or it lies beyond the axis',
    ],
    [
      rows.some(({ bar }) => bar.width < NARROW),
      'held',
      { ...plain, x: 50, width: 0 },
      false,
      'short for this axis',
    ],
  ];
  return html`<ul class="legend" aria-label="Legend of the timeline">${joined(
    looks
      .filter(([used]) => used)
      .map(
        ([, status, bar, inferred, words]) =>
          html`<li class="${status}"><svg width="48" height="20" aria-hidden="true" focusable="false">${mark(bar, inferred)}</svg> ${words}</li>`,
      ),
    ' ',
  )}</ul>`;
}
