/** Table of facts, with one row for each. */

import { renderQuotations } from '../../formats/quoted-text.ts';
import { bdi, type Html, html } from '../../lib/html.ts';
import { formatCount, formatNumber, pluralize } from '../../lib/numbers.ts';
import { getFactId } from '../../model/expansion.ts';
import type { FactType } from '../../model/fact-type.ts';
import { truncate } from '../../model/fields.ts';
import { findMainEvidence } from '../../model/main-evidence.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { renderFactLink } from '../format-values.ts';
import { renderCell } from './cells.ts';
import { type Column, selectColumns } from './columns.ts';
import { toHeading } from './display-names.ts';
import { DEFAULT_SORT, type ExploreState, toHref } from './url-state.ts';

const LABEL_COLUMN: Column = { name: 'label', sort: 'label', isDate: false };
const MAX_LABEL_LENGTH = 160;
const MAX_QUOTATION_LENGTH = 140;
const MAX_STATEMENT_LENGTH = 300;

/** Renders a table with explicit roles, which browsers otherwise drop when CSS lays out the rows as cards. */
export function renderTable(state: ExploreState, facts: Fact[], total: number | null): Html {
  const { factType } = state;
  const columns = selectColumns(factType, facts, getSort(state));
  const inferred = facts.some(
    (fact) => isLabelInferred(state, fact) || columns.some(({ name }) => isInferred(fact, name)),
  );
  return html`<table class="facts" role="table">
<caption>${formatCaption(state, facts.length, total)}</caption>
<thead role="rowgroup"><tr role="row">
${[LABEL_COLUMN, ...columns].map((column) => renderHeader(state, column))}</tr></thead>
<tbody role="rowgroup">
${facts.map((fact) => renderRow(state, fact, columns))}</tbody>
</table>
${inferred ? html`<p class="small legend">${INFERRED_SYMBOL} Inferred rather than stated: the page of the fact explains how.</p>\n` : null}`;
}

/** `12 statements`, `The first 50 of 1,234 statements` */
export function formatCaption(
  { factType, page }: Pick<ExploreState, 'factType' | 'page'>,
  rows: number,
  total: number | null,
): string {
  const [singular, plural] = [factType.noun, factType.title.toLowerCase()];
  const formatFacts = (count: number) => formatCount(count, singular, plural);
  if (total === rows) return formatFacts(rows);
  const prefix = page['cursor'] ? `${formatNumber(rows)} more` : `The first ${formatNumber(rows)}`;
  return total === null
    ? `${prefix} ${pluralize(rows, singular, plural)}`
    : `${prefix} of ${formatFacts(total)}`;
}

const getSort = ({ values }: ExploreState): string => values['sort']?.[0] ?? DEFAULT_SORT;

/** Renders a heading that sorts by its column; if the table is already sorted by it, in reverse order. */
function renderHeader(state: ExploreState, { name, sort }: Column): Html {
  const title = name === 'label' ? toHeading(state.factType.noun) : toHeading(name);
  if (sort === null) return html`<th scope="col" role="columnheader">${title}</th>\n`;
  const currentSort = getSort(state);
  const direction = currentSort === sort ? 'ascending' : currentSort === `-${sort}` ? 'descending' : null;
  const href = toHref(state, { ...state.values, sort: [direction === 'ascending' ? `-${sort}` : sort] });
  return html`<th scope="col" role="columnheader"${direction && html` aria-sort="${direction}"`}><a class="sort" href="${href}" rel="nofollow">${title}</a></th>\n`;
}

const INFERRED_SYMBOL = html`<span class="inferred footnote-mark" aria-hidden="true">\u2020</span>`;
/** Prevents a line break before the symbol. */
const INFERRED_MARKER = html`\u2060${INFERRED_SYMBOL}<span class="visually-hidden"> (inferred)</span>`;

const isInferred = (fact: Fact, name: string): boolean =>
  fact.inferences.some(({ fields }) => fields.includes(name));

/** True if the label is the value of an inferred field. */
const isLabelInferred = ({ factType }: ExploreState, fact: Fact): boolean =>
  factType.fieldNames.some((name) => fact[name] === fact.label && isInferred(fact, name));

function renderRow(state: ExploreState, fact: Fact, columns: Column[]): Html {
  const { factType } = state;
  return html`<tr role="row"${fact.retracted ? html` class="retracted"` : null}>
<th scope="row" role="rowheader">${renderFactLink({ ...fact, id: getFactId(fact) }, MAX_LABEL_LENGTH)}${isLabelInferred(state, fact) ? INFERRED_MARKER : null}${renderRemarks(state.factType, fact)}</th>
${columns.map(
  (column) =>
    html`<td role="cell" data-label="${toHeading(column.name)}"><div>${renderCell(factType, fact, column, isInferred(fact, column.name) ? INFERRED_MARKER : null)}</div></td>\n`,
)}</tr>
`;
}

/** Renders the remarks that readers need before they use a fact, and its main evidence. */
function renderRemarks(factType: FactType, fact: Fact): Html {
  const { retracted, accordingTo } = fact;
  const quotedText = renderQuotedText(factType, fact);
  return html`${
    retracted
      ? html`<span class="remark retraction"><strong>Retracted</strong> at revision ${retracted.revision}: ${bdi(truncate(retracted.reason, MAX_QUOTATION_LENGTH))}</span>`
      : null
  }${
    accordingTo
      ? html`<span class="remark">only according to ${renderFactLink(accordingTo, MAX_QUOTATION_LENGTH)}</span>`
      : null
  }${quotedText}`;
}

/** Renders the words of a statement, unless the label has all of them; of other facts the main evidence. */
function renderQuotedText(factType: FactType, fact: Fact): Html | null {
  const { getStatementContent } = factType;
  if (!getStatementContent) {
    const main = findMainEvidence(factType, fact);
    return main ? html`<q class="quoted-text">${bdi(truncate(main.exact, MAX_QUOTATION_LENGTH))}</q>` : null;
  }
  const { passages } = getStatementContent(fact as never);
  const statementText = passages.map(({ exact }) => exact).join(' ');
  if (fact.label.endsWith(statementText)) return null;
  // Quotation marks enclose only words that the source quotes; shortened words have none.
  const content =
    statementText.length > MAX_STATEMENT_LENGTH
      ? html`${truncate(statementText, MAX_STATEMENT_LENGTH)}`
      : renderQuotations(passages);
  return html`<bdi class="quoted-text">${content}</bdi>`;
}

/** Renders the links between pages. Later pages stay at the revision of the first, as the cursor does. */
export function renderPagination(
  state: ExploreState,
  revision: number,
  nextCursor: string | null,
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
