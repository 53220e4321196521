/** The facts of a page, a row each. */

import { passages } from '../../formats/quoted-text.ts';
import { type Html, html, isolated } from '../../lib/html.ts';
import type { Resource } from '../../model/fact-type.ts';
import { shortened } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { factLink } from '../format-values.ts';
import { cell } from './cells.ts';
import { type Column, columnsFor } from './columns.ts';
import { counted, heading } from './display-names.ts';
import { DEFAULT_SORT, hrefOf, type View } from './url-state.ts';

/** A page of a list, as the API answers with it. */
export interface Page {
  data: Fact[];
  meta: { revision: number; limit: number; nextCursor: string | null; total?: number };
}

const LABEL: Column = { name: 'label', sort: 'label', isDay: false };
const LONGEST_LABEL = 160;
const LONGEST_QUOTATION = 140;
const LONGEST_SAYING = 300;

/** A table says itself what it is, as cards are no table to a browser; so its parts have their roles written. */
export function drawTable(view: View, { data }: Page, total: number | null): Html {
  const { resource } = view;
  const columns = columnsFor(resource, data, sortOf(view));
  const inferred = data.some(
    (fact) => isLabelInferred(view, fact) || columns.some(({ name }) => isInferred(fact, name)),
  );
  return html`<table class="facts" role="table">
<caption>${captionOf(view, data.length, total)}</caption>
<thead role="rowgroup"><tr role="row">
${[LABEL, ...columns].map((column) => header(view, column))}</tr></thead>
<tbody role="rowgroup">
${data.map((fact) => row(view, fact, columns))}</tbody>
</table>
${inferred ? html`<p class="small legend">${MARK} Inferred rather than stated: the page of the fact says from what.</p>\n` : null}`;
}

/** `12 statements`, `The first 50 of 1,234 statements` */
export function captionOf(
  { resource, page }: Pick<View, 'resource' | 'page'>,
  rows: number,
  total: number | null,
): string {
  const facts = (count: number) =>
    `${counted(count)} ${count === 1 ? resource.noun : resource.title.toLowerCase()}`;
  if (total === rows) return facts(rows);
  const which = page['cursor'] ? `${counted(rows)} more` : `The first ${counted(rows)}`;
  return total === null ? `${which} ${resource.title.toLowerCase()}` : `${which} of ${facts(total)}`;
}

const sortOf = ({ values }: View): string => values['sort']?.[0] ?? DEFAULT_SORT;

/** Whoever follows it once more has the list the other way round. */
function header(view: View, { name, sort }: Column): Html {
  const title = name === 'label' ? heading(view.resource.noun) : heading(name);
  if (sort === null) return html`<th scope="col" role="columnheader">${title}</th>\n`;
  const now = sortOf(view);
  const direction = now === sort ? 'ascending' : now === `-${sort}` ? 'descending' : null;
  const href = hrefOf(view, { ...view.values, sort: [direction === 'ascending' ? `-${sort}` : sort] });
  return html`<th scope="col" role="columnheader"${direction && html` aria-sort="${direction}"`}><a class="sort" href="${href}" rel="nofollow">${title}</a></th>\n`;
}

const MARK = html`<span class="inferred mark" aria-hidden="true">\u2020</span>`;
/** Without a break before it. */
const INFERRED = html`\u2060${MARK}<span class="unseen"> (inferred)</span>`;

const isInferred = (fact: Fact, name: string): boolean =>
  fact.inferences.some(({ fields }) => fields.includes(name));

/** Where a field is the label itself. */
const isLabelInferred = ({ resource }: View, fact: Fact): boolean =>
  resource.fieldNames.some((name) => fact[name] === fact.label && isInferred(fact, name));

function row(view: View, fact: Fact, columns: Column[]): Html {
  const { resource } = view;
  return html`<tr role="row"${fact.retracted ? html` class="retracted"` : null}>
<th scope="row" role="rowheader">${factLink(fact, LONGEST_LABEL)}${isLabelInferred(view, fact) ? INFERRED : null}${remarks(view.resource, fact)}</th>
${columns.map(
  (column) =>
    html`<td role="cell" data-label="${heading(column.name)}"><div>${cell(resource, fact, column, isInferred(fact, column.name) ? INFERRED : null)}</div></td>\n`,
)}</tr>
`;
}

/** What must be known of a fact before it is used, and the first words that carry it. */
function remarks(resource: Resource, fact: Fact): Html {
  const { retracted, accordingTo } = fact;
  const words = wordsOf(resource, fact);
  return html`${
    retracted
      ? html`<span class="remark gone"><strong>Withdrawn</strong> at revision ${retracted.revision}: ${isolated(shortened(retracted.reason, LONGEST_QUOTATION))}</span>`
      : null
  }${
    accordingTo
      ? html`<span class="remark">only according to ${factLink(accordingTo, LONGEST_QUOTATION)}</span>`
      : null
  }${words}`;
}

/** What is said is its label, unless that had to be cut; of all else the first words that carry it. */
function wordsOf({ saying }: Resource, fact: Fact): Html | null {
  if (!saying) {
    const [first] = fact.evidence ?? [];
    return first ? html`<q class="words">${isolated(shortened(first.exact, LONGEST_QUOTATION))}</q>` : null;
  }
  const { words } = saying(fact as never);
  const said = words.map(({ exact }) => exact).join(' ');
  if (fact.label.endsWith(said)) return null;
  // In quotation marks stands only what the source has so; cut words have none.
  const written = said.length > LONGEST_SAYING ? html`${shortened(said, LONGEST_SAYING)}` : passages(words);
  return html`<bdi class="words">${written}</bdi>`;
}

/** Later pages are of the revision of the first, as their cursor is. */
export function drawPaging(view: View, { meta: { revision, nextCursor } }: Page): Html | null {
  const first = view.page['cursor'] ? hrefOf(view, view.values) : null;
  const next =
    nextCursor === null
      ? null
      : hrefOf(view, { ...view.values, asOf: [String(revision)], cursor: [nextCursor] });
  if (first === null && next === null) return null;
  return html`<nav class="paging" aria-label="Pages">
${first && html`<a href="${first}" rel="first">First page</a>\n`}${next && html`<a href="${next}" rel="next nofollow">Next page</a>\n`}</nav>
`;
}
