/** The facts of a page, a row each. */

import { renderQuotations } from '../../formats/quoted-text.ts';
import { bdi, type Html, html } from '../../lib/html.ts';
import type { FactType } from '../../model/fact-type.ts';
import { truncate } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { renderFactLink } from '../format-values.ts';
import { renderCell } from './cells.ts';
import { type Column, selectColumns } from './columns.ts';
import { formatCount, toHeading } from './display-names.ts';
import { DEFAULT_SORT, type ExploreState, toHref } from './url-state.ts';

/** A page of a list, as the API answers with it. */
export interface ListPage {
  data: Fact[];
  meta: { revision: number; limit: number; nextCursor: string | null; total?: number };
}

const LABEL_COLUMN: Column = { name: 'label', sort: 'label', isDate: false };
const MAX_LABEL_LENGTH = 160;
const MAX_QUOTATION_LENGTH = 140;
const MAX_STATEMENT_LENGTH = 300;

/** A table says itself what it is, as cards are no table to a browser; so its parts have their roles written. */
export function renderTable(state: ExploreState, { data }: ListPage, total: number | null): Html {
  const { factType } = state;
  const columns = selectColumns(factType, data, getSort(state));
  const inferred = data.some(
    (fact) => isLabelInferred(state, fact) || columns.some(({ name }) => isInferred(fact, name)),
  );
  return html`<table class="facts" role="table">
<caption>${formatCaption(state, data.length, total)}</caption>
<thead role="rowgroup"><tr role="row">
${[LABEL_COLUMN, ...columns].map((column) => renderHeader(state, column))}</tr></thead>
<tbody role="rowgroup">
${data.map((fact) => renderRow(state, fact, columns))}</tbody>
</table>
${inferred ? html`<p class="small legend">${INFERRED_SYMBOL} Inferred rather than stated: the page of the fact says from what.</p>\n` : null}`;
}

/** `12 statements`, `The first 50 of 1,234 statements` */
export function formatCaption(
  { factType, page }: Pick<ExploreState, 'factType' | 'page'>,
  rows: number,
  total: number | null,
): string {
  const formatFacts = (count: number) =>
    `${formatCount(count)} ${count === 1 ? factType.noun : factType.title.toLowerCase()}`;
  if (total === rows) return formatFacts(rows);
  const prefix = page['cursor'] ? `${formatCount(rows)} more` : `The first ${formatCount(rows)}`;
  return total === null ? `${prefix} ${factType.title.toLowerCase()}` : `${prefix} of ${formatFacts(total)}`;
}

const getSort = ({ values }: ExploreState): string => values['sort']?.[0] ?? DEFAULT_SORT;

/** Whoever follows it once more has the list the other way round. */
function renderHeader(state: ExploreState, { name, sort }: Column): Html {
  const title = name === 'label' ? toHeading(state.factType.noun) : toHeading(name);
  if (sort === null) return html`<th scope="col" role="columnheader">${title}</th>\n`;
  const currentSort = getSort(state);
  const direction = currentSort === sort ? 'ascending' : currentSort === `-${sort}` ? 'descending' : null;
  const href = toHref(state, { ...state.values, sort: [direction === 'ascending' ? `-${sort}` : sort] });
  return html`<th scope="col" role="columnheader"${direction && html` aria-sort="${direction}"`}><a class="sort" href="${href}" rel="nofollow">${title}</a></th>\n`;
}

const INFERRED_SYMBOL = html`<span class="inferred footnote-mark" aria-hidden="true">\u2020</span>`;
/** Without a break before it. */
const INFERRED_MARKER = html`\u2060${INFERRED_SYMBOL}<span class="visually-hidden"> (inferred)</span>`;

const isInferred = (fact: Fact, name: string): boolean =>
  fact.inferences.some(({ fields }) => fields.includes(name));

/** Where a field is the label itself. */
const isLabelInferred = ({ factType }: ExploreState, fact: Fact): boolean =>
  factType.fieldNames.some((name) => fact[name] === fact.label && isInferred(fact, name));

function renderRow(state: ExploreState, fact: Fact, columns: Column[]): Html {
  const { factType } = state;
  return html`<tr role="row"${fact.retracted ? html` class="retracted"` : null}>
<th scope="row" role="rowheader">${renderFactLink(fact, MAX_LABEL_LENGTH)}${isLabelInferred(state, fact) ? INFERRED_MARKER : null}${renderRemarks(state.factType, fact)}</th>
${columns.map(
  (column) =>
    html`<td role="cell" data-label="${toHeading(column.name)}"><div>${renderCell(factType, fact, column, isInferred(fact, column.name) ? INFERRED_MARKER : null)}</div></td>\n`,
)}</tr>
`;
}

/** What must be known of a fact before it is used, and the first words that carry it. */
function renderRemarks(factType: FactType, fact: Fact): Html {
  const { retracted, accordingTo } = fact;
  const quotedText = renderQuotedText(factType, fact);
  return html`${
    retracted
      ? html`<span class="remark retraction"><strong>Withdrawn</strong> at revision ${retracted.revision}: ${bdi(truncate(retracted.reason, MAX_QUOTATION_LENGTH))}</span>`
      : null
  }${
    accordingTo
      ? html`<span class="remark">only according to ${renderFactLink(accordingTo, MAX_QUOTATION_LENGTH)}</span>`
      : null
  }${quotedText}`;
}

/** What is said is its label, unless that had to be cut; of all else the first words that carry it. */
function renderQuotedText({ getStatementContent }: FactType, fact: Fact): Html | null {
  if (!getStatementContent) {
    const [first] = fact.evidence ?? [];
    return first
      ? html`<q class="quoted-text">${bdi(truncate(first.exact, MAX_QUOTATION_LENGTH))}</q>`
      : null;
  }
  const { passages } = getStatementContent(fact as never);
  const statementText = passages.map(({ exact }) => exact).join(' ');
  if (fact.label.endsWith(statementText)) return null;
  // In quotation marks stands only what the source has so; cut words have none.
  const content =
    statementText.length > MAX_STATEMENT_LENGTH
      ? html`${truncate(statementText, MAX_STATEMENT_LENGTH)}`
      : renderQuotations(passages);
  return html`<bdi class="quoted-text">${content}</bdi>`;
}

/** Later pages are of the revision of the first, as their cursor is. */
export function renderPagination(
  state: ExploreState,
  { meta: { revision, nextCursor } }: ListPage,
): Html | null {
  const first = state.page['cursor'] ? toHref(state, state.values) : null;
  const next =
    nextCursor === null
      ? null
      : toHref(state, { ...state.values, asOf: [String(revision)], cursor: [nextCursor] });
  if (first === null && next === null) return null;
  return html`<nav class="pagination" aria-label="Pages">
${first && html`<a href="${first}" rel="first">First page</a>\n`}${next && html`<a href="${next}" rel="next nofollow">Next page</a>\n`}</nav>
`;
}
