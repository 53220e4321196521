/** Reader: a source text with all evidence highlighted, and the facts next to it. */

import { getFact } from '../../api/service/facts.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { bdi, type Html, html, join } from '../../lib/html.ts';
import { formatCount } from '../../lib/numbers.ts';
import type { CodePointSpan } from '../../model/coverage.ts';
import { truncate } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { getFactType } from '../../model/types/index.ts';
import { renderCiteAndEmbed } from '../fact/cite-and-embed.ts';
import { renderFieldList } from '../fact/field-list.ts';
import { renderHistory } from '../fact/history.ts';
import { loadRelated, renderTitle } from '../fact/index.ts';
import { renderMetaTags } from '../fact/meta-tags.ts';
import { renderFactNotices } from '../fact-notices.ts';
import { renderDate, renderTimestamp } from '../format-values.ts';
import { renderLayout } from '../layout.ts';
import type { PageRequest } from '../page-route.ts';
import { renderFactPanel } from './fact-panel.ts';
import { type Segment, type SegmentedLine, segmentLine } from './highlights.ts';
import { isTypeVisible, loadReaderData, type Parameters, type ReaderData } from './load-data.ts';
import { createGraphemeSnapper, type Line, splitIntoLines } from './text-pages.ts';

const documentType = getFactType('document');

export async function renderReaderPage(request: PageRequest<Parameters>): Promise<Html> {
  const { document, data, related } = await request.read(async (reader) => {
    const document = await getFact(reader, documentType, request.id);
    return {
      document,
      data: await loadReaderData(reader, document, request.parameters),
      related: await loadRelated(reader, documentType, document, request.publicUrl),
    };
  });
  const { versions, corrections, citation, jsonLd } = related;
  const description = `Source text with its facts and their evidence: ${document.label}`;
  const main = html`<article>
<div class="page">
${renderTitle(documentType, document)}
${renderFactNotices(document, corrections, request.snapshot, true)}${renderAbout(data)}
</div>
${data.redactionNotice === null ? renderTextAndFacts(request, data) : html`<p class="notice" role="note">${data.redactionNotice}</p>`}
<div class="page">
<section aria-labelledby="values">
<h2 id="values">About this source</h2>
${renderFieldList(documentType, document)}
</section>
${renderHistory(document, versions, corrections)}
${renderCiteAndEmbed(request, documentType, document, citation)}
</div>
</article>`;
  return renderLayout(
    {
      title: document.label,
      description,
      head: renderMetaTags(request, documentType, document, description, jsonLd),
      styles: ['fact.css', 'reader.css'],
      scripts: ['reader.js'],
      main,
    },
    request,
  );
}

function renderAbout({ document, coverage, facts, parts, hasMoreFacts }: ReaderData): Html {
  const { publisher, publishedOn, inferences, recordedAt } = document as Fact & {
    publisher: string | null;
    publishedOn: string | null;
  };
  const inferred = inferences.some(({ fields }) => fields.includes('publishedOn'));
  const share = coverage ? `Facts cover ${Math.round(coverage.ratio * 1000) / 10}% of the text. ` : '';
  return html`<p class="small">${publisher ? html`${bdi(publisher)}. ` : null}${
    publishedOn
      ? html`Published ${renderDate(publishedOn)}${inferred ? html` <span class="inferred">(inferred)</span>` : null}. `
      : null
  }Recorded ${renderTimestamp(recordedAt)}. ${share}<a href="/?document=${document.id}">Overview of this source</a>${
    facts.length > 1 && parts === 1 && !hasMoreFacts
      ? html`, <a href="#facts">skip to the ${formatCount(facts.length, 'fact')}</a>`
      : null
  }</p>`;
}

function renderTextAndFacts(request: PageRequest<Parameters>, data: ReaderData): Html {
  const fact = data.selection?.fact;
  return html`<div class="reader"${fact ? html` data-fact="${fact.type}/${fact.id}"` : null}>
<section class="source" aria-label="Source text" lang="${String(data.document['language'])}">
${data.isExcerpted ? html`<p class="notice" lang="en" role="note">The rights of this text allow only excerpts: the words that support facts, with a few words of context.</p>` : null}
${renderText(data, request)}
${renderPartNav(request, data)}
</section>
${renderFactPanel(data, request)}
</div>`;
}

/** Values that all lines of a page share. */
interface TextContext {
  facts: Fact[];
  /** Types whose highlights are hidden. */
  hiddenTypes: Set<string>;
  /** Link that brings a passage into view and keeps the selected types. */
  toPassageHref(span: CodePointSpan): string;
  /** True once the anchor of the passage in view is rendered. */
  hasAnchor: boolean;
}

