/** What a report says about facts of those before it: how the world moved on, and what was wrong. */
import { type Draft, ownReference, reportId, sharedId, someone } from './draft.ts';
import { countsBefore, countsIn, type FactType } from './quota.ts';

/** Together with the facts that come in again, they bring a tenth of all facts to a second version. */
const DEVELOPMENTS = 6;

/** What the status of a fact may have become. */
const BECOMES = {
  event: ['held', 'held', 'cancelled', 'postponed'],
  'sanctions-round': ['adopted', 'announced', 'lifted'],
  proposal: ['adopted', 'rejected', 'decision-expected'],
  'battle-group-deployment': ['deployed', 'deploying', 'withdrawn'],
};
const DEVELOPING = Object.keys(BECOMES) as (keyof typeof BECOMES)[];
const TITLES = ['Minister', 'Speaker', 'Ambassador'];

/** What may have been wrong. */
const CORRECTED = [
  { type: 'figure', field: 'qualifier', values: ['approximately', 'at-least', 'at-most'] },
  { type: 'membership', field: 'role', values: ['observer', 'guest', 'deputy'] },
] as const;

interface Planned {
  fact: string;
  fields: Record<string, unknown>;
  words: string;
  reason?: string;
}

export interface Amendments {
  develops: Record<string, unknown>[];
  corrects: Record<string, unknown>[];
}

export function amend(draft: Draft): Amendments {
  const { n, random } = draft;
  if (n === 0) return { develops: [], corrects: [] };
  // What was reported lately is spoken of the most.
  const earlier = () => n - 1 - random.rank(n);
  const developed = Array.from({ length: DEVELOPMENTS }, (_, i) =>
    i === 0 ? developPerson(draft, earlier()) : develop(draft, earlier()),
  );
  const corrected = CORRECTED.map((_, i) => correct(draft, earlier(), i));
  // One report says one thing about a fact.
  const once = [...new Map(developed.map((each) => [each.fact, each])).values()];
  return {
    develops: once.map((each) => written(draft, each)),
    corrects: corrected.map((each) => written(draft, each)),
  };
}

function develop({ random }: Draft, m: number): Planned {
  const type = random.pick(DEVELOPING);
  const k = random.below(countsIn(m)[type]);
  const status = random.pick(BECOMES[type]);
  const words = `${named(type, k, m)} is now ${status}`;
  return { fact: ownReference({ n: m }, type, k), fields: { status }, words };
}

function developPerson(draft: Draft, m: number): Planned {
  const { random } = draft;
  const k = countsBefore(m).person + random.below(countsIn(m).person);
  const of = someone(draft, 'country');
  const title = random.pick(TITLES);
  const words = `Person ${k} is now ${title} of ${of.name}`;
  return { fact: `person/${sharedId('person', k)}`, fields: { posts: [{ title, of: of.reference }] }, words };
}

function correct({ n, random }: Draft, m: number, i: number): Planned {
  const { type, field, values } = CORRECTED[i] as (typeof CORRECTED)[number];
  // Another one than the reports right after it correct: one that comes in again must not be late with its word.
  const k = (n - m) % countsIn(m)[type];
  const value = random.pick<string>(values);
  const words = `${named(type, k, m)} should have been given as ${value}`;
  const reason = `${reportId(m)} took it for something else`;
  return { fact: ownReference({ n: m }, type, k), fields: { [field]: value }, words, reason };
}

function named(type: FactType, k: number, m: number): string {
  return `${type.slice(0, 1).toUpperCase()}${type.slice(1).replaceAll('-', ' ')} ${k} of ${reportId(m)}`;
}

function written({ text }: Draft, { fact, fields, words, reason }: Planned): Record<string, unknown> {
  const evidence = [text.line(`${words}.`)(words, { supports: Object.keys(fields) })];
  return { fact, fields, evidence, ...(reason !== undefined && { reason }) };
}
