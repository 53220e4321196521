/** The facts beside the text: each with its words, what they carry, and what was inferred. */
import { readable } from '../../formats/feeds/change-html.ts';
import { canonicalQuery } from '../../http/query-string.ts';
import { type Html, html, isolated, joined } from '../../lib/html.ts';
import { shortened } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { resources } from '../../model/types/index.ts';
import { inferenceNote } from '../fact/field-list.ts';
import { badge, factLink, words } from '../format-values.ts';
import type { Asked } from '../page-route.ts';
import { placeOf, type Span } from '../quotation.ts';
import { evidenceIn, isWanted, type Parameters, type Room, type View } from './load-data.ts';

/** How many spans of a fact are listed: a country is named in every sentence. */
const MAX_SPANS = 20;
const MAX_WORDS = 280;

export function panel(room: Room, { parameters, values, path }: Asked<Parameters>): Html {
  const { facts, view } = room;
  const inView = view && numbersInView(room, view);
  const wanted = new Set(
    facts.flatMap((fact, n) => (isWanted(fact, parameters) && (inView?.has(n) ?? true) ? [n] : [])),
  );
  const { type } = values;
  return html`<aside class="panel" id="facts" aria-labelledby="facts-title" tabindex="-1">
<div class="panel-head">
<h2 id="facts-title" aria-live="polite" data-all="${drawnFrom(room)}">${headingOf(room, wanted.size)}</h2>
${view ? html`<p class="small back"><a href="${path}${canonicalQuery(type ? { type } : {})}">All facts of the text</a></p>\n` : null}${facts.length > 0 ? typeFilter(room, parameters) : null}
</div>
${wanted.size === 0 ? nothing(room) : null}<ol class="facts">
${facts.map((fact, n) => factItem(room, fact, n, wanted))}</ol>
${room.more ? html`<p class="small">These are the first ${facts.length} facts; the rest is in <a href="${room.document.links.self}/facts">the API</a>.</p>\n` : null}${
  room.moreMarks ? html`<p class="small">Not all of their words are marked: there are too many.</p>\n` : null
}</aside>`;
}

function numbersInView({ facts, document }: Room, { fact, spans }: View): Set<number> {
  const fits = (each: Fact) =>
    fact === null
      ? spans.some((span) => evidenceIn(each, document.id, span).length > 0)
      : each.type === fact.type && each.id === fact.id;
  return new Set(facts.flatMap((each, n) => (fits(each) ? [n] : [])));
}

/** What the facts of the page are drawn from. */
const drawnFrom = ({ parts }: Room): string => (parts > 1 ? 'drawn from this part' : 'drawn from the text');

function headingOf(room: Room, count: number): string {
  const facts = `${count} ${count === 1 ? 'fact' : 'facts'}`;
  if (room.view === null) return `${facts} ${drawnFrom(room)}`;
  if (room.view.fact) return 'The fact, and its words';
  const { within, view } = room;
  const whole = view.spans.every(({ start, end }) => within.start <= start && end <= within.end);
  return `${facts} in these words${whole ? '' : ', as far as they are in this part'}`;
}

/** Why none is seen. */
function nothing({ facts, view, document }: Room): Html {
  if (view?.fact && evidenceIn(view.fact, document.id).length === 0) {
    return html`<p class="none">No words of this text carry ${factLink(view.fact)}.</p>\n`;
  }
  if (facts.length === 0) return html`<p class="none">No fact is drawn from it.</p>\n`;
  return html`<p class="none">Of the types that are shown, there is none.</p>\n`;
}

/** Which types there are, how each is marked, and how many of each; it works as a form, and at once with scripts. */
function typeFilter({ facts }: Room, { type, start, end, fact, part, asOf }: Parameters): Html {
  const counts = new Map<string, number>();
  for (const fact of facts) counts.set(fact.type, (counts.get(fact.type) ?? 0) + 1);
  const kept = Object.entries({ start, end, fact, part, asOf }).filter(([, value]) => value !== undefined);
  return html`<form class="types" action="">
<fieldset>
<legend>Show</legend>
${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${String(value)}">\n`)}${resources
  .filter((resource) => counts.has(resource.type))
  .map(
    (resource) => html`<label><input type="checkbox" name="type" value="${resource.type}"${
      type === undefined || type.includes(resource.type) ? html` checked` : null
    }> ${badge(resource.type)} <span class="small">${counts.get(resource.type) ?? 0}</span></label>
`,
  )}</fieldset>
<button>Show these</button>
</form>`;
}

function factItem({ document }: Room, fact: Fact, n: number, wanted: Set<number>): Html {
  const here = evidenceIn(fact, document.id);
  const elsewhere = new Set(fact.evidence?.map(({ document: { id } }) => id)).size - 1;
  const hidden = !wanted.has(n);
  return html`<li class="f" data-n="${n}" data-fact="${fact.type}/${fact.id}"${hidden ? html` hidden` : null}>
<details${wanted.size === 1 && !hidden ? html` open` : null}>
<summary>${badge(fact.type)} <bdi class="label">${shortened(fact.label, 200)}</bdi>${
    fact.inferences.length > 0 ? html` <span class="inferred">with inferences</span>` : null
  }</summary>
<div class="detail">
${here.slice(0, MAX_SPANS).map((span) => spanItem(fact, span))}${
  here.length > MAX_SPANS
    ? html`<p class="small">and ${here.length - MAX_SPANS} more in this text</p>\n`
    : null
}${elsewhere > 0 ? html`<p class="small">Other texts carry it too: ${elsewhere}</p>\n` : null}${fact.inferences.map(
  (inference) =>
    html`<div class="infers"><span class="small">${inference.fields.map(words).join(', ')}</span> ${inferenceNote(inference)}</div>\n`,
)}<p class="small to-page"><a href="${fact.links.html}">Its page</a>: history, citation, embedding</p>
</div>
</details>
</li>
`;
}

const spanItem = (fact: Fact, span: Span): Html => html`<blockquote dir="auto">
<p><a href="${placeOf(span)}">${shortened(span.exact, MAX_WORDS)}</a></p>
<p class="small">${joined(
  span.supports.map(
    (name) => html`<span class="key">${words(name)}</span> ${isolated(shortened(readable(fact[name]), 80))}`,
  ),
  html` &middot; `,
)}</p>
</blockquote>
`;
