/** Section of the latest sources, each with a link to its text. */

import { bdi, type Html, html } from '../../lib/html.ts';
import { truncate } from '../../model/fields.ts';
import { renderDate } from '../format-values.ts';
import type { Coverage, DocumentFact, HomeData } from './load-data.ts';
import { formatPercent, INFERRED_MARK, isInferred, renderSection } from './section.ts';

export function renderSources(
  { documents: { items, allUrl }, coverages }: HomeData,
  document: string | undefined,
): Html {
  const canFilter = document === undefined && items.length > 1;
  const [first, ...others] = items.map((fact, index) => ({ fact, coverage: coverages[index] as Coverage }));
  return renderSection({
    id: 'sources',
    title: items.length === 1 ? 'Source' : 'Latest sources',
    body: html`${first ? renderSource(first.fact, first.coverage, canFilter, 'first') : null}${
      others.length > 0
        ? html`<div class="others">${others.map(({ fact, coverage }) => renderSource(fact, coverage, canFilter, 'other'))}</div>`
        : null
    }`,
    allLink: { url: allUrl, text: 'All sources' },
  });
}

const renderSource = (
  fact: DocumentFact,
  coverage: Coverage,
  canFilter: boolean,
  rank: 'first' | 'other',
): Html => {
  const { id, title, language, publisher, publishedOn } = fact;
  const date =
    publishedOn === null
      ? html`publication date not stated`
      : html`${renderDate(publishedOn)}${isInferred(fact, 'publishedOn') ? INFERRED_MARK : null}`;
  return html`<article class="source ${rank}">
<h3><a href="/documents/${id}" lang="${language}">${bdi(truncate(title, 200))}</a></h3>
<p class="small">${publisher && html`${bdi(truncate(publisher, 80))}, `}${date}</p>
${renderCoverage(coverage)}
<p class="source-links"><a class="read" href="/documents/${id}">Read the source with its facts<span class="visually-hidden">: ${bdi(truncate(title, 60))}</span></a>${
    canFilter
      ? html` <a href="/?document=${id}">Show only this source<span class="visually-hidden">: ${bdi(truncate(title, 60))}</span></a>`
      : null
  }</p>
</article>
`;
};

/** Renders the coverage in words and as a bar. */
function renderCoverage(coverage: Coverage): Html {
  if ('unavailableReason' in coverage) return html`<p class="coverage">${coverage.unavailableReason}</p>`;
  const share = coverage.ratio * 100;
  return html`<p class="coverage">Facts cover ${formatShare(share)} of the text.
<svg class="meter" width="100%" height="6" aria-hidden="true" focusable="false"><rect class="total" width="100%" height="6"/><rect class="share" width="${formatPercent(share)}" height="6"/></svg></p>`;
}

/** Rounds down, so that only complete coverage is `all`. */
const formatShare = (share: number): string =>
  share >= 100 ? 'all' : share > 0 && share < 1 ? 'less than 1%' : `${Math.floor(share)}%`;
