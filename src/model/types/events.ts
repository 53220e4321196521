import * as z from 'zod';
import { type CalendarDetails, defineFactType, type RuleViolation, toPeriod } from '../fact-type.ts';
import { actor, closedVocabulary, day, list, nullable, openVocabulary, reference, text } from '../fields.ts';
import { Place } from '../place.ts';
import { SCHEMA_ORG_NAMESPACE } from '../schema-org.ts';

const Participant = z
  .strictObject({
    actor: actor().describe('Actor who takes part.'),
    role: nullable(text()).describe('Role of the participant, if the text gives one.'),
    attendance: closedVocabulary(
      'Attendance',
      ['in-person', 'video-link', 'unspecified'],
      'Way in which the participant takes part; unspecified if the text does not say.',
    ),
  })
  .meta({ id: 'Participant', description: 'Actor who takes part in an event.' });

const Event = z.strictObject({
  name: text().describe('Name of the event.'),
  kind: openVocabulary('summit', 'meeting', 'address', 'announcement', 'war').describe('Kind of event.'),
  status: closedVocabulary(
    'EventStatus',
    ['scheduled', 'ongoing', 'held', 'postponed', 'cancelled'],
    'Status that the document supports at its own date, regardless of later developments.',
  ),
  startDate: nullable(day()).describe('First day of the event.'),
  endDate: nullable(day()).describe('Last day of the event, inclusive.'),
  datePrecision: nullable(
    closedVocabulary(
      'DatePrecision',
      ['day', 'month', 'year'],
      'Precision of the dates: month means the entire month, year the entire year.',
    ),
  ),
  after: nullable(reference('event')).describe('Earlier event on the same day.'),
  place: nullable(Place),
  partOf: nullable(reference('event')).describe('Larger event that this one is part of.'),
  organizer: nullable(actor()).describe('Actor who organizes the event.'),
  participants: list(Participant).describe('Actors who take part in the event.'),
  agenda: list(text()).describe('Topics of the event, in the words of the text.'),
});

export const events = defineFactType({
  type: 'event',
  collection: 'events',
  summary: 'Summits, meetings, addresses, announcements and wars',
  schema: Event,
  getLabel: (event) => event.name,
  namingFields: ['name', 'kind', 'status'],
  filters: {
    kind: 'kind',
    status: 'status',
    participant: 'participants.actor',
    attendance: 'participants.attendance',
    organizer: 'organizer',
    partOf: 'partOf',
    after: 'after',
    countryCode: 'place.countryCode',
  },
  sorts: ['name', 'startDate', 'endDate'],
  facets: ['kind', 'status', 'participant', 'attendance', 'organizer', 'partOf', 'countryCode'],
  getPeriod: getEventPeriod,
  getPoint: ({ place }) => place && { ...place, source: { field: 'place' } },
  getCalendarDetails: getEventCalendarDetails,
  evidenceExemptFields: ['datePrecision'],
  checkRules: checkDates,
  developableFields: [
    'status',
    'startDate',
    'endDate',
    'datePrecision',
    'place',
    'organizer',
    'participants',
    'agenda',
  ],
  columnNames: {
    'place.name': 'place',
    'place.latitude': 'latitude',
    'place.longitude': 'longitude',
    'place.precision': 'precision',
    'participants.role': 'participant_role',
    'participants.attendance': 'participant_attendance',
  },
  linkedData: {
    classes: 'Event',
    properties: { partOf: 'superEvent', place: 'location', organizer: 'organizer' },
    getAdditionalProperties: (
      { status, startDate, endDate, datePrecision, participants },
      { createNode },
    ) => ({
      eventStatus: SCHEMA_ORG_STATUS[status],
      startDate: truncateDate(startDate, datePrecision),
      endDate: truncateDate(endDate, datePrecision),
      // A participant whose attendance is unspecified, such as a party to a war, is not an attendee.
      attendee: participants
        .filter(({ attendance }) => attendance !== 'unspecified')
        .map(({ actor }) => createNode(actor)),
    }),
    replacedFields: ['startDate', 'endDate'],
  },
  exampleId: 'eu-summit-2022-03-24',
});

/** Terms of schema.org by status; it has none for ongoing and past events. */
const SCHEMA_ORG_STATUS: Partial<Record<z.output<typeof Event>['status'], string>> = {
  scheduled: `${SCHEMA_ORG_NAMESPACE}EventScheduled`,
  postponed: `${SCHEMA_ORG_NAMESPACE}EventPostponed`,
  cancelled: `${SCHEMA_ORG_NAMESPACE}EventCancelled`,
};

/** Truncates a date to its precision: `2022-03` for a month, `2022` for a year. */
function truncateDate(date: string | null, precision: string | null): string | undefined {
  return date?.slice(0, precision === 'year' ? 4 : precision === 'month' ? 7 : 10);
}

/** Returns the period. An ongoing event without an end date lasts at least until it was reported. */
function getEventPeriod(
  { startDate, endDate, datePrecision, status }: z.output<typeof Event>,
  reportedOn: string | null,
) {
  const isOpenEnded = status === 'ongoing' && startDate !== null && endDate === null && reportedOn !== null;
  const lastDay = isOpenEnded && reportedOn > startDate ? reportedOn : endDate;
  return toPeriod(startDate, lastDay, datePrecision);
}

/**
 * Certainty by status. Calendars have no status for a postponed event: it will not be on the day it was planned for, but it
 * is not cancelled. The description says it.
 */
const CERTAINTY_BY_STATUS = {
  scheduled: 'tentative',
  postponed: 'tentative',
  cancelled: 'cancelled',
  ongoing: 'confirmed',
  held: 'confirmed',
} as const;

function getEventCalendarDetails({
  kind,
  status,
  startDate,
  endDate,
  datePrecision,
  place,
}: z.output<typeof Event>): CalendarDetails {
  const isOpenEnded = status === 'ongoing' && endDate === null;
  return {
    kind,
    status,
    certainty: CERTAINTY_BY_STATUS[status],
    precision: datePrecision ?? 'day',
    openEnd: startDate === null ? 'start' : isOpenEnded ? 'end' : null,
    place: place?.name ?? null,
  };
}

function checkDates({ startDate, endDate, datePrecision }: z.output<typeof Event>): RuleViolation[] {
  const hasDate = startDate !== null || endDate !== null;
  if (hasDate && datePrecision === null) {
    return [{ path: ['datePrecision'], message: 'must be day, month or year, because the event has a date' }];
  }
  if (!hasDate && datePrecision !== null) {
    return [{ path: ['datePrecision'], message: 'must be left out, because the event has no date' }];
  }
  if (startDate !== null && endDate !== null && endDate < startDate) {
    return [{ path: ['endDate'], message: `${endDate} is before the startDate, ${startDate}` }];
  }
  return [];
}
