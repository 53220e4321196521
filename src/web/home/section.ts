/** What the parts of the front page have in common. */

import { type Html, html } from '../../lib/html.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { renderFactLink } from '../format-values.ts';

export interface Section {
  /** To link to. */
  id: string;
  title: string;
  /** A sentence that says what is to be seen. */
  intro?: Html | null;
  body: Html;
  /** Where all of it is. */
  allLink: { url: string; text: string };
}

export const renderSection = ({ id, title, intro = null, body, allLink }: Section): Html =>
  html`<section class="section" id="${id}" aria-labelledby="${id}-title">
<div class="section-head"><h2 id="${id}-title">${title}</h2><p class="all-link"><a href="${allLink.url}">${allLink.text}</a></p></div>
${intro && html`<p class="intro">${intro}</p>\n`}${body}
</section>
`;

/** What stands where there is nothing to show. */
export const renderEmpty = (text: string | Html): Html => html`<p class="empty">${text}</p>`;

/** Through whom alone a document vouches for the fact; nothing where it speaks in its own voice. */
export const renderAttribution = ({ accordingTo: statement }: Fact): Html | null =>
  statement ? html` <span class="attribution">according to ${renderFactLink(statement, 90)}</span>` : null;

/** Whether one of `fields` was inferred, at least in part. */
export const isInferred = ({ inferences }: Fact, ...fields: string[]): boolean =>
  inferences.some((inference) => fields.some((field) => inference.fields.includes(field)));

/** That what stands before it was inferred: in words, since not everybody sees edges. */
export const INFERRED_MARK = html` <span class="inferred">inferred</span>`;

/** A percentage of a width, as attributes of SVG have it. */
export const formatPercent = (share: number): string => `${Math.round(share * 100) / 100}%`;
