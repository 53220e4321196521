/** URLs of the current view in every export format, each with the tools that read it. */
import { MAX_LIMIT } from '../../api/params/page-params.ts';
import { buildListAlternates } from '../../api/service/alternates.ts';
import type { Facet } from '../../api/service/facets.ts';
import { CSV_MEDIA_TYPE } from '../../formats/csv.ts';
import type { Tool } from '../../formats/format.ts';
import { getFormats } from '../../formats/index.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { type Html, html } from '../../lib/html.ts';
import { getEssence } from '../../lib/media-type.ts';
import type { FactType } from '../../model/fact-type.ts';
import { toFacetsCsvUrl } from './facets.ts';
import { type ExploreState, omitParameters, pickFilters } from './url-state.ts';

/** Current view in one format. */
interface ExportOption {
  title: string;
  mediaType: string;
  /** Path-absolute URL. */
  url: string;
  tools: readonly Tool[];
}

const LIST_TOOLS: Tool[] = [{ name: 'API clients' }, { name: 'Grafana Infinity, with rows at $.data' }];

const COUNT_TOOLS: Tool[] = [{ name: 'bar charts, and filters with counts' }];

/** Returns all formats, always of the complete list, even on its later pages. */
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
      title: `JSON, ${MAX_LIMIT} per page`,
      mediaType: JSON_MEDIA_TYPE,
      url: `/v1/${collection}${formatCanonicalQuery(pageQuery)}`,
      tools: LIST_TOOLS,
    },
    ...listCountOptions(state, facets),
  ];
}

/** Counts by the first field that has more than one value. */
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
  return html`<details class="export-links"><summary><h2>Export this view</h2></summary>
<div id="paste">
<p class="small">${
    values['asOf']
      ? 'Each URL returns the complete list at this revision and never changes. Remove asOf to include later imports.'
      : 'Each URL returns the complete list for these filters, including facts that are imported later.'
  } ${formatFilterHint(factType)}</p>
${options.map((option) => renderExportOption(option, publicUrl))}</div>
</details>`;
}

const formatFilterHint = ({ facetNames }: FactType): string =>
  `The counts are by one field; by= also accepts ${facetNames.join(', ')}.`;

function renderExportOption({ title, url, tools }: ExportOption, publicUrl: string): Html {
  const absolute = publicUrl + url;
  return html`<section class="export-option"><h3>${title}</h3>
<dl>
${tools.map(
  ({ name, toPasteText }) =>
    html`<dt>${name}</dt><dd><div class="copyable" data-copy-label="the text for ${name}"><code>${toPasteText ? toPasteText(absolute) : absolute}</code></div></dd>\n`,
)}</dl>
</section>
`;
}

/** Links in the head of the page, for programs; without the counts, which are not a format of the list. */
export const renderAlternateLinks = (options: ExportOption[]): Html =>
  html`${options
    .slice(0, -1)
    .map(
      ({ title, mediaType, url }) =>
        html`<link rel="alternate" type="${getEssence(mediaType)}" href="${url}" title="${title}">\n`,
    )}`;
