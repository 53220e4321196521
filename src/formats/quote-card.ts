/** A fact as a card of HTML to stand in somebody else's article: it works without scripts and without any other file. */

import { type Html, html, isolated, joined } from '../lib/html.ts';
import type { Resource } from '../model/fact-type.ts';
import type { Fact } from '../model/response-schemas.ts';
import { inferredIn, passage, passages, sourcesOf, wordsOf } from './quoted-text.ts';

/** How many quotations a card shows: a country is named in every report. */
const MAX_QUOTATIONS = 3;

export interface Size {
  width: number;
  height: number;
}

export const SMALLEST: Size = { width: 120, height: 60 };
const WIDEST = 550;

/** In pixels, and rough: a host is told how much room to keep, and what does not fit there scrolls. */
const LETTER_WIDTH = 8.5;
const LINE_HEIGHT = 24;
const PADDING = 32;

const FRAME =
  'box-sizing:border-box;margin:0;padding:16px;overflow:auto;border:1px solid #c8ccd1;border-radius:4px;' +
  'background:#fff;color:#1b1f23;font:16px/24px Georgia,serif;text-align:left;overflow-wrap:anywhere';
const QUOTE = 'margin:0 0 8px;padding:0 0 0 12px;border:0;border-left:4px solid #5a6672';
const LINE = 'margin:0 0 8px;padding:0';
const SMALL = 'margin:0;padding:0;font:13px/20px sans-serif;color:#3d444d';

export interface Card {
  size: Size;
  html: string;
}

/** The card of a fact, at most as large as `most`, that leads to `url`. */
export function cardOf(resource: Resource, fact: Fact, url: string, most: Partial<Size>): Card {
  const lines = linesOf(resource, fact, url);
  const width = Math.min(WIDEST, most.width ?? WIDEST);
  const letters = Math.floor((width - PADDING) / LETTER_WIDTH);
  const rows = lines.reduce((sum, line) => sum + 0.5 + Math.ceil(textOf(line).length / letters), 0);
  const height = Math.min(PADDING + Math.ceil(rows * LINE_HEIGHT), most.height ?? Number.POSITIVE_INFINITY);
  const limits = `max-width:${width}px${most.height ? `;max-height:${height}px` : ''}`;
  const card = html`<div class="summit-facts" style="${FRAME};${limits}">${lines}</div>`;
  return { size: { width, height }, html: card.text };
}

function linesOf(resource: Resource, fact: Fact, url: string): Html[] {
  const { label, retracted, accordingTo, reportedOn } = fact;
  const { words, speakers } = wordsOf(resource, fact);
  const inferred = inferredIn(fact);
  const link = html`<a href="${url}" rel="noopener" style="color:#0b5394">Summit Facts</a>`;
  return [
    ...(retracted
      ? [html`<p style="${LINE};font-weight:bold">Withdrawn: ${isolated(retracted.reason)}</p>`]
      : []),
    ...(resource.saying ? [quote(passages(words))] : labelled(label, words)),
    ...(speakers.length > 0 ? [html`<p style="${LINE}">${joined(speakers.map(isolated), ', ')}</p>`] : []),
    ...(accordingTo ? [html`<p style="${SMALL}">According to ${isolated(accordingTo.label)}</p>`] : []),
    ...(inferred.length > 0
      ? [html`<p style="${SMALL}">Inferred, not stated: ${inferred.join(', ')}</p>`]
      : []),
    html`<p style="${SMALL}">${sourceOf(fact, reportedOn)}${link}</p>`,
  ];
}

/** What is no saying is shown by its label, and the words that carry it. */
function labelled(label: string, words: ReturnType<typeof wordsOf>['words']): Html[] {
  const more = words.length - MAX_QUOTATIONS;
  return [
    html`<p style="${LINE};font-weight:bold" dir="auto">${label}</p>`,
    ...words.slice(0, MAX_QUOTATIONS).map((each) => quote(passage(each))),
    ...(more > 0 ? [html`<p style="${SMALL}">and ${more} more</p>`] : []),
  ];
}

const quote = (words: Html): Html =>
  html`<blockquote style="${QUOTE}" dir="auto"><p style="margin:0">${words}</p></blockquote>`;

/** The documents with their days; a document is its own source. */
function sourceOf(fact: Fact, reportedOn: string | null): Html[] {
  if (fact.evidence === undefined) return reportedOn ? [html`${reportedOn} &middot; `] : [];
  const sources = sourcesOf(fact).slice(0, MAX_QUOTATIONS);
  return sources.map(
    ({ label, publishedOn }) =>
      html`<cite>${isolated(label)}</cite>${publishedOn ? html`, ${publishedOn}` : null} &middot; `,
  );
}

/** About as many characters as are seen. */
const textOf = ({ text }: Html): string => text.replaceAll(/<[^>]*>/g, '').replaceAll(/&\w+;|&#\d+;/g, 'x');
