/** The other formats of what is asked for: named in the Link header, and given to those who would rather have one. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { Problem, TemporaryRedirect } from '../../lib/problem-details.ts';

/** The same in another format, at a URL of its own. */
export interface Alternate {
  mediaType: string;
  /** As people call the format. */
  title: string;
  /** Path-absolute, with its query. */
  url: string;
  /** Whether it is another thing than the same in another format: it is named, and no Accept leads there. */
  linkOnly?: true;
}

const JSON_ESSENCE = 'application/json';

/** Longer headers are more than some clients read. */
const MAX_LINK_LENGTH = 8_000;

/**
 * What a request gets instead of JSON, to be thrown: the way to the alternate that it would rather have, or a refusal
 * where it takes neither. Null if it takes JSON.
 */
export function negotiateFormat(
  request: FastifyRequest,
  reply: FastifyReply,
  alternates: Alternate[],
): TemporaryRedirect | Problem | null {
  reply.header('vary', 'Accept');
  const { accept } = request.headers;
  if (accept === undefined || accept === '*/*' || accept === JSON_ESSENCE) return null;
  const negotiator = new Negotiator(request.raw);
  const formats = alternates.filter(({ linkOnly }) => !linkOnly);
  const mediaTypes = formats.map(({ mediaType }) => getEssence(mediaType));
  // JSON comes first where it is as welcome as others; and whoever names it gets it.
  const [preferred] = negotiator.mediaTypes([JSON_ESSENCE, ...mediaTypes]);
  if (preferred === JSON_ESSENCE || negotiator.mediaTypes().includes(JSON_ESSENCE)) return null;
  const alternate = formats[mediaTypes.indexOf(preferred ?? '')];
  if (alternate) return new TemporaryRedirect(alternate.url);
  const detail = `It can be had as ${[JSON_ESSENCE, ...new Set(mediaTypes)].join(', ')}; the request accepts ${accept}.`;
  const link = appendAlternateLinks('', alternates);
  return new Problem('not-acceptable', detail, [], { vary: 'Accept', ...(link && { link }) });
}

/** The Link header with the alternates at its end, unless that would make it too long. */
export function appendAlternateLinks(link: string, alternates: Alternate[]): string {
  const extendedLink = [link, formatAlternateLinks(alternates)].filter(Boolean).join(', ');
  return extendedLink.length > MAX_LINK_LENGTH ? link : extendedLink;
}

const formatAlternateLinks = (alternates: Alternate[]): string =>
  alternates
    .map(({ url, mediaType }) => `<${url}>; rel="alternate"; type="${getEssence(mediaType)}"`)
    .join(', ');

/** A media type without its parameters. */
const getEssence = (mediaType: string): string => mediaType.split(';')[0] as string;
