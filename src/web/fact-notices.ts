/** Whether a fact still stands: what whoever comes for it must be told before anything else. */
import { renderFieldChanges } from '../formats/feeds/change-html.ts';
import { bdi, type Html, html } from '../lib/html.ts';
import type { Cause, FieldChange } from '../model/change.ts';
import { isPlaceholder } from '../model/redaction.ts';
import type { Fact } from '../model/response-schemas.ts';
import type { Snapshot } from '../store/snapshot.ts';
import { isHistorical } from './as-of-links.ts';
import { humanize, renderTimestamp } from './format-values.ts';
import type { ApiClient } from './page-route.ts';

/** A change as `/v1/corrections` and the versions of a fact tell it. */
export interface Correction {
  revision: number;
  recordedAt: string;
  cause: Cause;
  reason?: string;
  fields: FieldChange[];
}

/** What was wrong with a fact, the newest first: up to now, whichever revision the page is of. */
export async function loadCorrections(
  api: ApiClient,
  { type, id }: Pick<Fact, 'type' | 'id'>,
  { latestRevision }: Snapshot,
): Promise<Correction[]> {
  const query = { fact: `${type}/${id}`, limit: '20' };
  return (await api.json<{ data: Correction[] }>('/v1/corrections', query, latestRevision)).data;
}

/** Withdrawn, corrected or without its words, each with the reason; nothing of a fact that stands as it was first recorded. */
export function renderFactNotices(
  fact: Fact,
  corrections: Correction[],
  snapshot: Snapshot,
  includeFields: boolean,
): Html {
  return html`${renderRetractionNotice(fact, corrections, snapshot)}${renderCorrectionNotice(corrections, snapshot, includeFields)}${renderRedactionNotice(fact)}`;
}

function renderRetractionNotice(
  { retracted }: Fact,
  [latest]: Correction[],
  snapshot: Snapshot,
): Html | null {
  const laterRetraction =
    isHistorical(snapshot) && latest?.cause === 'retraction' && latest.revision > snapshot.revision
      ? latest
      : null;
  const retraction = laterRetraction ?? retracted;
  if (!retraction) return null;
  return html`<p class="notice retracted" role="note"><strong>Withdrawn</strong>${laterRetraction ? ' since,' : null} at revision ${retraction.revision}: ${bdi(retraction.reason ?? '')}</p>
`;
}

function renderCorrectionNotice(
  corrections: Correction[],
  { revision }: Snapshot,
  includeFields: boolean,
): Html | null {
  const correction = corrections.find(({ cause }) => cause === 'correction');
  if (!correction) return null;
  const since = correction.revision > revision ? ' since,' : null;
  return html`<div class="notice corrected" role="note"><p><strong>Corrected</strong>${since} at revision ${correction.revision}, ${renderTimestamp(correction.recordedAt)}: ${bdi(correction.reason ?? '')}</p>
${includeFields ? renderFieldChanges(correction.fields.filter(isContentChange), humanize) : null}</div>
`;
}

/** Which words carry it since, and why, is among its fields and in its history. */
const isContentChange = ({ field }: FieldChange): boolean => field !== 'evidence' && field !== 'inferences';

/** Placeholders are no words that anybody has said. */
const renderRedactionNotice = ({ evidence = [] }: Fact): Html | null =>
  evidence.some(({ exact }) => isPlaceholder(exact))
    ? html`<p class="notice redacted" role="note"><strong>Taken out</strong>: words of a source that carried it are not in the record any more; placeholders stand for them.</p>
`
    : null;
