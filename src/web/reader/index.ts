/** The reading room: a source text with every span of its facts marked, and the facts beside it. */

import { canonicalQuery } from '../../http/query-string.ts';
import { type Html, html, isolated, joined } from '../../lib/html.ts';
import type { Span } from '../../model/coverage.ts';
import type { Resource } from '../../model/fact-type.ts';
import { shortened } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { resourceOf } from '../../model/types/index.ts';
import { useOf } from '../fact/cite-and-embed.ts';
import { fieldList } from '../fact/field-list.ts';
import { history } from '../fact/history.ts';
import { aroundOf, titleOf } from '../fact/index.ts';
import { headFor } from '../fact/meta-tags.ts';
import { standing } from '../fact-notices.ts';
import { day, instant } from '../format-values.ts';
import { layout } from '../layout.ts';
import type { Asked } from '../page-route.ts';
import { panel } from './fact-panel.ts';
import { type MarkedLine, markLine, type Segment } from './highlights.ts';
import { isWanted, type Parameters, type Room, readRoom } from './load-data.ts';
import { type Line, linesOf } from './text-pages.ts';

const documents = resourceOf('document') as Resource;

export async function draw(asked: Asked<Parameters>): Promise<Html> {
  const document = await asked.ask.json<Fact>(`/v1/documents/${encodeURIComponent(asked.id)}`);
  const [room, around] = await Promise.all([readRoom(asked, document), aroundOf(asked, document)]);
  const { versions, corrections, citation, linked } = around;
  const description = `The text with its facts, each marked where its words stand: ${document.label}`;
  const main = html`<article>
<div class="page">
${titleOf(documents, document)}
${standing(document, corrections, asked.reading, true)}${about(room)}
</div>
${room.redacted === null ? readingRoom(asked, room) : html`<p class="notice" role="note">${room.redacted}</p>`}
<div class="page">
<section aria-labelledby="values">
<h2 id="values">About the text</h2>
${fieldList(documents, document)}
</section>
${history(document, versions, corrections)}
${useOf(asked, documents, document, citation)}
</div>
</article>`;
  return layout(
    {
      title: document.label,
      description,
      head: headFor(asked, documents, document, description, linked),
      styles: ['fact.css', 'reader.css'],
      scripts: ['reader.js'],
      main,
    },
    asked,
  );
}

function about({ document, coverage, facts, parts, more }: Room): Html {
  const { publisher, publishedOn, inferences, recordedAt } = document as Fact & {
    publisher: string | null;
    publishedOn: string | null;
  };
  const inferred = inferences.some(({ fields }) => fields.includes('publishedOn'));
  const share = coverage ? `${Math.round(coverage.ratio * 1000) / 10} % of its letters carry facts. ` : '';
  return html`<p class="small">${publisher ? html`${isolated(publisher)}. ` : null}${
    publishedOn
      ? html`Published ${day(publishedOn)}${inferred ? html` <span class="inferred">(inferred)</span>` : null}. `
      : null
  }Recorded ${instant(recordedAt)}. ${share}<a href="/?document=${document.id}">At a glance</a>${
    facts.length > 1 && parts === 1 && !more ? html`, <a href="#facts">the ${facts.length} facts</a>` : null
  }</p>`;
}

/** The text and the facts. */
function readingRoom(asked: Asked<Parameters>, room: Room): Html {
  const fact = room.view?.fact;
  return html`<div class="room"${fact ? html` data-fact="${fact.type}/${fact.id}"` : null}>
<section class="source" aria-label="The text" lang="${String(room.document['language'])}">
${room.excerpts ? html`<p class="notice" lang="en" role="note">The rights let only the words be shown that carry facts, with what stands right around them.</p>` : null}
${text(room, asked)}
${parts(asked, room)}
</section>
${panel(room, asked)}
</div>`;
}

/** What is the same for all lines of a page. */
interface Drawing {
  facts: Fact[];
  /** Types whose marks are not wanted. */
  off: Set<string>;
  /** Where a passage is on view, with the types that are wanted. */
  passageAt(span: Span): string;
  /** Whether the passage in view has its anchor already. */
  anchored: boolean;
}

