/** How a fact came to be what it is: every version, by whom, when and why, and what it changed. */
import { CAUSE_WORDS, fieldsAsHtml } from '../../collection/history/html.ts';
import type { Fact } from '../../facts/representation.ts';
import { type Html, html, isolated } from '../../html.ts';
import type { Ask } from '../page.ts';
import { type Correction, standing } from '../standing.ts';
import { instant, pageOf } from '../values.ts';

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

export const versionsOf = (ask: Ask, path: string): Promise<Versions> =>
  ask.json(`${path}/versions`, { limit: '200' });

/** What must be said first: that it was withdrawn, or what of it was wrong. */
export function notices(fact: Fact, { data }: Versions): Html {
  const correction = data.findLast(({ cause }) => cause === 'correction') ?? null;
  return standing(fact, correction, correction && fieldsAsHtml(correction.fields));
}

export function history(fact: Fact, { data, links }: Versions): Html {
  return html`<section aria-labelledby="history">
<h2 id="history">How it came about</h2>
${links.next ? html`<p class="small">The oldest ${data.length} of ${fact.version} versions; <a href="${fact.links.self}/versions?limit=200">all as JSON</a>.</p>\n` : null}<ol class="versions" reversed>
${data.toReversed().map((each) => versionItem(fact, each))}</ol>
</section>`;
}

function versionItem(fact: Fact, version: Version): Html {
  const { id, cause, reason, revision, recordedAt, author, reviewer, note, fields } = version;
  return html`<li value="${version.version}" class="c-${cause}">
<p><strong>${CAUSE_WORDS[cause]}</strong>${reason === undefined ? null : html`: ${isolated(reason)}`}</p>
${cause === 'addition' ? null : fieldsAsHtml(fields)}<p class="small">${instant(recordedAt)}, by ${isolated(author)}${
    reviewer === undefined ? null : html`, looked over by ${isolated(reviewer)}`
  }: ${isolated(note)}. <a href="${pageOf({ type: fact.type, id })}?asOf=${revision}" rel="nofollow">As it was at revision ${revision}</a></p>
</li>
`;
}
