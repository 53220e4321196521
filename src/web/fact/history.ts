/** History of a fact: each version with its author, time, reason and changes. */

import { listVersions, type Version } from '../../api/service/history.ts';
import type { SnapshotReader } from '../../api/service/snapshot-reader.ts';
import { CAUSE_LABELS, renderFieldChanges } from '../../formats/feeds/change-html.ts';
import { bdi, type Html, html } from '../../lib/html.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { Correction } from '../fact-notices.ts';
import { humanize, renderTimestamp, toFactUrl } from '../format-values.ts';

export type Versions = Awaited<ReturnType<typeof loadVersions>>;

/** Each version lists all evidence before and after it; facts with more versions show only corrections. */
const MAX_VERSIONS = 50;

export const loadVersions = (reader: SnapshotReader, factType: FactType, id: string) =>
  listVersions(reader, factType, id, { after: null, limit: MAX_VERSIONS });

/** Renders all versions, or only `corrections` if there are too many versions. */
export function renderHistory(fact: Fact, { data, next }: Versions, corrections: Correction[]): Html {
  const all = html`<a href="${fact.links.self}/versions?limit=200">all versions as JSON</a>`;
  return html`<section aria-labelledby="history">
<h2 id="history">History</h2>
${
  next
    ? html`<p class="small">This fact has ${fact.version} versions (${all}), most of which only add evidence. Corrections:</p>
${corrections.length === 0 ? html`<p class="none">None so far.</p>` : html`<ul class="versions">\n${corrections.map(renderCorrection)}</ul>`}`
    : html`<ol class="versions" reversed>
${data.toReversed().map((each) => renderVersion(fact, each))}</ol>`
}
</section>`;
}

const renderCorrection = (correction: Correction): Html => html`<li class="cause-${correction.cause}">
${renderCause(correction)}${renderFieldChanges(correction.fields, humanize)}<p class="small">${renderTimestamp(correction.recordedAt)}, revision ${correction.revision}</p>
</li>
`;

const renderCause = ({ cause, reason }: Correction): Html =>
  html`<p><strong>${CAUSE_LABELS[cause]}</strong>${reason === undefined ? null : html`: ${bdi(reason)}`}</p>\n`;

function renderVersion(fact: Fact, version: Version): Html {
  const { id, cause, revision, recordedAt, author, reviewer, note, fields } = version;
  return html`<li value="${version.version}" class="cause-${cause}">
${renderCause(version)}${cause === 'addition' ? null : renderFieldChanges(fields, humanize)}<p class="small">${renderTimestamp(recordedAt)}, by ${bdi(author)}${
    reviewer === undefined ? null : html`, reviewed by ${bdi(reviewer)}`
  }: ${bdi(note)}. <a href="${toFactUrl({ type: fact.type, id })}?asOf=${revision}" rel="nofollow">View revision ${revision}</a></p>
</li>
`;
}
