/** Number of English noun phrases: units such as `member states`, names such as `The Baltics`. */

const IRREGULAR_SINGULARS: Record<string, string> = {
  aircraft: 'aircraft',
  analyses: 'analysis',
  bases: 'base',
  bonuses: 'bonus',
  buses: 'bus',
  calories: 'calorie',
  campuses: 'campus',
  censuses: 'census',
  children: 'child',
  crises: 'crisis',
  criteria: 'criterion',
  echoes: 'echo',
  feet: 'foot',
  halves: 'half',
  heroes: 'hero',
  inches: 'inch',
  knives: 'knife',
  kroner: 'krone',
  kronor: 'krona',
  lives: 'life',
  men: 'man',
  movies: 'movie',
  people: 'person',
  police: 'police',
  potatoes: 'potato',
  statuses: 'status',
  surpluses: 'surplus',
  thieves: 'thief',
  ties: 'tie',
  vetoes: 'veto',
  viruses: 'virus',
  wives: 'wife',
  wolves: 'wolf',
  women: 'woman',
};
/** Nouns whose singular ends like a plural, or whose plural has no ending. */
const UNCHANGED = new Set([
  'gas',
  'headquarters',
  'means',
  'news',
  'percent',
  'premises',
  'series',
  'species',
]);
const PREPOSITION =
  /\s+(?:after|at|against|among|before|between|by|for|from|in|of|on|outside|per|to|with|within|without)(?:\s|$)/i;
/** Part of the number itself: `1 million people`, not `1 million person`. */
const SCALE = /^(?:hundred|thousand|million|billion|trillion)\s/i;
/** Noun that is not part of a name, or an abbreviation in the plural: `NGOs`. */
const UNIT_NOUN = /^(?:\p{Ll}[\p{L}\p{M}-]*|\p{Lu}{2,}s)$/u;
/** Singular nouns for several: `Trade and Development Committee` is one. */
const COLLECTIVE_NOUN = /\b(?:alliance|bloc|coalition|commission|committee|council|forum|group|union)$/i;

/** Returns the singular of a noun phrase: `heads of state` becomes `head of state`. */
export function singularize(phrase: string): string {
  const head = SCALE.test(phrase) ? null : findHead(phrase, UNIT_NOUN);
  return head ? phrase.slice(0, head.start) + singularizeWord(head.word) + phrase.slice(head.end) : phrase;
}

/** True if a name takes a plural verb: `The Baltics`, `NATO leaders`, `France and Germany`, but not `Benelux`. */
export function isPluralName(name: string): boolean {
  const [subject = ''] = name.split(PREPOSITION);
  if (COLLECTIVE_NOUN.test(subject)) return false;
  if (/\sand\s/.test(subject)) return true;
  const word = findHead(name, /\p{L}/u)?.word.toLowerCase() ?? '';
  return word === 'police' || singularizeWord(word) !== word;
}

/** Finds the last word before a preposition that matches `pattern`. */
function findHead(phrase: string, pattern: RegExp): { word: string; start: number; end: number } | null {
  const subjectEnd = PREPOSITION.exec(phrase)?.index ?? phrase.length;
  const words = [...phrase.slice(0, subjectEnd).matchAll(/\S+/g)];
  const head = words.findLast(([word]) => pattern.test(word));
  return head ? { word: head[0], start: head.index, end: head.index + head[0].length } : null;
}

function singularizeWord(word: string): string {
  const irregular = IRREGULAR_SINGULARS[word];
  if (irregular !== undefined) return irregular;
  if (UNCHANGED.has(word) || /(?:ss|us|is)$/.test(word) || word.length < 3) return word;
  if (/[^aeiou]ies$/.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:sh|ch|x|ss|zz)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}
