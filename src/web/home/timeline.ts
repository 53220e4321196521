/** Section with the timeline: one row for each event, with its text in HTML and a bar in SVG. */
import { symbol, symbolDiamond } from 'd3-shape';
import { type Html, html, join } from '../../lib/html.ts';
import { renderDate, renderDateRange, renderFactLink } from '../format-values.ts';
import type { EventFact, HomeData } from './load-data.ts';
import {
  formatPercent,
  INFERRED_MARK,
  isInferred,
  renderAttribution,
  renderEmpty,
  renderSection,
} from './section.ts';
import { type Bar, createAxis, createTicks, sortEvents, type Tick, toBar, toInterval } from './time-scale.ts';

const MAX_ROWS = 40;
const BAR_HEIGHT_PX = 14;
/** Narrower bars are drawn as symbols, so that they remain visible. */
const MIN_BAR_WIDTH_PERCENT = 0.9;

const GROUPS = [
  { title: 'Held or under way', statuses: ['held', 'ongoing'] },
  { title: 'Scheduled', statuses: ['scheduled'] },
  { title: 'Postponed or cancelled', statuses: ['postponed', 'cancelled'] },
];

const STATUS_TEXTS = {
  held: 'held',
  ongoing: 'under way when reported',
  scheduled: 'scheduled',
  postponed: 'postponed',
  cancelled: 'cancelled',
};

export function renderTimeline({ events: { items, hasMore, allUrl } }: HomeData): Html {
  const dated = items.filter(({ startDate }) => startDate !== null);
  const visible = sortEvents(dated.slice(0, MAX_ROWS));
  const undated = items.filter(({ startDate }) => startDate === null);
  const isTruncated = hasMore || dated.length > MAX_ROWS;
  const body =
    items.length === 0
      ? renderEmpty('No events in these sources.')
      : html`${visible.length > 0 ? renderChart(visible) : null}${undated.length > 0 ? renderUndated(undated) : null}${
          isTruncated
            ? html`<p class="small">Only the newest events are shown. See <a href="${allUrl}">all events</a>.</p>`
            : null
        }`;
  return renderSection({
    id: 'timeline',
    title: 'Timeline of events',
    intro: items.length > 0 ? html`Past and planned events, as known when the sources were published.` : null,
    body,
    allLink: { url: allUrl, text: 'All events' },
  });
}

function renderChart(events: EventFact[]): Html {
  const axis = createAxis(events.flatMap((event) => toInterval(event) ?? []));
  const ticks = createTicks(axis);
  const rows = events.flatMap((event) => {
    const interval = toInterval(event);
    return interval ? [{ event, bar: toBar(axis, interval) }] : [];
  });
  const groups = GROUPS.map(({ title, statuses }) => ({
    title,
    rowsInGroup: rows.filter(({ event }) => statuses.includes(event.status)),
  }));
  return html`<div class="timeline">
${groups
  .filter(({ rowsInGroup }) => rowsInGroup.length > 0)
  .map(
    ({ title, rowsInGroup }) => html`<div class="lanes">
<div class="lane-head"><h3>${title}</h3>${renderScale(ticks)}</div>
<ol>
${rowsInGroup.map(({ event, bar }) => renderRow(event, bar, ticks))}</ol>
</div>
`,
  )}${renderLegend(rows)}</div>
`;
}

const renderRow = (event: EventFact, bar: Bar, ticks: Tick[]): Html =>
  html`<li class="lane ${event.status}">
<div class="lane-text">${renderEvent(event)}</div>
<div class="lane-chart"><svg width="100%" height="100%" aria-hidden="true" focusable="false">${ticks.map(
    ({ x }) => html`<line class="tick" x1="${formatPercent(x)}" x2="${formatPercent(x)}" y1="0" y2="100%"/>`,
  )}${renderBar(bar, areDatesInferred(event))}</svg></div>
</li>
`;

const renderEvent = (event: EventFact): Html =>
  html`${renderFactLink(event)} <span class="status">${STATUS_TEXTS[event.status]}</span> <span class="date">${renderDates(event)}</span>${renderAttribution(event)}`;

const areDatesInferred = (event: EventFact): boolean => isInferred(event, 'startDate', 'endDate');

/** Renders the dates in words, and marks inferred ones. */
function renderDates(event: EventFact): Html {
  const { startDate, endDate, datePrecision } = event;
  if (startDate === null && endDate === null) return html`no date stated`;
  const precision = datePrecision ?? 'day';
  const inferred = areDatesInferred(event) ? INFERRED_MARK : null;
  if (startDate === null) return html`until ${renderDate(endDate as string, precision)}${inferred}`;
  const open = event.status === 'ongoing' && endDate === null ? html`, no end stated` : null;
  return html`${open ? html`since ` : null}${renderDateRange(startDate, endDate, precision)}${open}${inferred}`;
}

const DIAMOND_PATH = symbol(symbolDiamond, 70).digits(1)() ?? '';
/** Diamond with an open end. */
const OPEN_ENDED_PATH = 'M-6,-6H0L7,0L0,6H-6Z';

