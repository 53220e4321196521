/** Linked data within pages, for search engines and other consumers that fetch no context. */
import type { FactType } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { buildContextDocument } from './context.ts';
import { buildFactNode } from './index.ts';

/** Context that consumers of schema.org recognize by its URL, without fetching it. */
export const SCHEMA_ORG_CONTEXT_URL = 'https://schema.org';

/** Builds the node of a fact with the context of schema.org, followed by the project's own terms. */
export const buildPageNode = (factType: FactType, fact: Fact, publicUrl: string): object => ({
  '@context': [SCHEMA_ORG_CONTEXT_URL, getOwnTerms(factType)],
  ...buildFactNode(factType, fact, publicUrl),
});

/** Returns the part of the context that the context of schema.org lacks, for facts of one type. */
function getOwnTerms(factType: FactType): object {
  const cached = ownTermsByType.get(factType);
  if (cached) return cached;
  const terms = Object.entries(buildContextDocument([factType])['@context']);
  // Terms with a type of values stay, because consumers differ in the types that they assume.
  const ownTerms = Object.fromEntries(terms.filter(([name, definition]) => definition !== `schema:${name}`));
  ownTermsByType.set(factType, ownTerms);
  return ownTerms;
}

const ownTermsByType = new Map<FactType, object>();
