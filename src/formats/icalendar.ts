/** Calendar subscriptions in iCalendar (RFC 5545). */
import ical, {
  type ICalCalendar,
  type ICalEventData,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import * as z from 'zod';
import type { FactType } from '../model/fact-type.ts';
import type { Fact } from '../model/response-schemas.ts';
import { findOriginalIds } from '../store/queries/identities.ts';
import { buildNotes, type DatedFact, formatInferences, isDated, toDatedFact } from './dated-facts.ts';
import type { Format } from './format.ts';

const ICALENDAR_MEDIA_TYPE = 'text/calendar; charset=utf-8';

/** Fact with the first id that it had. */
interface FactWithOriginalId {
  fact: Fact;
  originalId: string;
}

export const icalendar: Format<FactWithOriginalId> = {
  extension: 'ics',
  mediaType: ICALENDAR_MEDIA_TYPE,
  appliesTo: isDated,
  title: 'iCalendar',
  description:
    'A calendar (RFC 5545) to subscribe to, with each fact as an all-day entry; if only the month or year is ' +
    'known, it covers all days of that. Ongoing entries without an end last until they were reported. UID stays the same ' +
    'when a fact changes or gets another id; SEQUENCE counts its versions. STATUS is TENTATIVE for scheduled facts, and ' +
    'CANCELLED for canceled and, with include=retracted, retracted ones. DESCRIPTION quotes the evidence. Facts without a ' +
    'date are left out.',
  tools: () => [{ name: 'calendars (subscribe)' }],
  schema: () => z.string(),
  async loadRows(db, _revision, facts) {
    const ids = await findOriginalIds(db, facts);
    return facts.map((fact, index) => ({ fact, originalId: ids[index] as string }));
  },
  async *serialize(pages, { factType, publicUrl }) {
    const [head, end] = splitCalendar(createCalendar(factType));
    yield head;
    for await (const rows of pages) {
      const calendar = createCalendar(factType);
      for (const { fact, originalId } of rows) {
        const datedFact = toDatedFact(factType, fact);
        if (datedFact) calendar.createEvent(toEvent(factType, datedFact, originalId, publicUrl));
      }
      yield calendar.toString().slice(head.length, -end.length);
    }
    yield `${end}\r\n`;
  },
};

/** Creates a calendar without events: the frame of every page. */
const createCalendar = (factType: FactType): ICalCalendar =>
  ical({
    prodId: '//Summit Facts//Summit Facts//EN',
    name: `Summit Facts: ${factType.title}`,
  });

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
    end: getNextDay(period.to),
    allDay: true,
    transparency: ICalEventTransparency.TRANSPARENT,
    status: fact.retracted ? ICalEventStatus.CANCELLED : EVENT_STATUSES[datedFact.certainty],
    summary: removeControlCharacters(fact.label),
    ...(place !== null && { location: { title: removeControlCharacters(place), ...(geo && { geo }) } }),
    categories: [{ name: kind }],
    url: publicUrl + fact.links.html,
    description: removeControlCharacters(buildDescription(datedFact)),
  };
}

const EVENT_STATUSES = {
  confirmed: ICalEventStatus.CONFIRMED,
  tentative: ICalEventStatus.TENTATIVE,
  cancelled: ICalEventStatus.CANCELLED,
} as const;

function buildDescription(datedFact: DatedFact): string {
  const quotations = (datedFact.fact.evidence ?? []).map(
    ({ exact, document, start, end, supports }) =>
      `"${exact}"\n${document.label} (${document.id}, characters ${start} to ${end}): ${supports.join(', ')}`,
  );
  return [...quotations, buildNotes(datedFact).join('\n'), ...formatInferences(datedFact)].join('\n\n');
}

/** Moves a coordinate of zero by a tenth of a meter, because the library treats zero as missing. */
const avoidZero = (degrees: number): number => degrees || 0.000001;

/** Returns the next day, since DTEND is exclusive; the last day that can be written has none. */
function getNextDay(day: string): string {
  if (day === '9999-12-31') return day;
  const next = new Date(day);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

/** Replaces control characters that RFC 5545 forbids in texts. The library writes line breaks as `\n`. */
const removeControlCharacters = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern is meant to match them
  text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, ' ');
