/** Evidence as pages show it: highlighted in its context, with a link to its position in the text. */
import type * as z from 'zod';
import { bdi, type Html, html } from '../lib/html.ts';
import type { Evidence } from '../model/evidence.ts';
import { toPassageUrl } from './format-values.ts';

export type EvidenceSpan = z.output<typeof Evidence>;

/** Highlights the exact words, between the complete words of prefix and suffix. */
const renderInContext = ({ prefix, exact, suffix }: EvidenceSpan): Html =>
  html`${formatPrefix(prefix)}<mark>${exact}</mark>${formatSuffix(suffix)}`;

const formatPrefix = (prefix: string): string => (prefix === '' ? '' : `... ${prefix.replace(/^\S*\s/, '')}`);
const formatSuffix = (suffix: string): string => (suffix === '' ? '' : `${suffix.replace(/\s\S*$/, '')} ...`);

/** Renders a span as a quotation that links to its position; `showDocument` adds the name of the document. */
export const renderQuotation = (
  span: EvidenceSpan,
  showDocument: boolean,
): Html => html`<blockquote dir="auto"><p>${renderInContext(span)}</p>
<p class="small"><a href="${toEvidenceUrl(span)}">${showDocument ? bdi(span.document.label) : 'Source text'}, characters ${span.start} to ${span.end}</a></p></blockquote>`;

export const toEvidenceUrl = ({ document, start, end }: EvidenceSpan): string =>
  toPassageUrl(document.id, start, end);
