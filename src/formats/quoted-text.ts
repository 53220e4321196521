/** The words that stand for a fact where it is shown to people, and whose they are. */

import { type Html, html, joined } from '../lib/html.ts';
import type { Resource } from '../model/fact-type.ts';
import { isPlaceholder } from '../model/redaction.ts';
import type { Fact, Labelled } from '../model/response-schemas.ts';

interface Words {
  words: { exact: string; quoted: boolean }[];
  speakers: string[];
}

/** Of a saying what is said and by whom, of every other fact the words that carry it. */
export function wordsOf(resource: Resource, fact: Fact): Words {
  const saying = resource.saying?.(fact);
  if (saying) {
    const speakers = (saying.speakers as Labelled[]).map(({ label }) => label);
    return { words: saying.words, speakers };
  }
  const distinct = new Set(fact.evidence?.map(({ exact }) => exact));
  return { words: [...distinct].map((exact) => ({ exact, quoted: true })), speakers: [] };
}

/** A passage, in quotation marks where the source has it so; what stands for words that were taken out is nobody's. */
export const passage = ({ exact, quoted }: Words['words'][number]): Html =>
  quoted && !isPlaceholder(exact) ? html`&ldquo;${exact}&rdquo;` : html`${exact}`;

/** Passages, one after the other. */
export const passages = (words: Words['words']): Html => joined(words.map(passage), ' ');

/** The documents that a fact stands on, each once. */
export function sourcesOf({ evidence = [] }: Fact) {
  return [...new Map(evidence.map(({ document }) => [document.id, document])).values()];
}

/** The fields that no words state outright. */
export const inferredIn = ({ inferences }: Fact): string[] => [
  ...new Set(inferences.flatMap(({ fields }) => fields)),
];
