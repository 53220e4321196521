/** Cards of facts for articles by oEmbed 1.0: editors turn a pasted link to a fact into its card. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { MIN_CARD_SIZE } from '../../formats/quote-card.ts';
import { asOfParam } from '../../http/as-of-param.ts';
import { integerBetween, singleValue } from '../../http/params.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { quoteText } from '../../lib/graphemes.ts';
import { invalidParameters, Problem } from '../../lib/problem-details.ts';
import type { FactType } from '../../model/fact-type.ts';
import { closedVocabulary, idSchema } from '../../model/fields.ts';
import { factTypes } from '../../model/types/index.ts';
import { respond } from '../respond/respond.ts';
import { getCard } from '../service/cards.ts';
import type { FactService } from '../service/snapshot-reader.ts';

const MAX_SIZE = 1_000_000;
const MAX_PAGE_URL_LENGTH = 2_000;
const Embed = z
  .object({
    version: z.literal('1.0').meta({ 'x-enum-varnames': ['V1_0'] }),
    type: z.literal('rich'),
    title: z.string().describe('Label of the fact.'),
    author_name: z.string().optional().describe('Speakers, if the fact is a statement with speakers.'),
    provider_name: z.string(),
    provider_url: z.string(),
    cache_age: z.int().describe('Number of seconds for which the card may be cached.'),
    width: z.int().describe('Width in pixels.'),
    height: z.int().describe('Approximate height in pixels; the actual height depends on the text.'),
    html: z
      .string()
      .describe('HTML of the card with inline styles; it runs no scripts and loads no resources.'),
  })
  .meta({ id: 'Embed', description: 'Card of a fact (oEmbed 1.0, type rich).' });

const EmbedFormat = closedVocabulary('EmbedFormat', ['json'], 'Format of the response.');

/** Throws a 501 for any other format, as oEmbed 1.0 requires. */
function requireJson(format: string): string {
  if (format === '' || format.toLowerCase() === 'json') return 'json';
  throw new Problem('format-not-supported', `format: only json is supported (given: ${quoteText(format)})`);
}

/** Drops other parameters: consumers pass their own on to all providers, such as `lang` and `theme`. */
const OembedQuery = z.object({
  url: singleValue(z.string().min(1, 'must not be empty').max(MAX_PAGE_URL_LENGTH)).meta({
    description:
      'URL of the page of a fact (`links.html`), absolute or path-absolute; `?asOf=` in it selects a revision.',
    example: '/figures/new-battle-groups',
  }),
  maxwidth: singleValue(integerBetween(MIN_CARD_SIZE.width, MAX_SIZE))
    .optional()
    .meta({
      description: `Maximum width of the card in pixels, at least ${MIN_CARD_SIZE.width}.`,
      example: 600,
    }),
  maxheight: singleValue(integerBetween(MIN_CARD_SIZE.height, MAX_SIZE))
    .optional()
    .meta({
      description: `Maximum height of the card in pixels, at least ${MIN_CARD_SIZE.height}; longer content scrolls.`,
      example: 400,
    }),
  format: singleValue(z.string().transform(requireJson).pipe(EmbedFormat))
    .default('json')
    .describe('Format of the response; only json is supported, others get a 501. Default json.'),
  dnt: singleValue(z.string().transform(Boolean).pipe(z.boolean()))
    .optional()
    .describe(
      'Do-not-track flag, as sent by WordPress; it has no effect, because cards never track readers.',
    ),
});

export function oembedRoute(app: FastifyInstance, service: FactService): void {
  const options = defineOperation({
    operationId: 'getOembed',
    tag: 'Embedding',
    summary: 'Get the card of a fact',
    description:
      'oEmbed 1.0 response with a card for an article. The card has the words, the speakers, the source and what ' +
      'was inferred, and links to the fact. The card of a retracted fact says so first. Other parameters, which ' +
      'consumers of oEmbed send to all providers, are ignored.',
    query: OembedQuery,
    response: { description: 'The card.', mediaType: JSON_MEDIA_TYPE, schema: Embed },
    conditional: true,
    problems: ['not-found', 'format-not-supported'],
    example: '/oembed?url=/figures/new-battle-groups',
  });
  app.get('/oembed', options, (request, reply) => {
    const { url, maxwidth, maxheight } = request.query as z.output<typeof OembedQuery>;
    const publicUrl = app.publicUrl();
    const { factType, id, asOf } = parsePageUrl(url, publicUrl);
    const size = {
      ...(maxwidth !== undefined && { width: maxwidth }),
      ...(maxheight !== undefined && { height: maxheight }),
    };
    return respond({ service, request, reply }, { asOf, hasAbsoluteUrls: true }, (reader) => {
      const linkQuery = asOf === undefined ? '' : `?asOf=${reader.snapshot.revision}`;
      return getCard(reader, factType, id, { publicUrl, linkQuery, size });
    });
  });
}

interface FactPageRef {
  factType: FactType;
  id: string;
  asOf: string | undefined;
}

/**
 * Parses the URL of a fact's page; throws a 404 for any other URL. Shared links may end in a slash and have
 * parameters that other services added, such as `utm_source`.
 */
function parsePageUrl(url: string, publicUrl: string): FactPageRef {
  const base = new URL(publicUrl);
  const pageUrl = URL.canParse(url, publicUrl) ? new URL(url, base) : null;
  const isOwnPage = pageUrl?.origin === base.origin && pageUrl.username === '' && pageUrl.password === '';
  const path = isOwnPage ? stripBasePath(pageUrl.pathname, base.pathname, url.startsWith('/')) : null;
  const [, collection, id = ''] = /^\/([^/]+)\/([^/]+)\/?$/.exec(path ?? '') ?? [];
  const factType = factTypes.find((each) => each.collection === collection);
  const asOfValues = pageUrl?.searchParams.getAll('asOf') ?? [];
  if (!factType || !idSchema.safeParse(id).success) {
    const example = `${publicUrl}/events/some-id`;
    throw new Problem(
      'not-found',
      `url: must be the URL of a fact page, such as ${example} (given: ${quoteText(url, 200)})`,
    );
  }
  return { factType, id, asOf: parsePageAsOf(asOfValues) };
}

/** Removes the path under which a proxy serves this server; a path-absolute URL may lack it. */
function stripBasePath(path: string, base: string, mayLackBase: boolean): string | null {
  const prefix = base.replace(/\/$/, '');
  if (path.startsWith(`${prefix}/`)) return path.slice(prefix.length);
  return mayLackBase ? path : null;
}

function parsePageAsOf(values: string[]): string | undefined {
  if (values.length === 0) return undefined;
  const result = asOfParam.safeParse(values);
  if (result.success) return result.data;
  const detail = `its asOf ${result.error.issues[0]?.message} (given: ${quoteText(values.join(','))})`;
  throw invalidParameters([{ parameter: 'url', code: 'invalid-value', detail }]);
}
