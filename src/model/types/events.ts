import * as z from 'zod';
import { type CalendarDetails, defineFactType, type RuleViolation, toPeriod } from '../fact-type.ts';
import { actor, closedVocabulary, day, list, nullable, openVocabulary, reference, text } from '../fields.ts';
import { Place } from '../place.ts';
import { SCHEMA_ORG_NAMESPACE } from '../schema-org.ts';

const Participant = z
  .strictObject({
    actor: actor(),
    role: nullable(text()).describe('What the participant does there, if the text says.'),
    attendance: closedVocabulary(
      'Attendance',
      ['in-person', 'video-link', 'unspecified'],
      'How the participant takes part, as far as the text says.',
    ),
  })
  .meta({ id: 'Participant', description: 'Somebody who takes part in an event.' });

const Event = z.strictObject({
  name: text(),
  kind: openVocabulary('summit', 'meeting', 'address', 'announcement', 'war'),
  status: closedVocabulary(
    'EventStatus',
    ['scheduled', 'ongoing', 'held', 'postponed', 'cancelled'],
    'What the document supports at its own date, not what came later.',
  ),
  startDate: nullable(day()).describe('The first day.'),
  endDate: nullable(day()).describe('The last day, inclusive.'),
  datePrecision: nullable(
    closedVocabulary(
      'DatePrecision',
      ['day', 'month', 'year'],
      'How much of the dates is meant: of a month, the whole month.',
    ),
  ),
  after: nullable(reference('event')).describe('An event of the same day that this one comes after.'),
  place: nullable(Place),
  partOf: nullable(reference('event')).describe('The larger event that this one is a part of.'),
  organizer: nullable(actor()),
  participants: list(Participant),
  agenda: list(text()).describe('What is to be talked about.'),
});

export const events = defineFactType({
  type: 'event',
  collection: 'events',
  summary: 'Summits, meetings, addresses, announcements and wars',
  schema: Event,
  getLabel: (event) => event.name,
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
      // Who takes part in a war, or in a way that the text does not say, attends nothing.
      attendee: participants
        .filter(({ attendance }) => attendance !== 'unspecified')
        .map(({ actor }) => createNode(actor)),
    }),
    replacedFields: ['startDate', 'endDate'],
  },
  exampleId: 'eu-summit-2022-03-24',
});

/** What schema.org has words for; it has none for what goes on or is over. */
const SCHEMA_ORG_STATUS: Partial<Record<z.output<typeof Event>['status'], string>> = {
  scheduled: `${SCHEMA_ORG_NAMESPACE}EventScheduled`,
  postponed: `${SCHEMA_ORG_NAMESPACE}EventPostponed`,
  cancelled: `${SCHEMA_ORG_NAMESPACE}EventCancelled`,
};

/** `2022-03` of a month, `2022` of a year: the rest of the date says nothing. */
function truncateDate(date: string | null, precision: string | null): string | undefined {
  return date?.slice(0, precision === 'year' ? 4 : precision === 'month' ? 7 : 10);
}

/** What is ongoing without an end in sight lasts at least until it was reported. */
function getEventPeriod(
  { startDate, endDate, datePrecision, status }: z.output<typeof Event>,
  reportedOn: string | null,
) {
  const isOpenEnded = status === 'ongoing' && startDate !== null && endDate === null && reportedOn !== null;
  const lastDay = isOpenEnded && reportedOn > startDate ? reportedOn : endDate;
  return toPeriod(startDate, lastDay, datePrecision);
}

/** Only what is planned is not sure to take place; that something was put off is told in words. */
const CERTAINTY_BY_STATUS = {
  scheduled: 'tentative',
  postponed: 'confirmed',
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
    return [{ path: ['datePrecision'], message: 'must say whether day, month or year is meant' }];
  }
  if (!hasDate && datePrecision !== null) {
    return [{ path: ['datePrecision'], message: 'is given, and there is no date that it could be of' }];
  }
  if (startDate !== null && endDate !== null && endDate < startDate) {
    return [{ path: ['endDate'], message: `${endDate} is before the startDate, ${startDate}` }];
  }
  return [];
}