function text({ runs, marks, coverage, view, facts }: Room, { parameters, values }: Asked<Parameters>): Html {
  if (runs.length === 0) return html`<p class="none">There is no text here to be shown.</p>`;
  const { type } = values;
  const drawing: Drawing = {
    facts,
    off: new Set(facts.flatMap((fact) => (isWanted(fact, parameters) ? [] : [fact.type]))),
    passageAt: ({ start, end }) =>
      `${canonicalQuery({ ...(type && { type }), start: [`${start}`], end: [`${end}`] })}#passage`,
    anchored: false,
  };
  const marked = (line: Line) => markLine(line, marks, coverage?.gaps ?? [], view?.spans ?? []);
  const lines = runs.map((run) => linesOf(run).map((line) => lineAsHtml(line, marked(line), drawing)));
  return joined(lines, html`<p class="left-out" aria-label="words left out">[...]</p>\n`);
}

/** What stands alone, without the mark of a sentence's end, is taken for a heading. */
const isHeading = (line: string): boolean =>
  line.length < 120 && /[\p{L}\p{N}'"\u2019\u201d)]$/u.test(line.trim());

const MAX_DEPTH = 9;
/** Of those that the same words carry. */
const MAX_FACTS_SHOWN = 100;

function lineAsHtml(line: Line, { segments, depth }: MarkedLine, drawing: Drawing): Html {
  const words = ({ start, end }: Segment) => line.points.slice(start - line.start, end - line.start).join('');
  const heading = isHeading(line.points.join('')) ? ' heading' : '';
  return html`<p class="line d${Math.min(depth, MAX_DEPTH)}${heading}" dir="auto">${segments.map((segment) =>
    segmentAsHtml(segment, words(segment), drawing),
  )} <a class="permalink" href="${drawing.passageAt(line)}" aria-label="Link to this paragraph">&para;</a></p>
`;
}

function segmentAsHtml(segment: Segment, words: string, drawing: Drawing): Html {
  const { start, end, tracks, gap, lit } = segment;
  // By itself, as a link would be given the focus by whoever comes to it.
  const anchor = lit && !drawing.anchored ? html`<span id="passage"></span>` : null;
  drawing.anchored ||= lit;
  const state = lit ? ' lit' : '';
  if (segment.facts.length === 0) {
    return gap
      ? html`${anchor}<span class="gap${state}" data-start="${start}" title="No fact is drawn from these words">${words}</span>`
      : html`${anchor}<span class="plain${state}" data-start="${start}">${words}</span>`;
  }
  // A mouse that is drawn over it is to mark words, not to take the link along.
  return html`${anchor}<a class="seg${state}" draggable="false" href="${drawing.passageAt({ start, end })}" data-start="${start}" data-end="${end}" data-facts="${segment.facts.slice(0, MAX_FACTS_SHOWN).join(' ')}" title="${titleFor(segment.facts, drawing.facts)}">${onTracks(tracks, words, drawing.off)}</a>`;
}

/** The words inside one element for each track, the nearest innermost. */
const onTracks = (tracks: (string | null)[], words: string, off: Set<string>): Html =>
  tracks.reduce<Html>(
    (inner, type, track) =>
      type === null
        ? inner
        : html`<span class="k k${Math.min(track, MAX_DEPTH - 1)} t-${type}${off.has(type) ? ' off' : ''}">${inner}</span>`,
    html`${words}`,
  );

/** What a pointer that rests there is told. */
function titleFor(numbers: number[], facts: Fact[]): string {
  const labels = numbers.slice(0, 4).map((n) => {
    const { type, label } = facts[n] as Fact;
    return `${resourceOf(type).noun}: ${shortened(label, 80)}`;
  });
  const more = numbers.length - labels.length;
  return labels.join('\n') + (more > 0 ? `\nand ${more} more` : '');
}

/** The way through a text that does not fit on a page. */
function parts({ path, values }: Asked<Parameters>, { part, parts }: Room): Html | null {
  if (parts === 1) return null;
  const { start: _, end: __, fact: ___, ...others } = values;
  const to = (n: number, name: string) =>
    n < 0 || n >= parts
      ? null
      : html`<a href="${path + canonicalQuery({ ...others, part: [String(n + 1)] })}">${name}</a> `;
  return html`<nav class="parts-of-text" aria-label="Parts of the text" lang="en">${to(part - 1, 'Back')}<span>Part ${part + 1} of ${parts}</span> ${to(part + 1, 'Read on')}</nav>`;
}
