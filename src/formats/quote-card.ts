/** HTML card of a fact, for embedding in an article. It needs neither scripts nor other files. */

import { bdi, type Html, html, join } from '../lib/html.ts';
import type { FactType } from '../model/fact-type.ts';
import type { Fact } from '../model/response-schemas.ts';
import {
  getInferredFields,
  getQuotedText,
  getSourceDocuments,
  renderQuotation,
  renderQuotations,
} from './quoted-text.ts';

/** Maximum number of quotations on a card: a country is named in every report. */
const MAX_QUOTATIONS = 3;

export interface CardSize {
  width: number;
  height: number;
}

export const MIN_CARD_SIZE: CardSize = { width: 120, height: 60 };
const MAX_WIDTH_PX = 550;

/** Rough text metrics. The host page reserves the estimated size; content that does not fit scrolls. */
const LETTER_WIDTH_PX = 8.5;
const LINE_HEIGHT_PX = 24;
const PADDING_PX = 32;

const CARD_STYLE =
  'box-sizing:border-box;margin:0;padding:16px;overflow:auto;border:1px solid #c8ccd1;border-radius:4px;' +
  'background:#fff;color:#1b1f23;font:16px/24px Georgia,serif;text-align:left;overflow-wrap:anywhere';
const QUOTE_STYLE = 'margin:0 0 8px;padding:0 0 0 12px;border:0;border-left:4px solid #5a6672';
const LINE_STYLE = 'margin:0 0 8px;padding:0';
const SMALL_STYLE = 'margin:0;padding:0;font:13px/20px sans-serif;color:#3d444d';

export interface Card {
  size: CardSize;
  html: string;
}

/** Renders the card of a fact, no larger than `maxSize`, with a link to `url`. */
export function renderCard(factType: FactType, fact: Fact, url: string, maxSize: Partial<CardSize>): Card {
  const lines = renderLines(factType, fact, url);
  const width = Math.min(MAX_WIDTH_PX, maxSize.width ?? MAX_WIDTH_PX);
  const lettersPerRow = Math.floor((width - PADDING_PX) / LETTER_WIDTH_PX);
  const rows = lines.reduce((sum, line) => sum + 0.5 + Math.ceil(stripTags(line).length / lettersPerRow), 0);
  const height = Math.min(
    PADDING_PX + Math.ceil(rows * LINE_HEIGHT_PX),
    maxSize.height ?? Number.POSITIVE_INFINITY,
  );
  const limitStyle = `max-width:${width}px${maxSize.height ? `;max-height:${height}px` : ''}`;
  const card = html`<div class="summit-facts" style="${CARD_STYLE};${limitStyle}">${lines}</div>`;
  return { size: { width, height }, html: card.text };
}

function renderLines(factType: FactType, fact: Fact, url: string): Html[] {
  const { label, retracted, accordingTo, reportedOn } = fact;
  const { quotations, speakers } = getQuotedText(factType, fact);
  const inferredFields = getInferredFields(fact);
  const link = html`<a href="${url}" rel="noopener" style="color:#0b5394">Summit Facts</a>`;
  return [
    ...(retracted
      ? [html`<p style="${LINE_STYLE};font-weight:bold">Retracted: ${bdi(retracted.reason)}</p>`]
      : []),
    ...(factType.getStatementContent
      ? [renderQuote(renderQuotations(quotations))]
      : renderLabelAndQuotations(label, quotations)),
    ...(speakers.length > 0 ? [html`<p style="${LINE_STYLE}">${join(speakers.map(bdi), ', ')}</p>`] : []),
    ...(accordingTo ? [html`<p style="${SMALL_STYLE}">According to ${bdi(accordingTo.label)}</p>`] : []),
    ...(inferredFields.length > 0
      ? [html`<p style="${SMALL_STYLE}">Inferred, not stated: ${inferredFields.join(', ')}</p>`]
      : []),
    html`<p style="${SMALL_STYLE}">${renderSources(fact, reportedOn)}${link}</p>`,
  ];
}

/** Renders a fact that is not a statement: its label, and the quotations that support it. */
function renderLabelAndQuotations(
  label: string,
  quotations: ReturnType<typeof getQuotedText>['quotations'],
): Html[] {
  const remaining = quotations.length - MAX_QUOTATIONS;
  return [
    html`<p style="${LINE_STYLE};font-weight:bold" dir="auto">${label}</p>`,
    ...quotations.slice(0, MAX_QUOTATIONS).map((quotation) => renderQuote(renderQuotation(quotation))),
    ...(remaining > 0 ? [html`<p style="${SMALL_STYLE}">and ${remaining} more</p>`] : []),
  ];
}

const renderQuote = (content: Html): Html =>
  html`<blockquote style="${QUOTE_STYLE}" dir="auto"><p style="margin:0">${content}</p></blockquote>`;

/** Renders the source documents with their dates; a document is its own source. */
function renderSources(fact: Fact, reportedOn: string | null): Html[] {
  if (fact.evidence === undefined) return reportedOn ? [html`${reportedOn} &middot; `] : [];
  const sources = getSourceDocuments(fact).slice(0, MAX_QUOTATIONS);
  return sources.map(
    ({ label, publishedOn }) =>
      html`<cite>${bdi(label)}</cite>${publishedOn ? html`, ${publishedOn}` : null} &middot; `,
  );
}

/** Returns about as many characters as are visible. */
const stripTags = ({ text }: Html): string =>
  text.replaceAll(/<[^>]*>/g, '').replaceAll(/&\w+;|&#\d+;/g, 'x');
