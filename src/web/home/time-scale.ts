/** Where events lie on an axis of time, in percent of its width. */
import { type ScaleTime, scaleUtc } from 'd3-scale';
import type { EventFact } from './load-data.ts';

const DAY_MS = 86_400_000;
/** An axis of less than this would have ticks within a day, and no event knows its hour. */
const SHORTEST_MS = 8 * DAY_MS;
/** Room beside the first and the last, for arrows. */
const MARGIN = 0.05;
/** So many labels have room beside each other on a telephone. */
const MAX_TICKS = 6;
/** So near to an edge, in percent, a label would reach beyond it. */
const EDGE = 4;

export type Dated = Pick<
  EventFact,
  'id' | 'status' | 'startDate' | 'endDate' | 'datePrecision' | 'reportedOn' | 'after'
>;

/** A stretch of time in milliseconds, `end` exclusive. */
export interface Stretch {
  start: number;
  end: number;
  /** It goes on, and nobody says until when. */
  opens: boolean;
}

/** All of the days, months or years that are meant; null without a start. */
export function stretchOf({
  startDate,
  endDate,
  datePrecision,
  status,
  reportedOn,
}: Omit<Dated, 'id' | 'after'>): Stretch | null {
  if (startDate === null) return null;
  const precision = datePrecision ?? 'day';
  const opens = status === 'ongoing' && endDate === null;
  const end = until(endDate ?? startDate, precision);
  // What is under way lasts at least until the day of the report that says so.
  const known = opens && reportedOn !== null ? Math.max(end, until(reportedOn, 'day')) : end;
  return { start: since(startDate, precision), end: known, opens };
}

type Precision = 'day' | 'month' | 'year';

function since(iso: string, precision: Precision): number {
  const date = new Date(iso);
  if (precision !== 'day') date.setUTCDate(1);
  if (precision === 'year') date.setUTCMonth(0);
  return date.getTime();
}

function until(iso: string, precision: Precision): number {
  const date = new Date(since(iso, precision));
  if (precision === 'day') date.setUTCDate(date.getUTCDate() + 1);
  if (precision === 'month') date.setUTCMonth(date.getUTCMonth() + 1);
  if (precision === 'year') date.setUTCFullYear(date.getUTCFullYear() + 1);
  return date.getTime();
}

export type Axis = ScaleTime<number, number>;

/**
 * The axis that shows `stretches`. A few that lie far from all others would squeeze these to a point: so the axis ends
 * at four times the distance within which four in five lie, and what goes beyond is cut.
 */
export function axisOf(stretches: readonly Stretch[]): Axis {
  const starts = stretches.map(({ start }) => start).sort((a, b) => a - b);
  const middle = starts[Math.floor(starts.length / 2)] ?? 0;
  const distances = starts.map((start) => Math.abs(start - middle)).sort((a, b) => a - b);
  const usual = Math.max(distances[Math.floor(distances.length * 0.8)] ?? 0, 15 * DAY_MS);
  let from = Math.max(starts[0] ?? 0, middle - 4 * usual);
  let to = Math.min(Math.max(...stretches.map(({ end }) => end), from), middle + 4 * usual + DAY_MS);
  const missing = Math.max(SHORTEST_MS - (to - from), 0);
  from -= missing / 2;
  to += missing / 2;
  const margin = (to - from) * MARGIN;
  return scaleUtc([from - margin, to + margin], [0, 100]);
}

export interface Bar extends Stretch {
  /** In percent of the axis. */
  x: number;
  width: number;
  /** It begins before the axis does, or ends after it. */
  cutBefore: boolean;
  cutAfter: boolean;
}

export function barOf(axis: Axis, stretch: Stretch): Bar {
  const [from, to] = [axis(stretch.start), axis(stretch.end)];
  const x = Math.min(Math.max(from, 0), 100);
  const end = Math.min(Math.max(to, 0), 100);
  return { ...stretch, x, width: end - x, cutBefore: from < 0, cutAfter: to > 100 };
}

export interface Tick {
  x: number;
  /** The day, month or year that begins there. */
  words: string;
  /** The year, where it is not the one of the tick before. */
  year: string | null;
}

/** At most six, at the beginnings of days, months or years. */
export function ticksOf(axis: Axis): Tick[] {
  let dates = axis.ticks(MAX_TICKS);
  for (let count = MAX_TICKS; dates.length > MAX_TICKS && count > 1; count -= 1)
    dates = axis.ticks(count - 1);
  const years = dates.every((date) => date.getUTCMonth() === 0 && date.getUTCDate() === 1);
  const months = dates.every((date) => date.getUTCDate() === 1);
  const format = months ? FORMATS.month : FORMATS.day;
  const shown = dates.filter((date) => axis(date) >= EDGE && axis(date) <= 100 - EDGE);
  return shown.map((date, at) => {
    const year = String(date.getUTCFullYear());
    const again = shown[at - 1]?.getUTCFullYear() === date.getUTCFullYear();
    return years
      ? { x: axis(date), words: year, year: null }
      : { x: axis(date), words: format.format(date), year: again ? null : year };
  });
}

const FORMATS = {
  day: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }),
  month: new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' }),
};

/** Those that begin first come first; within a day those that come `after` others follow them. */
export function inOrder<E extends Dated & { label: string }>(events: readonly E[]): E[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  // A ring of events that come after each other is refused nowhere, so the way back is no longer than the list.
  const place = (event: E): number => {
    let depth = 0;
    for (
      let before = event.after;
      before && depth <= events.length;
      before = byId.get(before.id)?.after ?? null
    ) {
      depth += 1;
    }
    return depth;
  };
  const keyed = events.map((event) => ({ event, start: stretchOf(event)?.start ?? 0, place: place(event) }));
  keyed.sort((a, b) => a.start - b.start || a.place - b.place || (a.event.label < b.event.label ? -1 : 1));
  return keyed.map(({ event }) => event);
}
