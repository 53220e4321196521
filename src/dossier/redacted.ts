/** What is kept of a dossier whose text was redacted: what its check came to, without the words. */
import { type Blank, blankedCarriers, blankedFields } from '../model/redaction.ts';
import { resourceOf } from '../model/types/index.ts';
import type { DossierContent } from './validate.ts';
import { problemNowhere } from './validation-errors.ts';

/** `content` as JSON, with `blank` in place of all words of the text. */
export function checkedWithoutWords(content: DossierContent, blank: Blank): string {
  const { id, publishedOn, facts, amendments, retractions, renames } = content;
  const kept: Omit<DossierContent, 'problemAt'> = {
    id,
    publishedOn,
    facts: facts.map(({ body, ...fact }) => ({
      ...fact,
      body: blankedFields(resourceOf(fact.type), blankedCarriers(body, blank), blank),
    })),
    amendments: amendments.map((amendment) => ({
      ...blankedCarriers(amendment, blank),
      fields: blankedFields(resourceOf(amendment.fact.type), amendment.fields, blank),
    })),
    retractions,
    renames,
  };
  return JSON.stringify(kept);
}

/** The dossier of which that was kept. */
export const contentOf = (checked: string): DossierContent => ({
  ...(JSON.parse(checked) as Omit<DossierContent, 'problemAt'>),
  problemAt: problemNowhere,
});
