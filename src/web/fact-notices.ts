/** Whether a fact still stands: what whoever comes for it must be told before anything else. */
import { fieldsAsHtml } from '../formats/feeds/change-html.ts';
import { type Html, html, isolated } from '../lib/html.ts';
import type { Cause, FieldChange } from '../model/change.ts';
import { isPlaceholder } from '../model/redaction.ts';
import type { Fact } from '../model/response-schemas.ts';
import type { Reading } from '../store/snapshot.ts';
import { isPast } from './as-of-links.ts';
import { instant, words } from './format-values.ts';
import type { Ask } from './page-route.ts';

/** A change as `/v1/corrections` and the versions of a fact tell it. */
export interface Correction {
  revision: number;
  recordedAt: string;
  cause: Cause;
  reason?: string;
  fields: FieldChange[];
}

/** What was wrong with a fact, the newest first: up to now, whichever revision the page is of. */
export async function correctionsOf(
  ask: Ask,
  { type, id }: Pick<Fact, 'type' | 'id'>,
  { newest }: Reading,
): Promise<Correction[]> {
  const asked = { fact: `${type}/${id}`, limit: '20' };
  return (await ask.json<{ data: Correction[] }>('/v1/corrections', asked, newest)).data;
}

/** Withdrawn, corrected or without its words, each with the reason; nothing of a fact that stands as it was first recorded. */
export function standing(fact: Fact, corrections: Correction[], reading: Reading, withFields: boolean): Html {
  return html`${withdrawn(fact, corrections, reading)}${corrected(corrections, reading, withFields)}${redacted(fact)}`;
}

function withdrawn({ retracted }: Fact, [last]: Correction[], reading: Reading): Html | null {
  const since =
    isPast(reading) && last?.cause === 'retraction' && last.revision > reading.revision ? last : null;
  const told = since ?? retracted;
  if (!told) return null;
  return html`<p class="notice withdrawn" role="note"><strong>Withdrawn</strong>${since ? ' since,' : null} at revision ${told.revision}: ${isolated(told.reason ?? '')}</p>
`;
}

function corrected(corrections: Correction[], { revision }: Reading, withFields: boolean): Html | null {
  const last = corrections.find(({ cause }) => cause === 'correction');
  if (!last) return null;
  const since = last.revision > revision ? ' since,' : null;
  return html`<div class="notice corrected" role="note"><p><strong>Corrected</strong>${since} at revision ${last.revision}, ${instant(last.recordedAt)}: ${isolated(last.reason ?? '')}</p>
${withFields ? fieldsAsHtml(last.fields.filter(isContent), words) : null}</div>
`;
}

/** Which words carry it since, and why, is among its fields and in its history. */
const isContent = ({ field }: FieldChange): boolean => field !== 'evidence' && field !== 'inferences';

/** Placeholders are no words that anybody has said. */
const redacted = ({ evidence = [] }: Fact): Html | null =>
  evidence.some(({ exact }) => isPlaceholder(exact))
    ? html`<p class="notice taken-out" role="note"><strong>Taken out</strong>: words of a source that carried it are not in the record any more; placeholders stand for them.</p>
`
    : null;
