/** Span of evidence that tells a fact best, for everything that shows a single quotation. */
import type { FactType } from './fact-type.ts';
import { isPlaceholder } from './redaction.ts';
import type { Fact } from './response-schemas.ts';

type EvidenceSpan = NonNullable<Fact['evidence']>[number];

/**
 * Returns the span that supports most of the fields that name the fact; of several, the one that supports most of
 * its fields, then the first. Redacted words come last. Returns null for a fact without evidence.
 */
export function findMainEvidence({ namingFields }: FactType, { evidence = [] }: Fact): EvidenceSpan | null {
  let main: EvidenceSpan | null = null;
  let mainRank: readonly number[] = [];
  for (const span of evidence) {
    const naming = span.supports.filter((field) => namingFields.includes(field)).length;
    const rank = [isPlaceholder(span.exact) ? 0 : 1, naming, span.supports.length];
    if (main && !isHigher(rank, mainRank)) continue;
    main = span;
    mainRank = rank;
  }
  return main;
}

/** Compares two ranks number by number. */
function isHigher(rank: readonly number[], other: readonly number[]): boolean {
  const index = rank.findIndex((value, position) => value !== other[position]);
  return index >= 0 && (rank[index] as number) > (other[index] as number);
}

/** Returns the evidence with the main span first, for lists of which readers see the beginning. */
export function listEvidence(factType: FactType, fact: Fact): EvidenceSpan[] {
  const main = findMainEvidence(factType, fact);
  return main ? [main, ...(fact.evidence ?? []).filter((span) => span !== main)] : [];
}
