/** Where events lie on an axis of time, in percent of its width. */
import { type ScaleTime, scaleUtc } from 'd3-scale';
import type { EventFact } from './load-data.ts';

const DAY_MS = 86_400_000;
/** An axis of less than this would have ticks within a day, and no event knows its hour. */
const MIN_AXIS_MS = 8 * DAY_MS;
/** Room beside the first and the last, for arrows. */
const MARGIN_RATIO = 0.05;
/** So many labels have room beside each other on a telephone. */
const MAX_TICKS = 6;
/** So near to an edge, in percent, a label would reach beyond it. */
const EDGE_PERCENT = 4;

export type DatedEvent = Pick<
  EventFact,
  'id' | 'status' | 'startDate' | 'endDate' | 'datePrecision' | 'reportedOn' | 'after'
>;

/** A stretch of time in milliseconds, `end` exclusive. */
export interface Interval {
  start: number;
  end: number;
  /** It goes on, and nobody says until when. */
  isOpenEnded: boolean;
}

/** All of the days, months or years that are meant; null without a start. */
export function toInterval({
  startDate,
  endDate,
  datePrecision,
  status,
  reportedOn,
}: Omit<DatedEvent, 'id' | 'after'>): Interval | null {
  if (startDate === null) return null;
  const precision = datePrecision ?? 'day';
  const isOpenEnded = status === 'ongoing' && endDate === null;
  const end = getPeriodEnd(endDate ?? startDate, precision);
  // What is under way lasts at least until the day of the report that says so.
  const knownEnd = isOpenEnded && reportedOn !== null ? Math.max(end, getPeriodEnd(reportedOn, 'day')) : end;
  return { start: getPeriodStart(startDate, precision), end: knownEnd, isOpenEnded };
}

type Precision = 'day' | 'month' | 'year';

function getPeriodStart(iso: string, precision: Precision): number {
  const date = new Date(iso);
  if (precision !== 'day') date.setUTCDate(1);
  if (precision === 'year') date.setUTCMonth(0);
  return date.getTime();
}

function getPeriodEnd(iso: string, precision: Precision): number {
  const date = new Date(getPeriodStart(iso, precision));
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
export function createAxis(intervals: readonly Interval[]): Axis {
  const starts = intervals.map(({ start }) => start).sort((a, b) => a - b);
  const middle = starts[Math.floor(starts.length / 2)] ?? 0;
  const distances = starts.map((start) => Math.abs(start - middle)).sort((a, b) => a - b);
  const typicalDistance = Math.max(distances[Math.floor(distances.length * 0.8)] ?? 0, 15 * DAY_MS);
  let axisStart = Math.max(starts[0] ?? 0, middle - 4 * typicalDistance);
  let axisEnd = Math.min(
    Math.max(...intervals.map(({ end }) => end), axisStart),
    middle + 4 * typicalDistance + DAY_MS,
  );
  const missing = Math.max(MIN_AXIS_MS - (axisEnd - axisStart), 0);
  axisStart -= missing / 2;
  axisEnd += missing / 2;
  const margin = (axisEnd - axisStart) * MARGIN_RATIO;
  return scaleUtc([axisStart - margin, axisEnd + margin], [0, 100]);
}

export interface Bar extends Interval {
  /** In percent of the axis. */
  x: number;
  width: number;
  /** It begins before the axis does, or ends after it. */
  isClippedBefore: boolean;
  isClippedAfter: boolean;
}

export function toBar(axis: Axis, interval: Interval): Bar {
  const [from, to] = [axis(interval.start), axis(interval.end)];
  const x = Math.min(Math.max(from, 0), 100);
  const end = Math.min(Math.max(to, 0), 100);
  return { ...interval, x, width: end - x, isClippedBefore: from < 0, isClippedAfter: to > 100 };
}

export interface Tick {
  x: number;
  /** The day, month or year that begins there. */
  label: string;
  /** The year, where it is not the one of the tick before. */
  year: string | null;
}

/** At most six, at the beginnings of days, months or years. */
export function createTicks(axis: Axis): Tick[] {
  let dates = axis.ticks(MAX_TICKS);
  for (let count = MAX_TICKS; dates.length > MAX_TICKS && count > 1; count -= 1)
    dates = axis.ticks(count - 1);
  const allYears = dates.every((date) => date.getUTCMonth() === 0 && date.getUTCDate() === 1);
  const allMonths = dates.every((date) => date.getUTCDate() === 1);
  const format = allMonths ? FORMATS.month : FORMATS.day;
  const visible = dates.filter((date) => axis(date) >= EDGE_PERCENT && axis(date) <= 100 - EDGE_PERCENT);
  return visible.map((date, index) => {
    const year = String(date.getUTCFullYear());
    const isSameYear = visible[index - 1]?.getUTCFullYear() === date.getUTCFullYear();
    return allYears
      ? { x: axis(date), label: year, year: null }
      : { x: axis(date), label: format.format(date), year: isSameYear ? null : year };
  });
}

const FORMATS = {
  day: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }),
  month: new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' }),
};

/** Those that begin first come first; within a day those that come `after` others follow them. */
export function sortEvents<E extends DatedEvent & { label: string }>(events: readonly E[]): E[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  // A ring of events that come after each other is refused nowhere, so the way back is no longer than the list.
  const getDepth = (event: E): number => {
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
  const entries = events.map((event) => ({
    event,
    start: toInterval(event)?.start ?? 0,
    depth: getDepth(event),
  }));
  entries.sort((a, b) => a.start - b.start || a.depth - b.depth || (a.event.label < b.event.label ? -1 : 1));
  return entries.map(({ event }) => event);
}
