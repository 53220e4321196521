/** The fields of a fact, each with the words that carry it or the note that infers it. */

import { sourcesOf } from '../../formats/quoted-text.ts';
import { type Html, html, isolated } from '../../lib/html.ts';
import type { Resource } from '../../model/fact-type.ts';
import type { Inference } from '../../model/inference.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { shown, words } from '../format-values.ts';
import { quotation, type Span } from '../quotation.ts';

/** How many quotations of a field are seen at once, and how many there are on the page: a country is named in every report. */
const MAX_SEEN = 2;
const MAX_ON_PAGE = 30;

export function fieldList(resource: Resource, fact: Fact): Html {
  const filled = resource.fieldNames.filter((name) => saysSomething(fact[name]));
  const empty = resource.fieldNames.filter((name) => !saysSomething(fact[name]));
  return html`<dl class="fields">
${filled.map((name) => field(resource, fact, name))}</dl>
${empty.length > 0 ? html`<p class="small">Not in the sources: ${empty.map(words).join(', ')}.</p>` : null}`;
}

const saysSomething = (value: unknown): boolean =>
  value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);

const field = (resource: Resource, fact: Fact, name: string): Html => html`<div class="field">
<dt>${words(name)}</dt>
<dd>
<div class="value">${shown(fact[name], name)}</div>
${carriedBy(resource, fact, name)}</dd>
</div>
`;

function carriedBy(resource: Resource, fact: Fact, name: string): Html {
  const spans = (fact.evidence ?? []).filter(({ supports }) => supports.includes(name));
  const inferences = fact.inferences.filter(({ fields }) => fields.includes(name));
  if (spans.length + inferences.length === 0)
    return html`<p class="small">${withoutWords(resource, name)}</p>\n`;
  return html`${inferences.map(inferenceNote)}${quotations(fact, spans)}`;
}

/** Some fields go with others that are carried, and those of a document come with the text. */
const withoutWords = ({ accompanying, sourced }: Resource, name: string): string => {
  if (sourced === false)
    return ['sha256', 'lengthCodePoints'].includes(name) ? 'Worked out from the text' : 'Given with the text';
  return accompanying?.includes(name) ? 'Goes with the fields beside it' : 'Carried by no words';
};

const KINDS: Record<Inference['kind'], string> = {
  derived: 'Derived from the text',
  identified: 'Who or what is meant',
  reference: 'From a reference library',
  background: 'Common knowledge',
};

/** How a value came about that the text does not state outright. */
export const inferenceNote = ({ kind, note }: Inference): Html =>
  html`<p class="inference"><span class="inferred">Inferred. ${KINDS[kind]}:</span> ${isolated(note)}</p>\n`;

function quotations(fact: Fact, spans: Span[]): Html {
  const several = sourcesOf(fact).length > 1;
  const quoted = (span: Span) => quotation(span, several);
  const [seen, folded] = [spans.slice(0, MAX_SEEN), spans.slice(MAX_SEEN, MAX_ON_PAGE)];
  const more = spans.length - MAX_ON_PAGE;
  return html`${seen.map(quoted)}${
    folded.length > 0
      ? html`<details><summary>${folded.length + Math.max(0, more)} more</summary>${folded.map(quoted)}${
          more > 0
            ? html`<p class="small">and ${more} in <a href="${fact.links.self}">the fact as JSON</a></p>`
            : null
        }</details>`
      : null
  }`;
}