/** Renders a bar at the exact position of an event, or a symbol if the bar would be too narrow to see. */
function renderBar(bar: Bar, inferred: boolean): Html {
  const edgeClass = inferred ? 'edge inferred-edge' : 'edge';
  if (bar.width < MIN_BAR_WIDTH_PERCENT) {
    const shape = bar.isClippedBefore
      ? toChevronPath(-1)
      : bar.isClippedAfter
        ? toChevronPath(1)
        : bar.isOpenEnded
          ? OPEN_ENDED_PATH
          : DIAMOND_PATH;
    return html`<svg class="bar" x="${formatPercent(bar.x + bar.width / 2)}" y="50%" overflow="visible"><path class="${edgeClass} fill" d="${shape}"/><line class="strike" x1="-9" x2="9" y1="0" y2="0"/></svg>`;
  }
  const [from, to] = [formatPercent(bar.x), formatPercent(bar.x + bar.width)];
  const halfHeight = BAR_HEIGHT_PX / 2;
  const renderLine = (x1: string, x2: string, y1: number, y2: number) =>
    html`<line class="${edgeClass}" x1="${x1}" x2="${x2}" y1="${y1}" y2="${y2}"/>`;
  // The nested SVG has the full width and starts in the vertical middle, so that heights are in pixels.
  return html`<svg class="bar" width="100%" y="50%" overflow="visible"><rect class="fill" x="${from}" width="${formatPercent(bar.width)}" y="${-halfHeight}" height="${BAR_HEIGHT_PX}"/>${[
    renderLine(from, to, -halfHeight, -halfHeight),
    renderLine(from, to, halfHeight, halfHeight),
    bar.isClippedBefore ? renderArrow(from, -1) : renderLine(from, from, -halfHeight, halfHeight),
    bar.isClippedAfter || bar.isOpenEnded ? renderArrow(to, 1) : renderLine(to, to, -halfHeight, halfHeight),
  ]}<line class="strike" x1="${from}" x2="${to}" y1="0" y2="0"/></svg>`;
}

/** Arrow of an event that has no end, or continues beyond the axis. */
const renderArrow = (x: string, direction: 1 | -1): Html =>
  html`<svg x="${x}" overflow="visible"><path class="open" d="${toChevronPath(direction)}"/></svg>`;

const toChevronPath = (direction: 1 | -1): string => `M${direction},-7L${direction * 8},0L${direction},7`;

const renderScale = (ticks: Tick[]): Html =>
  html`<div class="lane-axis"><svg width="100%" height="34" aria-hidden="true" focusable="false">${ticks.map(
    ({ x, label, year }) =>
      html`<text x="${formatPercent(x)}" y="13" text-anchor="middle">${label}</text>${
        year && html`<text x="${formatPercent(x)}" y="28" text-anchor="middle">${year}</text>`
      }`,
  )}</svg></div>`;

const renderUndated = (events: EventFact[]): Html => html`<div class="undated">
<h3>Start date not stated</h3>
<ul>
${events.map((event) => html`<li class="${event.status}">${renderEvent(event)}</li>\n`)}</ul>
</div>
`;

/** Explains each style that the timeline uses. */
function renderLegend(rows: { event: EventFact; bar: Bar }[]): Html {
  const sampleBar: Bar = {
    start: 0,
    end: 0,
    isOpenEnded: false,
    x: 6,
    width: 88,
    isClippedBefore: false,
    isClippedAfter: false,
  };
  const openEndedBar = { ...sampleBar, width: 62, isOpenEnded: true };
  const hasStatus = (...statuses: string[]) => rows.some(({ event }) => statuses.includes(event.status));
  const entries: [isUsed: boolean, status: string, bar: Bar, inferred: boolean, text: string][] = [
    [hasStatus('held'), 'held', sampleBar, false, 'held'],
    [hasStatus('ongoing'), 'ongoing', sampleBar, false, 'under way when reported'],
    [hasStatus('scheduled'), 'scheduled', sampleBar, false, 'scheduled'],
    [hasStatus('postponed', 'cancelled'), 'cancelled', sampleBar, false, 'postponed or cancelled'],
    [
      rows.some(({ event }) => areDatesInferred(event)),
      'scheduled',
      sampleBar,
      true,
      'dashed: inferred date',
    ],
    [
      rows.some(({ bar }) => bar.isOpenEnded || bar.isClippedBefore || bar.isClippedAfter),
      'ongoing',
      openEndedBar,
      false,
      'arrow: no end stated, or beyond the axis',
    ],
    [
      rows.some(({ bar }) => bar.width < MIN_BAR_WIDTH_PERCENT),
      'held',
      { ...sampleBar, x: 50, width: 0 },
      false,
      'too short to draw to scale',
    ],
  ];
  return html`<ul class="legend" aria-label="Timeline legend">${join(
    entries
      .filter(([isUsed]) => isUsed)
      .map(
        ([, status, bar, inferred, text]) =>
          html`<li class="${status}"><svg width="48" height="20" aria-hidden="true" focusable="false">${renderBar(bar, inferred)}</svg> ${text}</li>`,
      ),
    ' ',
  )}</ul>`;
}
