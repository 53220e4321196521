/** What is kept of a dossier whose text was redacted: what its check came to, without the words. */
import { type Redactor, redactEvidenceAndInferences, redactFields } from '../model/redaction.ts';
import { getFactType } from '../model/types/index.ts';
import type { DossierContent } from './validate.ts';
import { createGlobalProblem } from './validation-errors.ts';

/** `content` as JSON, with `blank` in place of all words of the text. */
export function serializeRedactedContent(content: DossierContent, redactor: Redactor): string {
  const { id, publishedOn, facts, amendments, retractions, renames } = content;
  const redactedContent: Omit<DossierContent, 'createProblem'> = {
    id,
    publishedOn,
    facts: facts.map(({ body, ...fact }) => ({
      ...fact,
      body: redactFields(getFactType(fact.type), redactEvidenceAndInferences(body, redactor), redactor),
    })),
    amendments: amendments.map((amendment) => ({
      ...redactEvidenceAndInferences(amendment, redactor),
      fields: redactFields(getFactType(amendment.fact.type), amendment.fields, redactor),
    })),
    retractions,
    renames,
  };
  return JSON.stringify(redactedContent);
}

/** The dossier of which that was kept. */
export const parseRedactedContent = (json: string): DossierContent => ({
  ...(JSON.parse(json) as Omit<DossierContent, 'createProblem'>),
  createProblem: createGlobalProblem,
});
