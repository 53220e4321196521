/** What a report says about facts of those before it: how the world moved on, and what was wrong. */
import { type Draft, ownReference, reportId, sharedId, someone } from './draft.ts';
import { countsBefore, countsIn, type FactType } from './quota.ts';
import type { Quote } from './text.ts';

/** Together with the facts that come in again, they bring a tenth of all facts to a second version. */
const DEVELOPMENTS = 6;
const CORRECTIONS = 2;

/** What a field may have become. */
const BECOMES: [FactType, string[]][] = [
  ['event', ['held', 'held', 'cancelled', 'postponed']],
  ['sanctions-round', ['adopted', 'announced', 'lifted']],
  ['proposal', ['adopted', 'rejected', 'decision-expected']],
  ['battle-group-deployment', ['deployed', 'deploying', 'withdrawn']],
];

export interface Amendments {
  develops: Record<string, unknown>[];
  corrects: Record<string, unknown>[];
}

export function amend(draft: Draft): Amendments {
  const { n, random } = draft;
  if (n === 0) return { develops: [], corrects: [] };
  const seen = new Set<unknown>();
  const once = (entries: Record<string, unknown>[]) =>
    entries.filter(({ fact }) => !seen.has(fact) && seen.add(fact));
  // What was reported lately moves on the most.
  const earlier = () => n - 1 - random.rank(n);
  return {
    develops: once(Array.from({ length: DEVELOPMENTS }, (_, i) => develop(draft, earlier(), i))),
    corrects: once(Array.from({ length: CORRECTIONS }, (_, i) => correct(draft, earlier(), i))),
  };
}

function develop(draft: Draft, m: number, i: number): Record<string, unknown> {
  const { text, random } = draft;
  const chosen = BECOMES[i];
  if (!chosen) return i === 4 ? developPerson(draft, m) : develop(draft, m, random.below(BECOMES.length));
  const [type, values] = chosen;
  const k = random.below(countsIn(m)[type]);
  const status = random.pick(values);
  const quote = text.line(`${named(type, k, m)} is now ${status}.`);
  return amendment(quote, `${named(type, k, m)} is now ${status}`, ownReference({ n: m }, type, k), {
    status,
  });
}

function developPerson(draft: Draft, m: number): Record<string, unknown> {
  const { text, random } = draft;
  const k = countsBefore(m).person + random.below(countsIn(m).person);
  const of = someone(draft, 'country');
  const title = random.pick(['Minister', 'Speaker', 'Ambassador']);
  const words = `Person ${k} is now ${title} of ${of.name}`;
  return amendment(text.line(`${words}.`), words, `person/${sharedId('person', k)}`, {
    posts: [{ title, of: of.reference }],
  });
}

function correct(draft: Draft, m: number, i: number): Record<string, unknown> {
  const { text, random } = draft;
  const [type, field, values] = (
    [
      ['figure', 'qualifier', ['approximately', 'at-least', 'at-most']],
      ['membership', 'role', ['observer', 'guest', 'deputy']],
    ] as const
  )[i % 2] as readonly [FactType, string, readonly string[]];
  const k = random.below(countsIn(m)[type]);
  const value = random.pick(values);
  const words = `${named(type, k, m)} should have been given as ${value}`;
  return {
    ...amendment(text.line(`${words}.`), words, ownReference({ n: m }, type, k), { [field]: value }),
    reason: `${reportId(m)} took it for something else`,
  };
}

const named = (type: FactType, k: number, m: number) =>
  `${type[0]?.toUpperCase()}${type.slice(1).replaceAll('-', ' ')} ${k} of ${reportId(m)}`;

const amendment = (quote: Quote, words: string, fact: string, fields: Record<string, unknown>) => ({
  fact,
  fields,
  evidence: [quote(words, { supports: Object.keys(fields) })],
});
