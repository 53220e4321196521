/** The other formats of what is asked for: named in the Link header, and given to those who would rather have one. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { Elsewhere, Problem } from '../../lib/problem-details.ts';

/** The same in another format, at a URL of its own. */
export interface Alternate {
  mediaType: string;
  /** As people call the format. */
  title: string;
  /** Path-absolute, with its query. */
  url: string;
  /** Whether it is another thing than the same in another format: it is named, and no Accept leads there. */
  onlyNamed?: true;
}

const JSON_TYPE = 'application/json';

/** Longer headers are more than some clients read. */
const MAX_LINK_LENGTH = 8_000;

/**
 * What a request gets instead of JSON, to be thrown: the way to the alternate that it would rather have, or a refusal
 * where it takes neither. Null if it takes JSON.
 */
export function negotiated(
  request: FastifyRequest,
  reply: FastifyReply,
  alternates: Alternate[],
): Elsewhere | Problem | null {
  reply.header('vary', 'Accept');
  const { accept } = request.headers;
  if (accept === undefined || accept === '*/*' || accept === JSON_TYPE) return null;
  const wanted = new Negotiator(request.raw);
  const formats = alternates.filter(({ onlyNamed }) => !onlyNamed);
  const types = formats.map(({ mediaType }) => bare(mediaType));
  // JSON comes first where it is as welcome as others; and whoever names it gets it.
  const [best] = wanted.mediaTypes([JSON_TYPE, ...types]);
  if (best === JSON_TYPE || wanted.mediaTypes().includes(JSON_TYPE)) return null;
  const alternate = formats[types.indexOf(best ?? '')];
  if (alternate) return new Elsewhere(alternate.url);
  const detail = `It can be had as ${[JSON_TYPE, ...new Set(types)].join(', ')}; the request accepts ${accept}.`;
  const link = withAlternates('', alternates);
  return new Problem('not-acceptable', detail, [], { vary: 'Accept', ...(link && { link }) });
}

/** The Link header with the alternates at its end, unless that would make it too long. */
export function withAlternates(link: string, alternates: Alternate[]): string {
  const whole = [link, linkTo(alternates)].filter(Boolean).join(', ');
  return whole.length > MAX_LINK_LENGTH ? link : whole;
}

const linkTo = (alternates: Alternate[]): string =>
  alternates.map(({ url, mediaType }) => `<${url}>; rel="alternate"; type="${bare(mediaType)}"`).join(', ');

/** A media type without its parameters. */
const bare = (mediaType: string): string => mediaType.split(';')[0] as string;
