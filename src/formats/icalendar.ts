/** Calendar subscriptions in iCalendar (RFC 5545). */
import ical, {
  type ICalCalendar,
  type ICalEventData,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import * as z from 'zod';
import type { FactType, Period } from '../model/fact-type.ts';
import { listEvidence } from '../model/main-evidence.ts';
import { buildNotes, type DatedFact, formatInferences, isDated, toDatedFact } from './dated-facts.ts';
import type { ExportContext, Format } from './format.ts';
import { type FactWithOriginalId, loadOriginalIds } from './original-ids.ts';

const ICALENDAR_MEDIA_TYPE = 'text/calendar; charset=utf-8';

export const icalendar: Format<FactWithOriginalId> = {
  extension: 'ics',
  mediaType: ICALENDAR_MEDIA_TYPE,
  appliesTo: isDated,
  title: 'iCalendar',
  description:
    'A calendar (RFC 5545) to subscribe to, with each fact whose days are known as an all-day entry. An entry without ' +
    'DTEND is on one day: either it lasts a day, or its end is not stated, as DESCRIPTION then says. UID stays the same ' +
    'when a fact changes or gets another id; SEQUENCE counts its versions. STATUS is TENTATIVE for scheduled and ' +
    'postponed facts, and CANCELLED for canceled and, with include=retracted, retracted ones. DESCRIPTION quotes the ' +
    'evidence. Facts without a date, or with a month or year alone, are left out.',
  tools: () => [{ name: 'calendars (subscribe)' }],
  schema: () => z.string(),
  loadRows: loadOriginalIds,
  async *serialize(pages, context) {
    const { factType, publicUrl } = context;
    const [head, end] = splitCalendar(createCalendar(context));
    yield head;
    for await (const rows of pages) {
      const calendar = createCalendar(context);
      for (const { fact, originalId } of rows) {
        const datedFact = toDatedFact(factType, fact);
        // A month is neither an entry of thirty days nor one on the first of them.
        if (datedFact?.precision !== 'day') continue;
        calendar.createEvent(toEvent(factType, datedFact, originalId, publicUrl));
      }
      yield writeDurations(calendar.toString().slice(head.length, -end.length));
    }
    yield `${end}\r\n`;
  },
};

/** Creates a calendar without events: the frame of every page. */
const createCalendar = ({ factType, publicUrl, selfUrl }: ExportContext): ICalCalendar =>
  ical({
    prodId: '//Summit Facts//Summit Facts//EN',
    name: `Summit Facts: ${factType.title}`,
    description: factType.summary,
    source: selfUrl,
    url: `${publicUrl}/explore?collection=${factType.collection}`,
    ttl: REFRESH_INTERVAL_SECONDS,
  });

/** Interval at which calendars are asked to read the calendar again; short, so that corrections appear soon. */
const REFRESH_INTERVAL_SECONDS = 3_600;

/** Splits an empty calendar into the texts before and after the events. */
function splitCalendar(empty: ICalCalendar): [head: string, end: string] {
  const text = empty.toString();
  const endIndex = text.indexOf('END:VCALENDAR');
  return [text.slice(0, endIndex), text.slice(endIndex)];
}

function toEvent(
  factType: FactType,
  datedFact: DatedFact,
  originalId: string,
  publicUrl: string,
): ICalEventData {
  const { fact, period, kind, place } = datedFact;
  const point = factType.getPoint?.(fact);
  // A calendar cannot mark a point as the center of a country, so it gets none.
  const geo = point &&
    point.precision !== 'country' && { lat: avoidZero(point.latitude), lon: avoidZero(point.longitude) };
  return {
    id: `${fact.type}-${originalId}@summit-facts`,
    sequence: fact.version - 1,
    stamp: fact.recordedAt,
    lastModified: fact.recordedAt,
    start: period.from,
    ...(period.from !== period.to && { end: getExclusiveEnd(period) }),
    allDay: true,
    transparency: ICalEventTransparency.TRANSPARENT,
    status: fact.retracted ? ICalEventStatus.CANCELLED : EVENT_STATUSES[datedFact.certainty],
    summary: removeControlCharacters(fact.label),
    ...(place !== null && { location: { title: removeControlCharacters(place), ...(geo && { geo }) } }),
    categories: [{ name: kind }],
    url: publicUrl + fact.links.html,
    description: removeControlCharacters(buildDescription(factType, datedFact)),
  };
}

const EVENT_STATUSES = {
  confirmed: ICalEventStatus.CONFIRMED,
  tentative: ICalEventStatus.TENTATIVE,
  cancelled: ICalEventStatus.CANCELLED,
} as const;

function buildDescription(factType: FactType, datedFact: DatedFact): string {
  const quotations = listEvidence(factType, datedFact.fact).map(
    ({ exact, document, start, end, supports }) =>
      `"${exact}"\n${document.label} (${document.id}, characters ${start} to ${end}): ${supports.join(', ')}`,
  );
  return [...quotations, buildNotes(datedFact).join('\n'), ...formatInferences(datedFact)].join('\n\n');
}

/** Moves a coordinate of zero by a tenth of a meter, because the library treats zero as missing. */
const avoidZero = (degrees: number): number => degrees || 0.000001;

/** Last day that a calendar can write. */
const LAST_DAY = '9999-12-31';

/** Returns the day after the period, since DTEND is exclusive; its first day if there is no such day. */
function getExclusiveEnd({ from, to }: Period): string {
  if (to === LAST_DAY) return from;
  const next = new Date(to);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

/** DTEND of a period whose exclusive end cannot be written: the same day as DTSTART. */
const UNWRITABLE_END = /\r\nDTSTART;VALUE=DATE:(\d{4})(\d\d)(\d\d)\r\nDTEND;VALUE=DATE:\1\2\3\r\n/g;
const DAY_MS = 86_400_000;

/** Writes a duration for periods until the last day. The library has none for events. */
const writeDurations = (events: string): string =>
  events.replace(UNWRITABLE_END, (property, year: string, month: string, day: string) => {
    const days = (Date.parse(LAST_DAY) - Date.parse(`${year}-${month}-${day}`)) / DAY_MS + 1;
    return property.replace(/DTEND.*/, `DURATION:P${days}D`);
  });

/**
 * Replaces control characters that RFC 5545 forbids in texts. The library writes line breaks as `\n`, and with them those of
 * Unicode, at which some readers would split a line.
 */
const removeControlCharacters = (text: string): string =>
  text
    .replaceAll(/[\u0085\u2028\u2029]/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern is meant to match them
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, ' ');
