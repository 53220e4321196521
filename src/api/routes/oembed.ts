/** Cards of facts for articles by oEmbed 1.0: editors turn a pasted link to a fact into its card. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { MIN_CARD_SIZE, renderCard } from '../../formats/quote-card.ts';
import { getQuotedText } from '../../formats/quoted-text.ts';
import { flagOrDigit, integerBetween, singleValue } from '../../http/params.ts';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { capitalize } from '../../lib/case.ts';
import { invalidParameters, Problem } from '../../lib/problem-details.ts';
import type { FactType } from '../../model/fact-type.ts';
import { closedVocabulary, idSchema } from '../../model/fields.ts';
import { factTypes } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { type FactRow, findFact } from '../../store/queries/facts.ts';
import { findIdAt } from '../../store/queries/identities.ts';
import { asOfParam } from '../respond/as-of.ts';
import type { Alternate } from '../respond/content-negotiation.ts';
import { respond } from '../respond/respond.ts';
import { buildFactLinks, toFacts } from '../serialize/serialize-facts.ts';

const MAX_SIZE = 1_000_000;
const MAX_PAGE_URL_LENGTH = 2_000;
/** Cache lifetime in seconds; short, so that corrections appear soon. */
const CACHE_AGE_SECONDS = 3_600;

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

const OembedQuery = z.strictObject({
  url: singleValue(z.string().min(1, 'must not be empty').max(MAX_PAGE_URL_LENGTH)).describe(
    'URL of the page of a fact (`links.html`), absolute or path-absolute; `?asOf=` in it selects a revision.',
  ),
  maxwidth: singleValue(integerBetween(MIN_CARD_SIZE.width, MAX_SIZE))
    .optional()
    .describe(`Maximum width of the card in pixels, at least ${MIN_CARD_SIZE.width}.`),
  maxheight: singleValue(integerBetween(MIN_CARD_SIZE.height, MAX_SIZE))
    .optional()
    .describe(
      `Maximum height of the card in pixels, at least ${MIN_CARD_SIZE.height}; longer content scrolls.`,
    ),
  format: singleValue(closedVocabulary('EmbedFormat', ['json'], 'Format of the response.'))
    .default('json')
    .describe('Format of the response; only json is supported. Default json.'),
  dnt: singleValue(flagOrDigit)
    .optional()
    .describe(
      'Do-not-track flag, as sent by WordPress; it has no effect, because cards never track readers.',
    ),
});

export function oembedRoute(app: FastifyInstance, store: Store): void {
  const options = defineOperation({
    operationId: 'getOembed',
    tag: 'Embedding',
    summary: 'Get the card of a fact',
    description:
      'oEmbed 1.0 response with a card for an article. The card has the words, the speakers, the source and what ' +
      'was inferred, and links to the fact. The card of a retracted fact says so first.',
    query: OembedQuery,
    response: { description: 'The card.', mediaType: JSON_MEDIA_TYPE, schema: Embed },
    conditional: true,
    problems: ['not-found'],
    example: '/oembed?url=/figures/new-battle-groups',
  });
  app.get('/oembed', options, (request, reply) => {
    const { url, maxwidth, maxheight } = request.query as z.output<typeof OembedQuery>;
    const publicUrl = app.publicUrl();
    const { factType, id, asOf } = parsePageUrl(url, publicUrl);
    return respond({ store, request, reply }, { asOf, hasAbsoluteUrls: true }, async (db, { revision }) => {
      const row = await findCurrentFactOrThrow(db, factType, id, revision);
      const [fact] = await toFacts(db, revision, [row]);
      if (!fact) throw new Error(`${row.id} has no representation`);
      const asOfSuffix = asOf === undefined ? '' : `?asOf=${revision}`;
      const { speakers } = getQuotedText(factType, fact);
      const { size, html } = renderCard(factType, fact, publicUrl + fact.links.html + asOfSuffix, {
        ...(maxwidth !== undefined && { width: maxwidth }),
        ...(maxheight !== undefined && { height: maxheight }),
      });
      return {
        version: '1.0',
        type: 'rich',
        title: fact.label,
        ...(speakers.length > 0 && { author_name: speakers.join(', ') }),
        provider_name: 'Summit Facts',
        provider_url: `${publicUrl}/`,
        cache_age: CACHE_AGE_SECONDS,
        ...size,
        html,
      };
    });
  });
}

/** Returns the oEmbed link of a fact, for discovery; Accept never selects it. */
export function buildOembedAlternate(
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
  const path = isOwnPage ? stripBasePath(pageUrl.pathname, url.startsWith('/') ? '' : base.pathname) : null;
  const [, collection, id = ''] = /^\/([^/]+)\/([^/]+)\/?$/.exec(path ?? '') ?? [];
  const factType = factTypes.find((each) => each.collection === collection);
  const asOfValues = pageUrl?.searchParams.getAll('asOf') ?? [];
  if (!factType || !idSchema.safeParse(id).success) {
    const example = `${publicUrl}/events/some-id`;
    throw new Problem(
      'not-found',
      `url: must be the URL of a fact page, such as ${example} (given: ${JSON.stringify(url.slice(0, 200))})`,
    );
  }
  return { factType, id, asOf: parsePageAsOf(asOfValues) };
}

const stripBasePath = (path: string, base: string): string | null => {
  const prefix = base.replace(/\/$/, '');
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
};

function parsePageAsOf(values: string[]): string | undefined {
  if (values.length === 0) return undefined;
  const result = asOfParam.safeParse(values);
  if (result.success) return result.data;
  const detail = `its asOf ${result.error.issues[0]?.message} (given: ${JSON.stringify(values.join(',').slice(0, 100))})`;
  throw invalidParameters([{ parameter: 'url', code: 'invalid-value', detail }]);
}

/** Returns the fact that has this id, or had it before a renaming; throws a 404 if there is none. */
async function findCurrentFactOrThrow(
  db: Reader,
  factType: FactType,
  id: string,
  revision: number,
): Promise<FactRow> {
  const { type, noun } = factType;
  const row = await findFact(db, revision, { type, id });
  if (row) return row;
  const newId = await findIdAt(db, revision, { type, id });
  const renamedRow = newId === null ? undefined : await findFact(db, revision, { type, id: newId });
  if (renamedRow) return renamedRow;
  throw new Problem(
    'not-found',
    `${capitalize(noun)} ${id} not found in these sources at revision ${revision}`,
  );
}
