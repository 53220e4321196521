/** Rounds of sanctions as the rungs of a ladder, one for each that imposes them on somebody. */
import { type Html, html } from '../../lib/html.ts';
import { day, factLink, words } from '../format-values.ts';
import type { Front, RoundFact } from './load-data.ts';
import { accordingTo, empty, inferredMark, isInferred, part } from './section.ts';

export function ladder({ rounds: { facts, more, all } }: Front): Html {
  const ladders = [
    ...Map.groupBy(facts, ({ imposedBy, target }) =>
      [imposedBy, target].map(({ type, id }) => `${type}/${id}`).join(' '),
    ).values(),
  ];
  const body =
    facts.length === 0
      ? empty('No round of sanctions is in these sources.')
      : html`${ladders.map(oneLadder)}${
          more
            ? html`<p class="small">The highest rounds are shown; there are more <a href="${all}">in the whole list</a>.</p>`
            : null
        }`;
  return part({
    id: 'sanctions',
    title: 'Rounds of sanctions',
    lede:
      facts.length > 0
        ? html`A full rung was adopted. A hollow one is announced, proposed or talked about; one that is crossed out was lifted.`
        : null,
    body,
    all: { url: all, words: 'All rounds' },
  });
}

function oneLadder(rounds: RoundFact[]): Html {
  const [{ imposedBy, target }] = rounds as [RoundFact];
  return html`<div class="ladder">
<h3>${factLink(imposedBy, 60)} on ${factLink(target, 60)}</h3>
<ol>
${highestFirst(rounds).map(rung)}</ol>
</div>
`;
}

/** Those that nobody counts stand at the foot: they are no lower, but nobody says how high they are. */
export const highestFirst = (rounds: readonly RoundFact[]): RoundFact[] =>
  [...rounds].sort((a, b) => (b.ordinal ?? 0) - (a.ordinal ?? 0));

function rung(round: RoundFact): Html {
  const { ordinal, status } = round;
  // Rails are as high as their words; rungs are in pixels, around the middle.
  return html`<li class="rung ${status}">
<div class="rails"><svg width="56" height="100%" aria-hidden="true" focusable="false"><line class="rail" x1="8" x2="8" y1="-1" y2="100%"/><line class="rail" x1="48" x2="48" y1="-1" y2="100%"/><svg y="50%" overflow="visible"><rect class="step" x="3" y="-6" width="50" height="12" rx="2"/><line class="strike" x1="-1" x2="57" y1="0" y2="0"/></svg></svg></div>
<div class="rung-words"><a class="fact" href="/sanctions-rounds/${round.id}">${ordinal === null ? 'A round without a number' : `Round ${ordinal}`}</a>
<span class="status">${words(status)}</span> <span class="when">${when(round)}</span>${accordingTo(round)}</div>
</li>
`;
}

function when(round: RoundFact): Html | null {
  const { announcedOn, adoptedOn } = round;
  const days = [
    ['adoptedOn', 'adopted', adoptedOn],
    ['announcedOn', 'announced', announcedOn],
  ] as const;
  const stated = days.flatMap(([field, verb, on]) =>
    on === null
      ? []
      : [
          html`${verb === round.status ? null : html`${verb} `}${day(on)}${isInferred(round, field) ? inferredMark : null} `,
        ],
  );
  return stated.length > 0 ? html`${stated}` : null;
}
