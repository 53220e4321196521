/** Notices that a fact was retracted, corrected or redacted; readers must see them before anything else. */
import { type Change, listFactCorrections } from '../api/service/changes.ts';
import type { SnapshotReader } from '../api/service/snapshot-reader.ts';
import { renderFieldChanges } from '../formats/feeds/change-html.ts';
import { bdi, type Html, html } from '../lib/html.ts';
import type { FieldChange } from '../model/change.ts';
import type { Reference } from '../model/fields.ts';
import { isPlaceholder } from '../model/redaction.ts';
import type { Fact } from '../model/response-schemas.ts';
import type { Snapshot } from '../store/snapshot.ts';
import { isHistorical } from './as-of-links.ts';
import { humanize, renderTimestamp } from './format-values.ts';

/** Change to a fact, whether it comes from its versions or from the list of corrections. */
export type Correction = Pick<Change, 'revision' | 'recordedAt' | 'cause' | 'reason' | 'fields'>;

const MAX_CORRECTIONS = 20;

/** Loads the corrections of a fact, newest first; on historical pages also those made later. */
export const loadCorrections = (reader: SnapshotReader, fact: Reference): Promise<Correction[]> =>
  listFactCorrections(reader, { type: fact.type, id: fact.id }, MAX_CORRECTIONS);

/** Renders notices of retraction, correction and redaction; nothing for a fact that has none of them. */
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
  return html`<p class="notice retracted" role="note"><strong>Retracted</strong>${laterRetraction ? ' later,' : null} at revision ${retraction.revision}: ${bdi(retraction.reason ?? '')}</p>
`;
}

function renderCorrectionNotice(
  corrections: Correction[],
  { revision }: Snapshot,
  includeFields: boolean,
): Html | null {
  const correction = corrections.find(({ cause }) => cause === 'correction');
  if (!correction) return null;
  const since = correction.revision > revision ? ' later,' : null;
  return html`<div class="notice corrected" role="note"><p><strong>Corrected</strong>${since} at revision ${correction.revision}, ${renderTimestamp(correction.recordedAt)}: ${bdi(correction.reason ?? '')}</p>
${includeFields ? renderFieldChanges(correction.fields.filter(isContentChange), humanize) : null}</div>
`;
}

/** False for changes of evidence and inferences, which the details and the history show. */
const isContentChange = ({ field }: FieldChange): boolean => field !== 'evidence' && field !== 'inferences';

/** Explains placeholders, so that readers do not take them for quotations. */
const renderRedactionNotice = ({ evidence = [] }: Fact): Html | null =>
  evidence.some(({ exact }) => isPlaceholder(exact))
    ? html`<p class="notice redacted" role="note"><strong>Redacted</strong>: words of a source that supported this fact were removed for legal reasons; placeholders replace them.</p>
`
    : null;
