/** Section of sanctions rounds: a ladder for each imposing actor and target. */
import { type Html, html } from '../../lib/html.ts';
import { humanize, renderDate, renderFactLink } from '../format-values.ts';
import type { HomeData, RoundFact } from './load-data.ts';
import { INFERRED_MARK, isInferred, renderAttribution, renderEmpty, renderSection } from './section.ts';

export function renderSanctionsRounds({ rounds: { items, hasMore, allUrl } }: HomeData): Html {
  const groups = [
    ...Map.groupBy(items, ({ imposedBy, target }) =>
      [imposedBy, target].map(({ type, id }) => `${type}/${id}`).join(' '),
    ).values(),
  ];
  const body =
    items.length === 0
      ? renderEmpty('No sanctions rounds in these sources.')
      : html`${groups.map(renderRoundGroup)}${
          hasMore
            ? html`<p class="small">Only the highest rounds are shown. See <a href="${allUrl}">all rounds</a>.</p>`
            : null
        }`;
  return renderSection({
    id: 'sanctions',
    title: 'Sanctions rounds',
    intro:
      items.length > 0
        ? html`Filled steps are adopted rounds. Hollow steps are announced, proposed or under discussion. Crossed-out steps were lifted.`
        : null,
    body,
    allLink: { url: allUrl, text: 'All rounds' },
  });
}

function renderRoundGroup(rounds: RoundFact[]): Html {
  const [{ imposedBy, target }] = rounds as [RoundFact];
  return html`<div class="rounds">
<h3>${renderFactLink(imposedBy, 60)} on ${renderFactLink(target, 60)}</h3>
<ol>
${sortByOrdinalDescending(rounds).map(renderRound)}</ol>
</div>
`;
}

/** Rounds without a number come last, because their actual position is unknown. */
const sortByOrdinalDescending = (rounds: readonly RoundFact[]): RoundFact[] =>
  [...rounds].sort((a, b) => (b.ordinal ?? 0) - (a.ordinal ?? 0));

function renderRound(round: RoundFact): Html {
  const { ordinal, status } = round;
  // The rails are as high as the text; the rung has a fixed height and is centered vertically.
  return html`<li class="round ${status}">
<div class="round-chart"><svg width="56" height="100%" aria-hidden="true" focusable="false"><line class="rail" x1="8" x2="8" y1="-1" y2="100%"/><line class="rail" x1="48" x2="48" y1="-1" y2="100%"/><svg y="50%" overflow="visible"><rect class="step" x="3" y="-6" width="50" height="12" rx="2"/><line class="strike" x1="-1" x2="57" y1="0" y2="0"/></svg></svg></div>
<div class="round-text"><a class="fact" href="/sanctions-rounds/${round.id}">${ordinal === null ? 'Unnumbered round' : `Round ${ordinal}`}</a>
<span class="status">${humanize(status)}</span> <span class="date">${renderDates(round)}</span>${renderAttribution(round)}</div>
</li>
`;
}

function renderDates(round: RoundFact): Html | null {
  const { announcedOn, adoptedOn } = round;
  const possibleDates = [
    ['adoptedOn', 'adopted', adoptedOn],
    ['announcedOn', 'announced', announcedOn],
  ] as const;
  const dates = possibleDates.flatMap(([field, verb, date]) =>
    date === null
      ? []
      : [
          html`${verb === round.status ? null : html`${verb} `}${renderDate(date)}${isInferred(round, field) ? INFERRED_MARK : null} `,
        ],
  );
  return dates.length > 0 ? html`${dates}` : null;
}
