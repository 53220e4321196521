/** The very view in every format that it can be had in: URLs to be pasted, each with the tool it is for. */
import { MAX_LIMIT } from '../../api/respond/respond.ts';
import { buildListAlternates } from '../../api/routes/exports.ts';
import { CSV_MEDIA_TYPE } from '../../formats/csv.ts';
import type { Tool } from '../../formats/format.ts';
import { getFormats } from '../../formats/index.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { type Html, html } from '../../lib/html.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Facet } from './facets.ts';
import { toFacetsCsvUrl } from './facets.ts';
import { type ExploreState, omitParameters, pickFilters } from './url-state.ts';

/** The view in one format. */
interface ExportOption {
  title: string;
  mediaType: string;
  /** Path-absolute. */
  url: string;
  tools: readonly Tool[];
}

const LIST_TOOLS: Tool[] = [{ name: 'programs' }, { name: 'Grafana Infinity, with rows at $.data' }];

const COUNT_TOOLS: Tool[] = [{ name: 'bars, and filters with counts' }];

/** All formats of the list; the view of later pages is that of the whole list too. */
export function listExportOptions(state: ExploreState, facets: Facet[] | null): ExportOption[] {
  const { factType, values } = state;
  const { collection } = factType;
  const tools = new Map(getFormats(factType).map((format) => [format.title, format.tools(factType)]));
  const formats = buildListAlternates(factType, values).map(({ title, mediaType, url }) => ({
    title,
    mediaType,
    url,
    tools: tools.get(title) ?? [],
  }));
  const pageQuery = { ...values, limit: [String(MAX_LIMIT)] };
  return [
    ...formats,
    {
      title: `JSON, ${MAX_LIMIT} a page`,
      mediaType: JSON_MEDIA_TYPE,
      url: `/v1/${collection}${formatCanonicalQuery(pageQuery)}`,
      tools: LIST_TOOLS,
    },
    ...listCountOptions(state, facets),
  ];
}

/** By the first field that there is something to choose of. */
function listCountOptions(state: ExploreState, facets: Facet[] | null): ExportOption[] {
  const { factType, values } = state;
  const by = facets?.find(({ values }) => values.length > 1)?.field ?? (factType.facetNames[0] as string);
  const query = {
    ...omitParameters(pickFilters(state), []),
    ...(values['asOf'] && { asOf: values['asOf'] }),
    by: [by],
  };
  return [
    {
      title: 'Counts by value, as CSV',
      mediaType: CSV_MEDIA_TYPE,
      url: toFacetsCsvUrl(factType, query),
      tools: COUNT_TOOLS,
    },
  ];
}

export function renderExportLinks(state: ExploreState, options: ExportOption[], publicUrl: string): Html {
  const { factType, values } = state;
  return html`<details class="export-links"><summary><h2>Put this view into your tool</h2></summary>
<div id="paste">
<p class="small">${
    values['asOf']
      ? 'Each of these gives the whole list as it was at the moment in view, and stays so; leave out asOf to follow what is new.'
      : 'Each of these gives the whole list by these filters, and what is imported later as well.'
  } ${formatFilterHint(factType)}</p>
${options.map((option) => renderExportOption(option, publicUrl))}</div>
</details>`;
}

const formatFilterHint = ({ facetNames }: FactType): string =>
  `The counts are by one field; by= also takes ${facetNames.join(', ')}.`;

function renderExportOption({ title, url, tools }: ExportOption, publicUrl: string): Html {
  const absolute = publicUrl + url;
  return html`<section class="export-option"><h3>${title}</h3>
<dl>
${tools.map(
  ({ name, toPasteText }) =>
    html`<dt>${name}</dt><dd><div class="copyable" data-copy-label="what to paste for ${name}"><code>${toPasteText ? toPasteText(absolute) : absolute}</code></div></dd>\n`,
)}</dl>
</section>
`;
}

/** The same for programs that read the head of the page: whatever is the list itself. */
export const renderAlternateLinks = (options: ExportOption[]): Html =>
  html`${options
    .slice(0, -1)
    .map(
      ({ title, mediaType, url }) =>
        html`<link rel="alternate" type="${mediaType.split(';')[0] as string}" href="${url}" title="${title}">\n`,
    )}`;
