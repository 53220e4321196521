/** Stored content of a dossier whose text was redacted: the result of its validation, without the words. */
import { type Redactor, redactEvidenceAndInferences, redactFields } from '../model/redaction.ts';
import { getFactType } from '../model/types/index.ts';
import type { DossierContent } from './validate.ts';
import { createGlobalProblem } from './validation-errors.ts';

/** Serializes `content` as JSON; `redactor` replaces all words of the text. */
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

/** Parses the output of `serializeRedactedContent`. Its problems have no position, as the file is gone. */
export const parseRedactedContent = (json: string): DossierContent => ({
  ...(JSON.parse(json) as Omit<DossierContent, 'createProblem'>),
  createProblem: createGlobalProblem,
});
