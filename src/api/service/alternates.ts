/** URLs of the other formats in which lists and facts are available. */
import { getFormats } from '../../formats/index.ts';
import { formatCanonicalQuery, type QueryValues } from '../../http/query-string.ts';
import type { FactType } from '../../model/fact-type.ts';
import { buildFactLinks } from '../serialize/serialize-facts.ts';

/** Other format of a resource, at its own URL. */
export interface Alternate {
  mediaType: string;
  /** Display name of the format. */
  title: string;
  /** Path-absolute URL with its query. */
  url: string;
  /** True for a related resource with other content: it is listed in Link, but Accept never selects it. */
  linkOnly?: true;
}

/** Returns the query without pagination parameters, which cursors are bound to. */
export function stripPagination({ limit: _, cursor: __, count: ___, ...rest }: QueryValues): QueryValues {
  return rest;
}

/** Returns the formats that take all parameters of the query: not every one has fields to select. */
const getFormatsFor = (factType: FactType, values: QueryValues) =>
  getFormats(factType).filter(({ hasFields }) => hasFields || !values['fields']);

/** Returns the other formats of the list that has the query `values`. */
export function buildListAlternates(factType: FactType, values: QueryValues): Alternate[] {
  const query = formatCanonicalQuery(stripPagination(values));
  return getFormatsFor(factType, values).map(({ extension, mediaType, title }) => ({
    mediaType,
    title,
    url: `/v1/${factType.collection}.${extension}${query}`,
  }));
}

/** Returns the other formats of a fact, at its own URL or as a list of one fact, and its oEmbed card. */
export function buildFactAlternates(
  factType: FactType,
  id: string,
  { asOf, fields }: QueryValues,
  publicUrl: string,
): Alternate[] {
  const values = { ...(asOf && { asOf }), ...(fields && { fields }) };
  const factQuery = formatCanonicalQuery(values);
  const listQuery = formatCanonicalQuery({ ids: [id], include: ['retracted'], ...values });
  const formats = getFormatsFor(factType, values).map(({ extension, mediaType, title, item }) => ({
    mediaType,
    title,
    url: `/v1/${factType.collection}${item ? `/${id}.${extension}${factQuery}` : `.${extension}${listQuery}`}`,
  }));
  return [...formats, buildOembedAlternate(factType, id, asOf, publicUrl)];
}

/** Returns the oEmbed link of a fact, for discovery; Accept never selects it. */
function buildOembedAlternate(
  { type }: FactType,
  id: string,
  asOf: string[] | undefined,
  publicUrl: string,
): Alternate {
  const pageUrl = publicUrl + buildFactLinks({ type, id }).html + formatCanonicalQuery(asOf ? { asOf } : {});
  return {
    mediaType: 'application/json+oembed',
    title: 'oEmbed',
    url: `/oembed?url=${encodeURIComponent(pageUrl)}`,
    linkOnly: true,
  };
}
