/** Section of stances: a table of actors and the subjects that they take positions on. */

import { type Html, html, join } from '../../lib/html.ts';
import { truncate } from '../../model/fields.ts';
import { getPositionVerb } from '../../model/types/stances.ts';
import { humanize, renderFactLink, toFactUrl } from '../format-values.ts';
import type { HomeData, StanceFact } from './load-data.ts';
import { renderAttribution, renderEmpty, renderSection } from './section.ts';

/** A wider table would be unreadable. */
const MAX_SUBJECTS = 8;

const POSITION_GLYPHS: Record<StanceFact['position'], Html> = {
  supports: html`<path d="M3 9.5 7 13.5 15 4.5"/>`,
  opposes: html`<path d="M4 4 14 14M14 4 4 14"/>`,
  'seeks-pause': html`<path d="M6 3.5V14.5M12 3.5V14.5"/>`,
  'seeks-more': html`<path d="M3.5 9 9 3.5 14.5 9M3.5 14.5 9 9 14.5 14.5"/>`,
  divided: html`<path d="M9 15V10L3.5 4M9 10 14.5 4"/>`,
};

const POSITION_ORDER = Object.keys(POSITION_GLYPHS);

const toKey = ({ type, id }: { type: string; id: string }): string => `${type}/${id}`;

export interface StanceMatrix {
  /** Stances on each subject, starting with the subject that has the most. */
  columns: StanceFact[][];
  /** Stances of each actor. */
  rows: StanceFact[][];
  /** Number of subjects that did not fit. */
  omittedCount: number;
}

export function buildStanceMatrix(stances: readonly StanceFact[]): StanceMatrix {
  const subjects = [...Map.groupBy(stances, ({ subject }) => toKey(subject)).values()].sort(
    (a, b) => b.length - a.length,
  );
  const columns = subjects.slice(0, MAX_SUBJECTS);
  const columnIndexes = new Map(
    columns.flatMap((column, index) => column.map((stance) => [stance, index] as const)),
  );
  // Actors that take the same position on the same subject are next to each other.
  const getSortKey = (stance: StanceFact) =>
    [columnIndexes.get(stance) ?? 0, POSITION_ORDER.indexOf(stance.position)] as const;
  const included = stances.filter((stance) => columnIndexes.has(stance));
  const sorted = included.sort((a, b) => {
    const [[column, position], [otherColumn, otherPosition]] = [getSortKey(a), getSortKey(b)];
    return column - otherColumn || position - otherPosition;
  });
  const rows = [...Map.groupBy(sorted, ({ actor }) => toKey(actor)).values()];
  return { columns, rows, omittedCount: subjects.length - columns.length };
}

export function renderStanceMatrix({ stances: { items, hasMore, allUrl } }: HomeData): Html {
  const { columns, rows, omittedCount } = buildStanceMatrix(items);
  const body =
    items.length === 0
      ? renderEmpty('No positions in these sources.')
      : html`${renderTable(columns, rows)}${
          hasMore || omittedCount > 0
            ? html`<p class="small">Only the newest stances are shown. See <a href="${allUrl}">all stances</a>.</p>`
            : null
        }`;
  return renderSection({
    id: 'stances',
    title: 'Who stands where',
    intro:
      items.length > 0
        ? html`Positions on proposals and sanctions rounds. An empty cell means that these sources report no position.`
        : null,
    body,
    allLink: { url: allUrl, text: 'All stances' },
  });
}

const renderTable = (columns: StanceFact[][], rows: StanceFact[][]): Html =>
  html`<div class="scrollable" tabindex="0" role="region" aria-label="Table of positions">
<table class="matrix">
<thead><tr><th scope="col">Actor</th>${columns.map(([stance]) => html`<th scope="col">${renderFactLink((stance as StanceFact).subject, 80)}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (
    stances,
  ) => html`<tr><th scope="row">${renderFactLink((stances[0] as StanceFact).actor, 60)}</th>${columns.map(
    ([column]) =>
      renderCell(stances.filter(({ subject }) => toKey(subject) === toKey((column as StanceFact).subject))),
  )}</tr>
`,
)}</tbody>
</table>
</div>
`;

const renderCell = (stances: StanceFact[]): Html =>
  stances.length === 0
    ? html`<td><span class="visually-hidden">no position in these sources</span></td>`
    : html`<td>${stances.map(renderStance)}</td>`;

function renderStance(stance: StanceFact): Html {
  const { position, andOthers, purpose, recurrence, label } = stance;
  // The column names the subject.
  const text = getPositionVerb(position, label).replace(/ on$/, '');
  const others = [andOthers ? 'with others' : null, recurrence && humanize(recurrence)].filter(
    (each) => each !== null,
  );
  return html`<div class="stance ${position}"><a href="${toFactUrl(stance)}"><svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true" focusable="false">${POSITION_GLYPHS[position]}</svg>${text}</a>${
    others.length > 0 ? html` <span class="small">${join(others, ', ')}</span>` : null
  }${purpose && html` <bdi class="small purpose">${truncate(purpose, 100)}</bdi>`}${renderAttribution(stance)}</div>`;
}
