/** Whether a fact still stands: what whoever comes for it must be told before anything else. */
import type { Cause, FieldChange } from '../facts/change.ts';
import type { Fact } from '../facts/representation.ts';
import { type Html, html, isolated } from '../html.ts';
import type { Ask } from './page.ts';
import { instant } from './values.ts';

/** A change as `/v1/corrections` and the versions of a fact tell it. */
export interface Correction {
  revision: number;
  recordedAt: string;
  cause: Cause;
  reason?: string;
  fields: FieldChange[];
}

/** The newest correction of a fact, up to the revision of the page. */
export async function lastCorrection(ask: Ask, { type, id }: Fact): Promise<Correction | null> {
  const { data } = await ask.json<{ data: Correction[] }>('/v1/corrections', {
    fact: `${type}/${id}`,
    limit: '5',
  });
  return data.find(({ cause }) => cause === 'correction') ?? null;
}

/** Withdrawn and corrected, in this order; nothing of a fact that stands as it was first recorded. */
export function standing(
  { retracted }: Fact,
  correction: Correction | null,
  changed: Html | null = null,
): Html {
  return html`${
    retracted
      ? html`<p class="notice withdrawn" role="note"><strong>Withdrawn</strong> at revision ${retracted.revision}: ${isolated(retracted.reason)}</p>\n`
      : null
  }${
    correction
      ? html`<div class="notice corrected" role="note"><p><strong>Corrected</strong> at revision ${correction.revision}, ${instant(correction.recordedAt)}: ${isolated(correction.reason ?? '')}</p>
${changed}</div>\n`
      : null
  }`;
}
