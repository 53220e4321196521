/** What the parts of the front page have in common. */

import { type Html, html } from '../../lib/html.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { factLink } from '../format-values.ts';

export interface Part {
  /** To link to. */
  id: string;
  title: string;
  /** A sentence that says what is to be seen. */
  lede?: Html | null;
  body: Html;
  /** Where all of it is. */
  all: { url: string; words: string };
}

export const part = ({ id, title, lede = null, body, all }: Part): Html =>
  html`<section class="part" id="${id}" aria-labelledby="${id}-title">
<div class="head"><h2 id="${id}-title">${title}</h2><p class="all"><a href="${all.url}">${all.words}</a></p></div>
${lede && html`<p class="lede">${lede}</p>\n`}${body}
</section>
`;

/** What stands where there is nothing to show. */
export const empty = (words: string | Html): Html => html`<p class="empty">${words}</p>`;

/** Through whom alone a document vouches for the fact; nothing where it speaks in its own voice. */
export const accordingTo = ({ accordingTo: statement }: Fact): Html | null =>
  statement ? html` <span class="said">according to ${factLink(statement, 90)}</span>` : null;

/** Whether one of `fields` was inferred, at least in part. */
export const isInferred = ({ inferences }: Fact, ...fields: string[]): boolean =>
  inferences.some((inference) => fields.some((field) => inference.fields.includes(field)));

/** That what stands before it was inferred: in words, since not everybody sees edges. */
export const inferredMark = html` <span class="inferred">inferred</span>`;

/** A percentage of a width, as attributes of SVG have it. */
export const percent = (share: number): string => `${Math.round(share * 100) / 100}%`;
