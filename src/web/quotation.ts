/** The words that carry a fact, as pages show them: marked, among what stands around them, with the way to their place. */
import type * as z from 'zod';
import { type Html, html, isolated } from '../lib/html.ts';
import type { Evidence } from '../model/evidence.ts';
import { passageLink } from './format-values.ts';

export type Span = z.output<typeof Evidence>;

/** The words among the whole words that stand around them. */
export const inContext = ({ prefix, exact, suffix }: Span): Html =>
  html`${before(prefix)}<mark>${exact}</mark>${after(suffix)}`;

const before = (prefix: string): string => (prefix === '' ? '' : `... ${prefix.replace(/^\S*\s/, '')}`);
const after = (suffix: string): string => (suffix === '' ? '' : `${suffix.replace(/\s\S*$/, '')} ...`);

/** A span as a quotation that leads to its place; which text that is in is said where there are `several`. */
export const quotation = (
  span: Span,
  several: boolean,
): Html => html`<blockquote dir="auto"><p>${inContext(span)}</p>
<p class="small"><a href="${placeOf(span)}">${several ? isolated(span.document.label) : 'In the source'}, characters ${span.start} to ${span.end}</a></p></blockquote>`;

export const placeOf = ({ document, start, end }: Span): string => passageLink(document.id, start, end);
