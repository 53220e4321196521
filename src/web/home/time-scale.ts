/** Positions of events on a time axis, in percent of its width. */
import { type ScaleTime, scaleUtc } from 'd3-scale';
import type { EventFact } from './load-data.ts';

const DAY_MS = 86_400_000;
/** A shorter axis would have ticks within a day, but events have no time of day. */
const MIN_AXIS_MS = 8 * DAY_MS;
/** Space before the first and after the last event, for arrows. */
const MARGIN_RATIO = 0.05;
/** Number of labels that fit next to each other on a phone. */
const MAX_TICKS = 6;
/** Distance from the edges within which a label would be cut off. */
const EDGE_PERCENT = 4;

export type DatedEvent = Pick<
  EventFact,
  'id' | 'status' | 'startDate' | 'endDate' | 'datePrecision' | 'reportedOn' | 'after'
>;

/** Time interval in milliseconds; `end` is exclusive. */
export interface Interval {
  start: number;
  end: number;
  /** True if it continues and the sources do not say until when. */
  isOpenEnded: boolean;
}

/** Returns the interval of complete days, months or years that an event covers; null without a start. */
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
  // An ongoing event lasts at least until the day of the report.
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
 * Returns the axis for `intervals`. A few distant intervals would squeeze all others to a point, so the axis
 * ends at four times the distance from the median within which four in five intervals start, and clips the
 * rest.
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
  /** Percentage of the axis. */
  x: number;
  width: number;
  /** True if it begins before the axis, or ends after it. */
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
  /** Day, month or year that begins at this position. */
  label: string;
  /** Year, if it differs from that of the previous tick. */
  year: string | null;
}

/** Returns at most six ticks, at the start of days, months or years. */
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

/** Sorts events by their start; within a day, events follow those that they come `after`. */
export function sortEvents<E extends DatedEvent & { label: string }>(events: readonly E[]): E[] {
  const byId = new Map(events.map((event) => [event.id, event]));
  // Imports accept cycles of events that come after each other, so the length of the list limits the depth.
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
