/** An invented newsroom's archive of any size: the same facts for the same number of them, whatever the machine. */
import { stringify } from 'yaml';
import type { DossierFiles } from '../src/dossier/check.ts';

/** Facts in each dossier of reports: its document, meetings, and what was said at them. */
export const FACTS_PER_REPORT = 100;
const MEETINGS = 19;
const STATEMENTS = FACTS_PER_REPORT - MEETINGS - 1;

const PEOPLE = 300;
const PLACES = ['Riga', 'Zürich', 'Łódź', 'Málaga', 'København', 'Tromsø', 'Gdańsk', 'Orléans'];
const KINDS = ['meeting', 'summit', 'address', 'announcement'];
const STATUSES = ['scheduled', 'held', 'postponed', 'cancelled'];
const TOPICS = ['grain', 'energy', 'fisheries', 'borders', 'sanctions', 'climate', 'trade', 'satellites'];
const VERBS = ['welcome', 'refuse', 'study', 'postpone', 'finance', 'inspect', 'defend', 'rewrite'];
const SURNAMES = [
  'Bērziņš',
  'Nowak',
  'Müller',
  'García',
  'Dubois',
  'Sørensen',
  'Kovács',
  'Andersson',
  'Silva',
  'Rossi',
];

/** The people that all reports are about. */
export function whoIsWho(): DossierFiles {
  const people = Array.from({ length: PEOPLE }, (_, n) => ({ id: `person-${n}`, name: nameOf(n) }));
  return dossier(
    'who-is-who',
    '2030-01-01',
    people.map(({ name }) => `${name} is known.`),
    people.map(({ id, name }) => ({
      type: 'person',
      id,
      name,
      evidence: [{ quote: `${name} is known`, supports: ['name'] }],
    })),
  );
}

/** The report of day `n`; `size` is how many times as many facts it has. */
export function report(n: number, size = 1): DossierFiles {
  const day = new Date(Date.UTC(2030, 0, 2 + (n % 3_000))).toISOString().slice(0, 10);
  const id = `report-${String(n).padStart(5, '0')}`;
  const meetings = Array.from({ length: MEETINGS * size }, (_, m) => meeting(id, day, n * MEETINGS + m, m));
  const statements = Array.from({ length: STATEMENTS * size }, (_, m) =>
    statement(id, day, n * STATEMENTS + m, m),
  );
  const all = [...meetings, ...statements];
  return dossier(
    id,
    day,
    all.map(({ line }) => line),
    all.map(({ fact }) => fact),
  );
}

function meeting(report: string, day: string, n: number, m: number) {
  const name = `Meeting ${n} in ${pick(PLACES, n)}`;
  const line = `${name} is on ${pick(TOPICS, n >> 2)}.`;
  const fact = {
    type: 'event',
    id: `${report}-meeting-${m}`,
    name,
    kind: pick(KINDS, n),
    status: pick(STATUSES, n >> 1),
    startDate: day,
    datePrecision: 'day',
    participants: [{ actor: `person/person-${n % PEOPLE}`, attendance: 'in-person' }],
    agenda: [pick(TOPICS, n >> 2)],
    evidence: [
      {
        quote: line.slice(0, -1),
        supports: ['name', 'kind', 'status', 'startDate', 'participants', 'agenda'],
      },
    ],
  };
  return { line, fact };
}

function statement(report: string, day: string, n: number, m: number) {
  const person = n % PEOPLE;
  const topic = pick(TOPICS, n);
  const quote = `We ${pick(VERBS, n >> 3)} plan ${n} on ${topic}, and nothing but ${pick(TOPICS, n >> 5)}`;
  const line = `"${quote}," said ${nameOf(person)} (${n}).`;
  const fact = {
    type: 'statement',
    id: `${report}-statement-${m}`,
    speakers: [`person/person-${person}`],
    mode: 'direct',
    parts: [
      { role: 'content', quoted: true, quote, supports: ['topics'] },
      { role: 'cue', quote: 'said', prefix: `${quote}," ` },
      {
        role: 'source',
        quote: nameOf(person),
        prefix: `${quote}," said `,
        supports: ['speakers', 'saidOn', 'event'],
      },
    ],
    topics: [topic],
    event: `event/${report}-meeting-${n % MEETINGS}`,
    saidOn: day,
  };
  return { line, fact };
}

function dossier(id: string, publishedOn: string, lines: string[], facts: unknown[]): DossierFiles {
  const document = {
    id,
    title: `Report ${id}`,
    language: 'en',
    publishedOn,
    rights: { statement: 'Invented', display: 'full' },
  };
  return { id, source: lines.join('\n'), facts: stringify({ document, facts }) };
}

const nameOf = (n: number) => `${'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[n % 26]}. ${pick(SURNAMES, n)} ${n}`;
const pick = (values: string[], n: number) => values[n % values.length] as string;
