/** What there is to read: the newest sources, each with the way into its text. */

import { type Html, html, isolated } from '../../lib/html.ts';
import { shortened } from '../../model/fields.ts';
import { day } from '../format-values.ts';
import type { Coverage, DocumentFact, Front } from './load-data.ts';
import { inferredMark, isInferred, part, percent } from './section.ts';

export function lead({ documents: { facts, all }, coverages }: Front, document: string | undefined): Html {
  const choosable = document === undefined && facts.length > 1;
  const [first, ...others] = facts.map((fact, at) => ({ fact, coverage: coverages[at] as Coverage }));
  return part({
    id: 'sources',
    title: facts.length === 1 ? 'The source' : 'The newest sources',
    body: html`${first ? source(first.fact, first.coverage, choosable, 'first') : null}${
      others.length > 0
        ? html`<div class="others">${others.map(({ fact, coverage }) => source(fact, coverage, choosable, 'other'))}</div>`
        : null
    }`,
    all: { url: all, words: 'All sources' },
  });
}

const source = (
  fact: DocumentFact,
  coverage: Coverage,
  choosable: boolean,
  rank: 'first' | 'other',
): Html => {
  const { id, title, language, publisher, publishedOn } = fact;
  const when =
    publishedOn === null
      ? html`no day of publication stated`
      : html`${day(publishedOn)}${isInferred(fact, 'publishedOn') ? inferredMark : null}`;
  return html`<article class="source ${rank}">
<h3><a href="/documents/${id}" lang="${language}">${isolated(shortened(title, 200))}</a></h3>
<p class="small">${publisher && html`${isolated(shortened(publisher, 80))}, `}${when}</p>
${carried(coverage)}
<p class="ways"><a class="read" href="/documents/${id}">Read the source with its facts<span class="unseen">: ${isolated(shortened(title, 60))}</span></a>${
    choosable
      ? html` <a href="/?document=${id}">Only this source on this page<span class="unseen">: ${isolated(shortened(title, 60))}</span></a>`
      : null
  }</p>
</article>
`;
};

/** In words, and as a bar that fills. */
function carried(coverage: Coverage): Html {
  if ('refused' in coverage) return html`<p class="carried">${coverage.refused}</p>`;
  const share = coverage.ratio * 100;
  return html`<p class="carried">${shareInWords(share)} of its text is carried into facts.
<svg class="meter" width="100%" height="6" aria-hidden="true" focusable="false"><rect class="whole" width="100%" height="6"/><rect class="share" width="${percent(share)}" height="6"/></svg></p>`;
}

/** Rounded down, so that all is said only of all. */
const shareInWords = (share: number): string =>
  share >= 100 ? 'All' : share > 0 && share < 1 ? 'Less than 1%' : `${Math.floor(share)}%`;
