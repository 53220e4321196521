/** The front page: the summit at a glance. */

import { type Html, html, isolated } from '../../lib/html.ts';
import { shortened } from '../../model/fields.ts';
import { layout } from '../layout.ts';
import type { Asked } from '../page-route.ts';
import { corrections } from './corrections.ts';
import { askForAll, type Front, type Listed } from './load-data.ts';
import { map } from './map.ts';
import { quotes } from './quotes.ts';
import { ladder } from './sanctions-rounds.ts';
import { lead } from './sources.ts';
import { matrix } from './stance-matrix.ts';
import { timeline } from './timeline.ts';

export interface Parameters {
  document?: string;
}

const DESCRIPTION =
  'What was held, planned, said and decided around political summits: facts, each with the exact words of the source that carry it.';

export async function draw(asked: Asked<Parameters>): Promise<Html> {
  const { document } = asked.parameters;
  const front = await askForAll(asked.ask, document);
  const main = html`<div class="masthead">
<h1>The summit at a glance</h1>
<p class="lede">What was held, planned, said and decided, as the sources tell it. Every entry leads to the words that carry it.</p>
</div>
${document === undefined ? null : filtered(front, document)}${nothing(front, asked) ?? everything(front, document)}`;
  return layout(
    { title: 'At a glance', description: DESCRIPTION, styles: ['home.css'], current: '/', main },
    asked,
  );
}

/** What stands instead of all else where there is nothing to show. */
function nothing({ documents }: Front, { reading, parameters }: Asked<Parameters>): Html | null {
  if (reading.revision === 0) {
    return html`<p class="empty">Nothing has been imported yet: there is no source text here, and so there are no facts.
<a href="/docs">How the API takes in a text with its facts</a></p>`;
  }
  return documents.facts.length === 0 && parameters.document !== undefined ? html`` : null;
}

/** Says of which document the page is; one that nobody has is told, not hidden. */
function filtered({ documents }: Front, document: string): Html {
  const [found] = documents.facts;
  const what = found
    ? html`Only what <a href="/documents/${found.id}">${isolated(shortened(found.title, 120))}</a> says.`
    : html`There is no source by the id <code>${document}</code> here.`;
  return html`<p class="notice only" role="note">${what} <a href="/">Show all sources</a></p>
`;
}

const everything = (front: Front, document: string | undefined): Html => html`<div class="pair opening">
${lead(front, document)}${contents(front)}</div>
${timeline(front)}<div class="pair">
${map(front)}${ladder(front)}</div>
${matrix(front)}<div class="pair voices">
${quotes(front)}${corrections(front)}</div>
`;

/** How much there is of what, and the way to it. */
function contents({ events, deployments, rounds, stances, statements, corrections }: Front): Html {
  const entries: [id: string, list: Listed<unknown>, one: string, many: string][] = [
    ['timeline', events, 'event', 'events'],
    ['deployments', deployments, 'deployment', 'deployments'],
    ['sanctions', rounds, 'round of sanctions', 'rounds of sanctions'],
    ['stances', stances, 'stance', 'stances'],
    ['quotes', statements, 'quotation', 'quotations'],
    ['corrections', corrections, 'correction', 'corrections'],
  ];
  return html`<nav class="contents" aria-label="On this page">
<ul>
${entries.map(
  ([id, list, one, many]) =>
    html`<li><a href="#${id}"><b>${countOf(list)}</b> ${countOf(list) === '1' ? one : many}</a></li>\n`,
)}</ul>
</nav>
`;
}

/** Counting a large archive takes long, and nobody wants to know whether it is 61 or 62. */
const countOf = ({ facts, more }: Listed<unknown>): string => `${more ? 'over ' : ''}${facts.length}`;
