/** The very view in every format that it can be had in: URLs to be pasted, each with the tool it is for. */
import { MAX_LIMIT } from '../../api/respond/respond.ts';
import { listAlternates } from '../../api/routes/exports.ts';
import { CSV_TYPE } from '../../formats/csv.ts';
import type { Tool } from '../../formats/format.ts';
import { formatsOf } from '../../formats/index.ts';
import { canonicalQuery } from '../../http/query-string.ts';
import { JSON_TYPE } from '../../http/route-definition.ts';
import { type Html, html } from '../../lib/html.ts';
import type { Resource } from '../../model/fact-type.ts';
import type { Facet } from './facets.ts';
import { facetsCsv } from './facets.ts';
import { filtersOf, type View, without } from './url-state.ts';

/** The view in one format. */
interface Way {
  title: string;
  mediaType: string;
  /** Path-absolute. */
  url: string;
  tools: readonly Tool[];
}

const LIST_TOOLS: Tool[] = [{ tool: 'programs' }, { tool: 'Grafana Infinity, with rows at $.data' }];

const COUNT_TOOLS: Tool[] = [{ tool: 'bars, and filters with counts' }];

/** All formats of the list; the view of later pages is that of the whole list too. */
export function waysOf(view: View, facets: Facet[] | null): Way[] {
  const { resource, values } = view;
  const { collection } = resource;
  const tools = new Map(formatsOf(resource).map((format) => [format.title, format.tools(resource)]));
  const formats = listAlternates(resource, values).map(({ title, mediaType, url }) => ({
    title,
    mediaType,
    url,
    tools: tools.get(title) ?? [],
  }));
  const paged = { ...values, limit: [String(MAX_LIMIT)] };
  return [
    ...formats,
    {
      title: `JSON, ${MAX_LIMIT} a page`,
      mediaType: JSON_TYPE,
      url: `/v1/${collection}${canonicalQuery(paged)}`,
      tools: LIST_TOOLS,
    },
    ...counts(view, facets),
  ];
}

/** By the first field that there is something to choose of. */
function counts(view: View, facets: Facet[] | null): Way[] {
  const { resource, values } = view;
  const by = facets?.find(({ values }) => values.length > 1)?.field ?? (resource.facetNames[0] as string);
  const asked = {
    ...without(filtersOf(view), []),
    ...(values['asOf'] && { asOf: values['asOf'] }),
    by: [by],
  };
  return [
    {
      title: 'Counts by value, as CSV',
      mediaType: CSV_TYPE,
      url: facetsCsv(resource, asked),
      tools: COUNT_TOOLS,
    },
  ];
}

export function drawPasting(view: View, ways: Way[], publicUrl: string): Html {
  const { resource, values } = view;
  return html`<details class="pasting"><summary><h2>Put this view into your tool</h2></summary>
<div id="paste">
<p class="small">${
    values['asOf']
      ? 'Each of these gives the whole list as it was at the moment in view, and stays so; leave out asOf to follow what is new.'
      : 'Each of these gives the whole list by these filters, and what is imported later as well.'
  } ${filterHint(resource)}</p>
${ways.map((way) => drawWay(way, publicUrl))}</div>
</details>`;
}

const filterHint = ({ facetNames }: Resource): string =>
  `The counts are by one field; by= also takes ${facetNames.join(', ')}.`;

function drawWay({ title, url, tools }: Way, publicUrl: string): Html {
  const absolute = publicUrl + url;
  return html`<section class="way"><h3>${title}</h3>
<dl>
${tools.map(
  ({ tool, paste }) =>
    html`<dt>${tool}</dt><dd><div class="paste" data-what="what to paste for ${tool}"><code>${paste ? paste(absolute) : absolute}</code></div></dd>\n`,
)}</dl>
</section>
`;
}

/** The same for programs that read the head of the page: whatever is the list itself. */
export const alternateLinks = (ways: Way[]): Html =>
  html`${ways
    .slice(0, -1)
    .map(
      ({ title, mediaType, url }) =>
        html`<link rel="alternate" type="${mediaType.split(';')[0] as string}" href="${url}" title="${title}">\n`,
    )}`;
