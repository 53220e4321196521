/** How a fact came to be what it is: every version, by whom, when and why, and what it changed. */
import { CAUSE_LABELS, renderFieldChanges } from '../../formats/feeds/change-html.ts';
import { bdi, type Html, html } from '../../lib/html.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { Correction } from '../fact-notices.ts';
import { humanize, renderTimestamp, toFactUrl } from '../format-values.ts';
import type { ApiClient } from '../page-route.ts';

interface Version extends Correction {
  version: number;
  /** The id that it went by. */
  id: string;
  author: string;
  reviewer?: string;
  note: string;
}

export interface Versions {
  /** The oldest first. */
  data: Version[];
  links: { next: string | null };
}

/** Each version tells all evidence before it and since: of facts that are named in every report only corrections are told. */
const MAX_VERSIONS = 50;

export const loadVersions = (api: ApiClient, path: string): Promise<Versions> =>
  api.json(`${path}/versions`, { limit: String(MAX_VERSIONS) });

/** `corrections` are told in the place of all versions where there are too many of these. */
export function renderHistory(fact: Fact, { data, links }: Versions, corrections: Correction[]): Html {
  const all = html`<a href="${fact.links.self}/versions?limit=200">all as JSON</a>`;
  return html`<section aria-labelledby="history">
<h2 id="history">How it came about</h2>
${
  links.next
    ? html`<p class="small">It has ${fact.version} versions (${all}), most of which add further words that carry it. What was wrong with it:</p>
${corrections.length === 0 ? html`<p class="none">Nothing so far.</p>` : html`<ul class="versions">\n${corrections.map(renderCorrection)}</ul>`}`
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
    reviewer === undefined ? null : html`, looked over by ${bdi(reviewer)}`
  }: ${bdi(note)}. <a href="${toFactUrl({ type: fact.type, id })}?asOf=${revision}" rel="nofollow">As it was at revision ${revision}</a></p>
</li>
`;
}