function renderText(
  { excerpts, highlights, coverage, selection, facts }: ReaderData,
  { parameters, values }: PageRequest<Parameters>,
): Html {
  if (excerpts.length === 0) return html`<p class="none">No text to show here.</p>`;
  const { type } = values;
  const context: TextContext = {
    facts,
    hiddenTypes: new Set(facts.flatMap((fact) => (isTypeVisible(fact, parameters) ? [] : [fact.type]))),
    toPassageHref: ({ start, end }) =>
      `${formatCanonicalQuery({ ...(type && { type }), start: [`${start}`], end: [`${end}`] })}#passage`,
    hasAnchor: false,
  };
  const segment = (line: Line) => {
    const snap = createGraphemeSnapper(line);
    return segmentLine(line, snap(highlights), snap(coverage?.gaps ?? []), snap(selection?.spans ?? []));
  };
  const lines = excerpts.map((excerpt) =>
    splitIntoLines(excerpt).map((line) => renderLine(line, segment(line), context)),
  );
  return join(lines, html`<p class="omission" aria-label="text omitted">[...]</p>\n`);
}

/** A short line without punctuation at its end is treated as a heading. */
const isHeading = (line: string): boolean =>
  line.length < 120 && /[\p{L}\p{N}'"\u2019\u201d)]$/u.test(line.trim());

const MAX_DEPTH = 9;
/** Maximum number of facts listed for one segment. */
const MAX_SEGMENT_FACTS = 100;

function renderLine(line: Line, { segments, depth }: SegmentedLine, context: TextContext): Html {
  const getText = ({ start, end }: Segment) =>
    line.codePoints.slice(start - line.start, end - line.start).join('');
  const headingClass = isHeading(line.codePoints.join('')) ? ' heading' : '';
  return html`<p class="line depth-${Math.min(depth, MAX_DEPTH)}${headingClass}" dir="auto">${segments.map(
    (segment) => renderSegment(segment, getText(segment), context),
  )} <a class="permalink" href="${context.toPassageHref(line)}" aria-label="Link to this paragraph">&para;</a></p>
`;
}

function renderSegment(segment: Segment, text: string, context: TextContext): Html {
  const { start, end, tracks, isGap, isSelected } = segment;
  // A separate element: if the link were the anchor, opening the URL would move the focus to it.
  const anchor = isSelected && !context.hasAnchor ? html`<span id="passage"></span>` : null;
  context.hasAnchor ||= isSelected;
  const selectedClass = isSelected ? ' highlighted' : '';
  if (segment.factIndexes.length === 0) {
    return isGap
      ? html`${anchor}<span class="gap${selectedClass}" data-start="${start}" title="No fact is drawn from this passage">${text}</span>`
      : html`${anchor}<span class="plain${selectedClass}" data-start="${start}">${text}</span>`;
  }
  // Dragging the mouse over a segment selects words instead of dragging the link.
  return html`${anchor}<a class="segment${selectedClass}" draggable="false" href="${context.toPassageHref({ start, end })}" data-start="${start}" data-end="${end}" data-facts="${segment.factIndexes.slice(0, MAX_SEGMENT_FACTS).join(' ')}" title="${formatTitle(segment.factIndexes, context.facts)}">${renderTracks(tracks, text, context.hiddenTypes)}</a>`;
}

/** Wraps the words in one element for each track, the nearest track innermost. */
const renderTracks = (tracks: (string | null)[], text: string, hiddenTypes: Set<string>): Html =>
  tracks.reduce<Html>(
    (inner, type, track) =>
      type === null
        ? inner
        : html`<span class="track track-${Math.min(track, MAX_DEPTH - 1)} type-${type}${hiddenTypes.has(type) ? ' off' : ''}">${inner}</span>`,
    html`${text}`,
  );

/** Tooltip of a segment. */
function formatTitle(factIndexes: number[], facts: Fact[]): string {
  const labels = factIndexes.slice(0, 4).map((index) => {
    const { type, label } = facts[index] as Fact;
    return `${getFactType(type).noun}: ${truncate(label, 80)}`;
  });
  const more = factIndexes.length - labels.length;
  return labels.join('\n') + (more > 0 ? `\nand ${more} more` : '');
}

/** Navigation between the parts of a text that does not fit on a page. */
function renderPartNav({ path, values }: PageRequest<Parameters>, { part, parts }: ReaderData): Html | null {
  if (parts === 1) return null;
  const { start: _, end: __, fact: ___, ...others } = values;
  const renderPartLink = (index: number, name: string) =>
    index < 0 || index >= parts
      ? null
      : html`<a href="${path + formatCanonicalQuery({ ...others, part: [String(index + 1)] })}">${name}</a> `;
  return html`<nav class="part-nav" aria-label="Parts of the text" lang="en">${renderPartLink(part - 1, 'Previous part')}<span>Part ${part + 1} of ${parts}</span> ${renderPartLink(part + 1, 'Next part')}</nav>`;
}
