/** Content negotiation: other formats are listed in the Link header and selected by the Accept header. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { getCanonicalUrl } from '../../http/canonical-url.ts';
import { getEssence } from '../../lib/media-type.ts';
import { Problem, TemporaryRedirect } from '../../lib/problem-details.ts';
import type { Alternate } from '../service/alternates.ts';

const JSON_ESSENCE = 'application/json';

/** Maximum length in characters: some clients do not read longer headers. */
export const MAX_LINK_LENGTH = 8_000;

/**
 * Returns the error to throw instead of responding with JSON: a redirect to the alternate that the client
 * prefers, or a 406 if the client accepts none. Returns null if the client accepts JSON.
 */
export function negotiateFormat(
  request: FastifyRequest,
  reply: FastifyReply,
  alternates: Alternate[],
): TemporaryRedirect | Problem | null {
  // The URL names the format.
  if (getCanonicalUrl(request).isAlias) return null;
  reply.header('vary', 'Accept');
  const { accept = '' } = request.headers;
  if (/^[\s,]*$/.test(accept) || accept === '*/*' || accept === JSON_ESSENCE) return null;
  const negotiator = new Negotiator({ headers: { accept: simplifyAccept(accept) } });
  const formats = alternates.filter(({ linkOnly }) => !linkOnly);
  const mediaTypes = formats.map(({ mediaType }) => getEssence(mediaType));
  const [preferred] = negotiator.mediaTypes([JSON_ESSENCE, ...mediaTypes]);
  if (preferred === JSON_ESSENCE) return null;
  const alternate = formats[mediaTypes.indexOf(preferred ?? '')];
  if (alternate) return new TemporaryRedirect(alternate.url);
  const detail = `Available as ${[...new Set([JSON_ESSENCE, ...mediaTypes])].join(', ')}; the request accepts ${accept}`;
  const link = appendAlternateLinks('', alternates);
  return new Problem('not-acceptable', detail, [], { vary: 'Accept', ...(link && { link }) });
}

/** Media range with its parameters. Quoted values may contain separators, as in `profile="a;b, c"`. */
const ACCEPT_ELEMENT = /(?:"(?:[^"\\]|\\.)*"?|[^,"])+/g;
const QUALITY = /;\s*q\s*=\s*([\d.]+)\s*(?=;|$)/i;

/**
 * Returns an Accept header without the parameters of its media types: each format has one representation, so
 * that `text/csv; charset=utf-8` and `text/csv; header=present` ask for the same as `text/csv`. JSON comes
 * first, because Negotiator resolves ties by the client's order.
 */
function simplifyAccept(accept: string): string {
  const elements = (accept.match(ACCEPT_ELEMENT) ?? []).map((element) => {
    const withoutQuotations = element.replace(/"(?:[^"\\]|\\.)*"?/g, '""');
    const range = getEssence(withoutQuotations).trim().toLowerCase();
    const [, quality] = QUALITY.exec(withoutQuotations) ?? [];
    // Old HTTP clients of Java send `*` for any type.
    return `${range === '*' ? '*/*' : range}${quality === undefined ? '' : `;q=${quality}`}`;
  });
  const isJson = (element: string) => getEssence(element) === JSON_ESSENCE;
  return [...elements.filter(isJson), ...elements.filter((element) => !isJson(element))].join(', ');
}

/** Returns the Link header of a response under another name than its canonical URL; empty for the canonical one. */
export function formatCanonicalLink(request: FastifyRequest): string {
  const { isAlias, url } = getCanonicalUrl(request);
  return isAlias ? `<${url}>; rel="canonical"` : '';
}

/** Appends the alternates to a Link header, unless the result would be too long. */
export function appendAlternateLinks(link: string, alternates: Alternate[]): string {
  const extendedLink = [link, formatAlternateLinks(alternates)].filter(Boolean).join(', ');
  return extendedLink.length > MAX_LINK_LENGTH ? link : extendedLink;
}

const formatAlternateLinks = (alternates: Alternate[]): string =>
  alternates
    .map(({ url, mediaType }) => `<${url}>; rel="alternate"; type="${getEssence(mediaType)}"`)
    .join(', ');
