/** The words that carry a fact, as pages show them: marked, among what stands around them, with the way to their place. */
import type * as z from 'zod';
import { bdi, type Html, html } from '../lib/html.ts';
import type { Evidence } from '../model/evidence.ts';
import { toPassageUrl } from './format-values.ts';

export type EvidenceSpan = z.output<typeof Evidence>;

/** The words among the whole words that stand around them. */
export const renderInContext = ({ prefix, exact, suffix }: EvidenceSpan): Html =>
  html`${formatPrefix(prefix)}<mark>${exact}</mark>${formatSuffix(suffix)}`;

const formatPrefix = (prefix: string): string => (prefix === '' ? '' : `... ${prefix.replace(/^\S*\s/, '')}`);
const formatSuffix = (suffix: string): string => (suffix === '' ? '' : `${suffix.replace(/\s\S*$/, '')} ...`);

/** A span as a quotation that leads to its place; which text that is in is said where there are `several`. */
export const renderQuotation = (
  span: EvidenceSpan,
  showDocument: boolean,
): Html => html`<blockquote dir="auto"><p>${renderInContext(span)}</p>
<p class="small"><a href="${toEvidenceUrl(span)}">${showDocument ? bdi(span.document.label) : 'In the source'}, characters ${span.start} to ${span.end}</a></p></blockquote>`;

export const toEvidenceUrl = ({ document, start, end }: EvidenceSpan): string =>
  toPassageUrl(document.id, start, end);
