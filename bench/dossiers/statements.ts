/** What is said: quoted, reported, or by the report itself. */
import { type Actor, anybody, type Draft, inferred, ownId, ownReference, someone } from './draft.ts';
import { topicIn } from './events.ts';
import { listed, type Quote } from './text.ts';

/** As in the first dossier, which begins with three assessments of its own. */
const MODES = [
  'narrative',
  'narrative',
  'narrative',
  'indirect',
  'indirect',
  'indirect',
  'indirect',
  'direct',
  'direct',
  'mixed',
  'direct',
] as const;
const CUES = ['said', 'warned', 'announced', 'told reporters that', 'insisted', 'conceded', 'replied'];
const VERBS = ['welcome', 'refuse', 'study', 'postpone', 'finance', 'inspect', 'defend', 'rewrite'];
const MANNERS = ['bold', 'costly', 'timely', 'modest', 'unheard of', 'overdue', 'reckless', 'sound'];

interface Saying {
  speakers: Actor[];
  source: string;
  cue: string;
  /** A number that no other plan has. */
  plan: string;
  topics: [string, string];
}

type Parts = Record<string, unknown>[];

export function addStatements(draft: Draft): void {
  for (let i = 0; i < draft.counts.statement; i += 1) addStatement(draft, i);
}

function addStatement(draft: Draft, i: number): void {
  const { n, facts, publishedOn, random, before } = draft;
  const mode = MODES[i % MODES.length] as (typeof MODES)[number];
  const speakers = mode === 'narrative' ? [] : speakersIn(draft);
  const [topic, other] = [topicIn(draft), topicIn(draft)];
  const source = listed(speakers.map(({ name }) => name));
  const plan = `plan ${before.statement + i}`;
  const { quote, parts, modality } = WRITERS[mode](draft, {
    speakers,
    source,
    cue: random.pick(CUES),
    plan,
    topics: [topic, other],
  });
  const about = aboutIn(draft, i);
  const event = i % 4 === 3 && draft.counts.event > 0;
  const dated = i % 3 === 1;
  facts.push({
    type: 'statement',
    id: ownId(n, 'statement', i),
    ...(speakers.length > 0 && { speakers: speakers.map(({ reference }) => reference) }),
    mode,
    parts,
    ...(modality.length > 0 && { modality }),
    ...(i % 11 === 5 && { addressees: [someone(draft, 'country').reference] }),
    about,
    topics: i % 5 === 0 && topic !== other ? [topic, other] : [topic],
    ...(event && { event: ownReference(draft, 'event', i % draft.counts.event) }),
    ...(dated && { saidOn: publishedOn }),
    ...(i % 5 < 3 && { evidence: [quote(plan, { supports: ['about'] })] }),
    inferences: inferred(
      ['identified', ['about'], `"${plan}" and what it touches are what the sentences around it speak of`],
      ['derived', ['addressees'], i % 11 === 5 && 'It is said as an answer to them'],
      ['derived', ['event'], event && 'The sentence stands among those on this gathering'],
      ['derived', ['saidOn'], dated && `Reported as of the day of publication, ${publishedOn}`],
    ),
  });
}

/** Mostly one, mostly a person. */
function speakersIn(draft: Draft): Actor[] {
  const first = draft.random.oneIn(3) ? anybody(draft) : someone(draft, 'person');
  const second = draft.random.oneIn(12) ? anybody(draft) : first;
  return second.reference === first.reference ? [first] : [first, second];
}

/** Facts of several types, of this report and of those before. */
function aboutIn(draft: Draft, i: number): string[] {
  const { counts } = draft;
  const own = (['proposal', 'event', 'sanctions-round', 'figure'] as const)[i % 4] ?? 'event';
  const first =
    counts[own] > 0 ? ownReference(draft, own, i % counts[own]) : someone(draft, 'country').reference;
  return [...new Set([first, anybody(draft).reference])];
}

const WRITERS: Record<
  (typeof MODES)[number],
  (draft: Draft, saying: Saying) => { quote: Quote; parts: Parts; modality: string[] }
> = {
  narrative({ text, random }, { plan, topics: [topic, other] }) {
    const words = `The ${random.pick(MANNERS)} ${plan} on ${topic} would likely ${random.pick(VERBS)} ${other}`;
    const quote = text.line(`${words}.`);
    return { quote, parts: [content(quote, words)], modality: ['conditional', 'probable'] };
  },
  indirect({ text, random }, { source, cue, plan, topics: [topic, other] }) {
    const words = `${plan} on ${topic} will ${random.pick(VERBS)} ${other}`;
    const quote = text.line(`${source} ${cue} ${words}.`);
    return { quote, parts: [...spoken(quote, source, cue), content(quote, words)], modality: ['future'] };
  },
  direct({ text, random }, { source, plan, topics: [topic, other] }) {
    const words = `We ${random.pick(VERBS)} ${plan} on ${topic}, and ${random.pick(VERBS)} nothing but ${other}`;
    const quote = text.line(`"${words}," said ${source}.`);
    return { quote, parts: [content(quote, words, true), ...spoken(quote, source, 'said')], modality: [] };
  },
  mixed({ text, random }, { source, cue, plan, topics: [topic] }) {
    const [before, quoted, after] = [
      `${plan} was`,
      `${random.pick(MANNERS)} and not ${random.pick(MANNERS)}`,
      `for ${topic}`,
    ];
    const quote = text.line(`${source} ${cue} ${before} "${quoted}" ${after}.`);
    const parts = [content(quote, before), content(quote, quoted, true), content(quote, after)];
    return { quote, parts: [...spoken(quote, source, cue), ...parts], modality: ['negative'] };
  },
};

const content = (quote: Quote, words: string, quoted = false) =>
  quote(words, { role: 'content', ...(quoted && { quoted }), supports: ['topics'] });

const spoken = (quote: Quote, source: string, cue: string): Parts => [
  quote(source, { role: 'source' }),
  quote(cue, { role: 'cue' }),
];
