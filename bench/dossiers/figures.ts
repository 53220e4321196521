/** Numbers: of anything that the report tells of. */
import { anybody, type Draft, inferred, ownId, ownReference } from './draft.ts';
import { topicIn } from './events.ts';

const UNITS = [
  'ships',
  'days',
  'percent',
  'leaders',
  'tonnes',
  'votes',
  'rounds',
  'member states',
  'euros',
  'visas',
  'wagons',
  'permits',
];
const QUALIFIERS = {
  exact: '',
  'at-least': 'at least ',
  'at-most': 'at most ',
  'more-than': 'more than ',
  'less-than': 'less than ',
  approximately: 'about ',
};

export function addFigures(draft: Draft): void {
  const { n, edition, text, counts, facts, random } = draft;
  for (let i = 0; i < counts.figure; i += 1) {
    const unit = UNITS[random.rank(UNITS.length)] as string;
    // Most in the first dossier are exact.
    const qualifier = random.oneIn(3)
      ? random.pick(Object.keys(QUALIFIERS) as (keyof typeof QUALIFIERS)[])
      : 'exact';
    const value = random.oneIn(5) ? random.below(1_000_000) / 10 : random.rank(5_000);
    const topic = topicIn(draft);
    const statedAs = `${QUALIFIERS[qualifier]}${value} ${unit}`;
    const words = `On ${topic}, ${statedAs} were counted`;
    const quote = text.line(`${words}.`);
    const subject =
      i % 3 === 0 || counts.event === 0
        ? anybody(draft).reference
        : ownReference(draft, 'event', i % counts.event);
    facts.push({
      type: 'figure',
      id: ownId(n, 'figure', i),
      subject,
      measure: `${edition > 1 ? 'Number of' : 'Count of'} ${unit} that have to do with ${topic}`,
      value,
      unit,
      qualifier,
      statedAs,
      evidence: [
        quote(words, { supports: ['subject', 'measure', 'value', 'unit', 'qualifier', 'statedAs'] }),
        ...(i % 5 === 0 ? [quote(`On ${topic}`, { supports: ['measure'] })] : []),
      ],
      ...(i % 3 === 0 && {
        inferences: inferred(['derived', ['subject'], `What is counted on ${topic} is counted of them`]),
      }),
    });
  }
}
