/** Calendars to subscribe to, in iCalendar (RFC 5545). */
import ical, {
  type ICalCalendar,
  type ICalEventData,
  ICalEventStatus,
  ICalEventTransparency,
} from 'ical-generator';
import * as z from 'zod';
import type { Resource } from '../model/fact-type.ts';
import type { Fact } from '../model/response-schemas.ts';
import { firstIds } from '../store/queries/identities.ts';
import { type Dated, dated, hasOccasions, inferencesOf, remarksOn } from './dated-facts.ts';
import type { Format } from './format.ts';

export const ICS_TYPE = 'text/calendar; charset=utf-8';

/** A fact, and the id that it went by first. */
interface Named {
  fact: Fact;
  firstId: string;
}

export const ics: Format<Named> = {
  extension: 'ics',
  mediaType: ICS_TYPE,
  fits: hasOccasions,
  title: 'iCalendar',
  describe: ({ collection }) =>
    `A calendar by RFC 5545 to subscribe to, each of the ${collection} on its whole days: those of a month or year if no more ` +
    'is known. What is ongoing without an end lasts until it was reported. UID stays when a fact is changed or gets another ' +
    'id; SEQUENCE counts its versions. What is scheduled is TENTATIVE; what was cancelled or, with ' +
    'include=retracted, withdrawn is CANCELLED. DESCRIPTION has the words of the evidence. Facts without a date are left out.',
  tools: () => [{ tool: 'calendars, to subscribe to' }],
  schema: () => z.string(),
  async rows(db, _revision, facts) {
    const ids = await firstIds(db, facts);
    return facts.map((fact, at) => ({ fact, firstId: ids[at] as string }));
  },
  async *write(pages, { resource, publicUrl }) {
    const [head, end] = partsOf(calendarOf(resource));
    yield head;
    for await (const rows of pages) {
      const calendar = calendarOf(resource);
      for (const { fact, firstId } of rows) {
        const each = dated(resource, fact);
        if (each) calendar.createEvent(eventOf(resource, each, firstId, publicUrl));
      }
      yield calendar.toString().slice(head.length, -end.length);
    }
    yield `${end}\r\n`;
  },
};

/** An empty one: what is around the events of every page. */
const calendarOf = (resource: Resource): ICalCalendar =>
  ical({
    prodId: '//Summit Facts//Summit Facts//EN',
    name: `Summit Facts: ${resource.title}`,
  });

/** What stands before the events, and what after them. */
function partsOf(empty: ICalCalendar): [head: string, end: string] {
  const whole = empty.toString();
  const at = whole.indexOf('END:VCALENDAR');
  return [whole.slice(0, at), whole.slice(at)];
}

function eventOf(resource: Resource, each: Dated, firstId: string, publicUrl: string): ICalEventData {
  const { fact, period, kind, place } = each;
  const point = resource.point?.(fact);
  // A calendar cannot say that a point is only the centre of a country, so there it has none.
  const geo = point &&
    point.precision !== 'country' && { lat: notZero(point.latitude), lon: notZero(point.longitude) };
  return {
    id: `${fact.type}-${firstId}@summit-facts`,
    sequence: fact.version - 1,
    stamp: fact.recordedAt,
    lastModified: fact.recordedAt,
    start: period.from,
    end: dayAfter(period.to),
    allDay: true,
    transparency: ICalEventTransparency.TRANSPARENT,
    status: fact.retracted ? ICalEventStatus.CANCELLED : STATUSES[each.certainty],
    summary: plain(fact.label),
    ...(place !== null && { location: { title: plain(place), ...(geo && { geo }) } }),
    categories: [{ name: kind }],
    url: publicUrl + fact.links.html,
    description: plain(descriptionOf(each)),
  };
}

const STATUSES = {
  confirmed: ICalEventStatus.CONFIRMED,
  tentative: ICalEventStatus.TENTATIVE,
  cancelled: ICalEventStatus.CANCELLED,
} as const;

function descriptionOf(each: Dated): string {
  const quotations = (each.fact.evidence ?? []).map(
    ({ exact, document, start, end, supports }) =>
      `"${exact}"\n${document.label} (${document.id}, characters ${start} to ${end}): ${supports.join(', ')}`,
  );
  return [...quotations, remarksOn(each).join('\n'), ...inferencesOf(each)].join('\n\n');
}

/** The library takes zero for no coordinate at all: this is a tenth of a metre beside it. */
const notZero = (degrees: number): number => degrees || 0.000001;

/** DTEND is the first day after it; the last day that can be written has none. */
function dayAfter(day: string): string {
  if (day === '9999-12-31') return day;
  const next = new Date(day);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

/** Without the control characters that a text of RFC 5545 may not hold; the library writes line breaks as `\n`. */
const plain = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, ' ');
