/** Who stands where: a table of actors and what they take positions on. */

import { type Html, html, joined } from '../../lib/html.ts';
import { shortened } from '../../model/fields.ts';
import { factLink, pageOf, words } from '../format-values.ts';
import type { Front, StanceFact } from './load-data.ts';
import { accordingTo, empty, part } from './section.ts';

/** A table that is wider is read by nobody. */
const MAX_SUBJECTS = 8;

const POSITIONS: Record<StanceFact['position'], { words: string; glyph: Html }> = {
  supports: { words: 'supports', glyph: html`<path d="M3 9.5 7 13.5 15 4.5"/>` },
  opposes: { words: 'opposes', glyph: html`<path d="M4 4 14 14M14 4 4 14"/>` },
  'seeks-pause': { words: 'seeks a pause', glyph: html`<path d="M6 3.5V14.5M12 3.5V14.5"/>` },
  'seeks-more': { words: 'seeks more', glyph: html`<path d="M3.5 9 9 3.5 14.5 9M3.5 14.5 9 9 14.5 14.5"/>` },
  divided: { words: 'is divided', glyph: html`<path d="M9 15V10L3.5 4M9 10 14.5 4"/>` },
};

const ORDER = Object.keys(POSITIONS);

const key = ({ type, id }: { type: string; id: string }): string => `${type}/${id}`;

export interface Matrix {
  /** The stances on each subject, those with the most first. */
  columns: StanceFact[][];
  /** The stances of each actor. */
  rows: StanceFact[][];
  /** Subjects for which there was no room. */
  left: number;
}

export function matrixOf(stances: readonly StanceFact[]): Matrix {
  const subjects = [...Map.groupBy(stances, ({ subject }) => key(subject)).values()].sort(
    (a, b) => b.length - a.length,
  );
  const columns = subjects.slice(0, MAX_SUBJECTS);
  const columnOf = new Map(columns.flatMap((column, at) => column.map((stance) => [stance, at] as const)));
  // Those who take the same position on the same stand together.
  const place = (stance: StanceFact) => [columnOf.get(stance) ?? 0, ORDER.indexOf(stance.position)] as const;
  const shown = stances.filter((stance) => columnOf.has(stance));
  const sorted = shown.sort((a, b) => {
    const [[column, position], [otherColumn, otherPosition]] = [place(a), place(b)];
    return column - otherColumn || position - otherPosition;
  });
  const rows = [...Map.groupBy(sorted, ({ actor }) => key(actor)).values()];
  return { columns, rows, left: subjects.length - columns.length };
}

export function matrix({ stances: { facts, more, all } }: Front): Html {
  const { columns, rows, left } = matrixOf(facts);
  const body =
    facts.length === 0
      ? empty('No position of anybody is in these sources.')
      : html`${table(columns, rows)}${
          more || left > 0
            ? html`<p class="small">The newest are shown; there are more stances <a href="${all}">in the whole list</a>.</p>`
            : null
        }`;
  return part({
    id: 'stances',
    title: 'Who stands where',
    lede:
      facts.length > 0
        ? html`Positions on proposals and on rounds of sanctions. An empty field is no position: these sources tell of none.`
        : null,
    body,
    all: { url: all, words: 'All stances' },
  });
}

const table = (columns: StanceFact[][], rows: StanceFact[][]): Html =>
  html`<div class="scrolls" tabindex="0" role="region" aria-label="Who stands where, as a table">
<table class="matrix">
<thead><tr><th scope="col">Who</th>${columns.map(([stance]) => html`<th scope="col">${factLink((stance as StanceFact).subject, 80)}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (stances) => html`<tr><th scope="row">${factLink((stances[0] as StanceFact).actor, 60)}</th>${columns.map(
    ([column]) => cell(stances.filter(({ subject }) => key(subject) === key((column as StanceFact).subject))),
  )}</tr>
`,
)}</tbody>
</table>
</div>
`;

const cell = (stances: StanceFact[]): Html =>
  stances.length === 0
    ? html`<td><span class="unseen">no position in these sources</span></td>`
    : html`<td>${stances.map(stanceAs)}</td>`;

function stanceAs(stance: StanceFact): Html {
  const { position, andOthers, purpose, recurrence } = stance;
  const { words: says, glyph } = POSITIONS[position];
  const others = [andOthers ? 'with others' : null, recurrence && words(recurrence)].filter(
    (each) => each !== null,
  );
  return html`<div class="stance ${position}"><a href="${pageOf(stance)}"><svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true" focusable="false">${glyph}</svg>${says}</a>${
    others.length > 0 ? html` <span class="small">${joined(others, ', ')}</span>` : null
  }${purpose && html` <bdi class="small purpose">${shortened(purpose, 100)}</bdi>`}${accordingTo(stance)}</div>`;
}
