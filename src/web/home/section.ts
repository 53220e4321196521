import { type Html, html } from '../../lib/html.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { renderFactLink } from '../format-values.ts';

export interface Section {
  /** Fragment of links to the section. */
  id: string;
  title: string;
  /** One sentence about the content. */
  intro?: Html | null;
  body: Html;
  /** Link to the complete list. */
  allLink: { url: string; text: string };
}

export const renderSection = ({ id, title, intro = null, body, allLink }: Section): Html =>
  html`<section class="section" id="${id}" aria-labelledby="${id}-title">
<div class="section-head"><h2 id="${id}-title">${title}</h2><p class="all-link"><a href="${allLink.url}">${allLink.text}</a></p></div>
${intro && html`<p class="intro">${intro}</p>\n`}${body}
</section>
`;

export const renderEmpty = (text: string | Html): Html => html`<p class="empty">${text}</p>`;

/** Statement through which the document vouches for the fact; null if it says so in its own voice. */
export const renderAttribution = ({ accordingTo: statement }: Fact): Html | null =>
  statement ? html` <span class="attribution">according to ${renderFactLink(statement, 90)}</span>` : null;

/** True if one of `fields` was inferred, at least in part. */
export const isInferred = ({ inferences }: Fact, ...fields: string[]): boolean =>
  inferences.some((inference) => fields.some((field) => inference.fields.includes(field)));

/** Marks the preceding value as inferred; in words, because not all readers see the dashed edges. */
export const INFERRED_MARK = html` <span class="inferred">inferred</span>`;

/** Formats a percentage for attributes of SVG. */
export const formatPercent = (share: number): string => `${Math.round(share * 100) / 100}%`;
