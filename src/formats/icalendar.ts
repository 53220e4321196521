/** Calendars to subscribe to, in iCalendar (RFC 5545). */
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

export const ICALENDAR_MEDIA_TYPE = 'text/calendar; charset=utf-8';

/** A fact, and the id that it went by first. */
interface FactWithOriginalId {
  fact: Fact;
  originalId: string;
}

export const icalendar: Format<FactWithOriginalId> = {
  extension: 'ics',
  mediaType: ICALENDAR_MEDIA_TYPE,
  appliesTo: isDated,
  title: 'iCalendar',
  describe: ({ collection }) =>
    `A calendar by RFC 5545 to subscribe to, each of the ${collection} on its whole days: those of a month or year if no more ` +
    'is known. What is ongoing without an end lasts until it was reported. UID stays when a fact is changed or gets another ' +
    'id; SEQUENCE counts its versions. What is scheduled is TENTATIVE; what was cancelled or, with ' +
    'include=retracted, withdrawn is CANCELLED. DESCRIPTION has the words of the evidence. Facts without a date are left out.',
  tools: () => [{ name: 'calendars, to subscribe to' }],
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

/** An empty one: what is around the events of every page. */
const createCalendar = (factType: FactType): ICalCalendar =>
  ical({
    prodId: '//Summit Facts//Summit Facts//EN',
    name: `Summit Facts: ${factType.title}`,
  });

/** What stands before the events, and what after them. */
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
  // A calendar cannot say that a point is only the centre of a country, so there it has none.
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

/** The library takes zero for no coordinate at all: this is a tenth of a metre beside it. */
const avoidZero = (degrees: number): number => degrees || 0.000001;

/** DTEND is the first day after it; the last day that can be written has none. */
function getNextDay(day: string): string {
  if (day === '9999-12-31') return day;
  const next = new Date(day);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

/** Without the control characters that a text of RFC 5545 may not hold; the library writes line breaks as `\n`. */
const removeControlCharacters = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, ' ');
