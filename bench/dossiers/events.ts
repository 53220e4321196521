/** What takes place: talks, the gatherings and addresses that are a part of them, and a war. */
import { COUNTRY_LIBRARY } from '../../src/facts/countries.ts';
import {
  type Actor,
  anybody,
  type Draft,
  dayAfter,
  inferred,
  ownId,
  ownReference,
  someone,
  weekdayOf,
} from './draft.ts';
import { type City, city, countryName, land, topicName } from './names.ts';

const KINDS = [
  'meeting',
  'meeting',
  'summit',
  'summit',
  'address',
  'address',
  'announcement',
  'announcement',
  'war',
];
const STATUSES = [
  'ongoing',
  'ongoing',
  'scheduled',
  'scheduled',
  'scheduled',
  'held',
  'held',
  'postponed',
  'cancelled',
];
const ATTENDANCES = ['in-person', 'in-person', 'unspecified', 'video-link'];
const CITIES = 600;

/** How many topics there are by then: a large archive has ever rarer ones. */
export const topicIn = ({ n, random }: Draft): string => topicName(random.rank(60 + n));

export function addEvents(draft: Draft): void {
  for (let i = 0; i < draft.counts.event; i += 1) addEvent(draft, i);
}

interface Planned {
  i: number;
  kind: string;
  status: string;
  startDate: string;
  place: City | (Omit<City, 'precision'> & { precision: 'country' }) | null;
  participants: Actor[];
  topic: string;
  organizer: Actor | null;
}

function addEvent(draft: Draft, i: number): void {
  const { text, facts, n, edition, random } = draft;
  const event = plan(draft, i);
  const { kind, status, startDate, place, participants, topic, organizer } = event;
  const where = place ? ` in ${place.name}` : '';
  const names = participants.map(({ name }) => name).join(' with ');
  const words = `${names}${where} on ${weekdayOf(startDate)}: the ${kind} is ${kind === 'war' ? 'over' : 'on'} ${topic}`;
  const quote = text.line(`${words}.`);
  const dated = i !== 7;
  const partOf = i > 0 && i < 7;
  const ends = i === 3;
  const all = ['name', 'kind', 'status', 'participants', ...(i < 2 ? ['agenda'] : [])];
  facts.push({
    type: 'event',
    id: ownId(n, 'event', i),
    name: `${edition > 1 ? 'The' : 'A'} ${kind} on ${topic}${where}`,
    kind,
    status,
    ...(dated && { startDate, datePrecision: i === 8 ? 'month' : 'day' }),
    ...(ends && { endDate: dayAfter(startDate, 1) }),
    ...(i === 5 && { after: ownReference(draft, 'event', 4) }),
    ...(place && { place }),
    ...(partOf && { partOf: ownReference(draft, 'event', 0) }),
    ...(organizer && { organizer: organizer.reference }),
    participants: participants.map(({ reference }, at) => ({
      actor: reference,
      ...(kind === 'address' && { role: at === 0 ? 'speaker' : 'addressee' }),
      attendance: random.pick(ATTENDANCES),
    })),
    ...(i < 2 && { agenda: [topic, `what to do about ${topic}`] }),
    // The text vouches for it only by what somebody said.
    ...(i === 7 && { accordingTo: ownReference(draft, 'statement', 3) }),
    evidence: [
      quote(words, { supports: all }),
      ...(i % 4 === 0 ? [quote(names, { supports: ['participants'] })] : []),
      ...(dated ? [quote(`on ${weekdayOf(startDate)}`, { supports: ['startDate'] })] : []),
      ...(place ? [quote(place.name, { supports: ['place'] })] : []),
    ],
    inferences: inferencesOf(event, { dated, partOf, ends }),
  });
}

function plan(draft: Draft, i: number): Planned {
  const { publishedOn, random } = draft;
  const kind = KINDS[i % KINDS.length] as string;
  const war = kind === 'war';
  const participants = [anybody(draft), anybody(draft)].slice(0, i % 3 === 2 ? 1 : 2);
  // Nobody takes part twice.
  if (participants[0]?.reference === participants[1]?.reference) participants.pop();
  return {
    i,
    kind,
    status: war ? 'ongoing' : random.pick(STATUSES),
    startDate: dayAfter(publishedOn, war ? -30 - random.below(600) : random.below(14) - 4),
    place: war ? landOf(random.rank(30)) : i % 3 === 1 ? null : city(random.rank(CITIES)),
    participants,
    topic: topicIn(draft),
    organizer: i % 3 === 0 ? someone(draft, 'organization') : null,
  };
}

function landOf(k: number): Planned['place'] {
  const { cca2, latlng } = land(k);
  const [latitude, longitude] = latlng;
  return { name: countryName(k), countryCode: cca2, latitude, longitude, precision: 'country' };
}

function inferencesOf(
  { i, kind, startDate, place, participants, organizer }: Planned,
  { dated, partOf, ends }: { dated: boolean; partOf: boolean; ends: boolean },
) {
  const day = `${weekdayOf(startDate)} ${startDate}`;
  return inferred(
    [
      'derived',
      ['status'],
      `The tense in which the text speaks of the ${kind}, read at the day of publication`,
    ],
    [
      'derived',
      ['startDate'],
      dated && `"${weekdayOf(startDate)}", read against the day of publication: ${day}`,
    ],
    ['background', ['endDate'], ends && `Such gatherings take two days, and ${day} is the first of them`],
    [
      'background',
      ['place'],
      place !== null && `${place?.name} is the one in ${place?.countryCode}, as it is invented`,
    ],
    [
      'reference',
      ['place'],
      place !== null && `Code, and point or what is near to it, from ${COUNTRY_LIBRARY}`,
    ],
    ['derived', ['partOf'], partOf && 'The first sentence on the talks sums up the gatherings that follow'],
    ['derived', ['after'], i === 5 && 'The text tells of this address after the other one'],
    [
      'derived',
      ['organizer'],
      organizer !== null && `${organizer?.name} invites to what is held in its name`,
    ],
    [
      'derived',
      ['participants'],
      `How ${participants[0]?.name} and others take part is said of the ${kind} as a whole`,
    ],
  );
}
