/** The facts beside the text: each with its words, what they carry, and what was inferred. */
import { readable } from '../../collection/history/html.ts';
import { shortened } from '../../facts/fields.ts';
import type { Fact } from '../../facts/representation.ts';
import { type Html, html, isolated, joined } from '../../html.ts';
import { resources } from '../../resources/index.ts';
import { inferenceNote } from '../fact/fields.ts';
import { placeOf, type Span } from '../quotations.ts';
import { badge, pageOf, words } from '../values.ts';
import { evidenceIn, isWanted, type Parameters, type Room } from './read.ts';

/** How many spans of a fact are listed: a country is named in every sentence. */
const MAX_SPANS = 20;
const MAX_WORDS = 280;

/** `inView` are the numbers of the facts in view; null for all. */
export function panel(room: Room, parameters: Parameters, inView: Set<number> | null): Html {
  const wanted = new Set(
    room.facts.flatMap((fact, n) => (isWanted(fact, parameters) && (inView?.has(n) ?? true) ? [n] : [])),
  );
  return html`<aside class="panel" id="facts" aria-labelledby="facts-title" tabindex="-1">
<div class="panel-head">
<h2 id="facts-title" aria-live="polite">${headingOf(wanted.size, parameters, inView !== null)}</h2>
${inView ? html`<p class="small back"><a href="${pageOf(room.document)}">All facts of the text</a></p>\n` : null}${typeFilter(room, parameters)}
</div>
<ol class="facts">
${room.facts.map((fact, n) => factItem(room, fact, n, wanted))}</ol>
${room.more ? html`<p class="small">These are the first ${room.facts.length} facts; the rest is in <a href="${room.document.links.self}/facts">the API</a>.</p>` : null}</aside>`;
}

function headingOf(count: number, { fact }: Parameters, isInView: boolean): string {
  if (isInView && fact !== undefined) return 'The fact, and its words';
  return `${count} ${count === 1 ? 'fact' : 'facts'} ${isInView ? 'in these words' : 'drawn from the text'}`;
}

/** Which types there are, how each is marked, and how many of each; it works as a form, and at once with scripts. */
function typeFilter({ facts }: Room, { type, start, end, part, asOf }: Parameters): Html {
  const counts = new Map<string, number>();
  for (const fact of facts) counts.set(fact.type, (counts.get(fact.type) ?? 0) + 1);
  const kept = Object.entries({ start, end, part, asOf }).filter(([, value]) => value !== undefined);
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
