/** Facts as cards for articles, by oEmbed 1.0: whoever pastes the link of a fact gets the card. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { cardOf, SMALLEST } from '../../formats/quote-card.ts';
import { wordsOf } from '../../formats/quoted-text.ts';
import { flagOrDigit, single, wholeNumber } from '../../http/params.ts';
import { canonicalQuery } from '../../http/query-string.ts';
import { JSON_TYPE, operation } from '../../http/route-definition.ts';
import { invalidParameters, Problem } from '../../lib/problem-details.ts';
import type { Resource } from '../../model/fact-type.ts';
import { id as idSchema, vocabulary } from '../../model/fields.ts';
import { resources } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { type FactRow, findFact } from '../../store/queries/facts.ts';
import { idAt } from '../../store/queries/identities.ts';
import { asOf } from '../respond/as-of.ts';
import type { Alternate } from '../respond/content-negotiation.ts';
import { answer } from '../respond/respond.ts';
import { linksOf, represent } from '../serialize/serialize-facts.ts';

const LARGEST = 1_000_000;
const MAX_URL = 2_000;
/** In seconds: a correction is to be seen soon. */
const CACHE_AGE = 3_600;

const Embed = z
  .object({
    version: z.literal('1.0').meta({ 'x-enum-varnames': ['V1_0'] }),
    type: z.literal('rich'),
    title: z.string().describe('The label of the fact.'),
    author_name: z.string().optional().describe('Who says it, where somebody does.'),
    provider_name: z.string(),
    provider_url: z.string(),
    cache_age: z.int().describe('For how many seconds the card may be kept.'),
    width: z.int().describe('In pixels.'),
    height: z.int().describe('In pixels, and rough: text needs the room that it needs.'),
    html: z.string().describe('The card, with all its styles in it; it runs no scripts and loads nothing.'),
  })
  .meta({ id: 'Embed', description: 'A fact to stand in an article (oEmbed 1.0, type rich).' });

const query = z.strictObject({
  url: single(z.string().min(1, 'must not be empty').max(MAX_URL)).describe(
    'The page of a fact, `links.html`: absolute, or its path alone. It may name a revision by `?asOf=`.',
  ),
  maxwidth: single(wholeNumber(SMALLEST.width, LARGEST))
    .optional()
    .describe('How wide the card may be, in pixels.'),
  maxheight: single(wholeNumber(SMALLEST.height, LARGEST))
    .optional()
    .describe('How high the card may be, in pixels: what does not fit there scrolls.'),
  format: single(vocabulary('EmbedFormat', ['json'], 'A format of cards.'))
    .default('json')
    .describe('The only format that there is.'),
  dnt: single(flagOrDigit)
    .optional()
    .describe('Whether nobody is to be tracked, as WordPress asks: a card never does.'),
});

export function oembed(app: FastifyInstance, store: Store): void {
  const options = operation({
    operationId: 'getOembed',
    tag: 'Embedding',
    summary: 'Get a fact as a card for an article',
    description:
      'oEmbed 1.0. The card holds the words, who said them, where they stand and what was inferred, and links to the fact. ' +
      'The card of a fact that was withdrawn says so first.',
    query,
    answer: { description: 'The card.', mediaType: JSON_TYPE, schema: Embed },
    conditional: true,
    problems: ['not-found'],
    example: '/oembed?url=/figures/new-battle-groups',
  });
  app.get('/oembed', options, (request, reply) => {
    const { url, maxwidth, maxheight } = request.query as z.output<typeof query>;
    const publicUrl = app.publicUrl();
    const { resource, id, asOf } = factAt(url, publicUrl);
    return answer({ store, request, reply }, { asOf, absolute: true }, async (db, { revision }) => {
      const row = await current(db, resource, id, revision);
      const [fact] = await represent(db, revision, [row]);
      if (!fact) throw new Error(`${row.id} has no representation`);
      const pinned = asOf === undefined ? '' : `?asOf=${revision}`;
      const { speakers } = wordsOf(resource, fact);
      const { size, html } = cardOf(resource, fact, publicUrl + fact.links.html + pinned, {
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
        cache_age: CACHE_AGE,
        ...size,
        html,
      };
    });
  });
}

/** Where the card of a fact is to be had: it is named, as pages name theirs, and no Accept leads there. */
export function embedding(
  { type }: Resource,
  id: string,
  asOf: string[] | undefined,
  publicUrl: string,
): Alternate {
  const page = publicUrl + linksOf({ type, id }).html + canonicalQuery(asOf ? { asOf } : {});
  return {
    mediaType: 'application/json+oembed',
    title: 'oEmbed',
    url: `/oembed?url=${encodeURIComponent(page)}`,
    onlyNamed: true,
  };
}

interface Asked {
  resource: Resource;
  id: string;
  asOf: string | undefined;
}

/** Which fact's page `url` is, or a 404. A shared address may end in a slash, and carry what others have added to it. */
function factAt(url: string, publicUrl: string): Asked {
  const base = new URL(publicUrl);
  const page = URL.canParse(url, publicUrl) ? new URL(url, base) : null;
  const own = page?.origin === base.origin && page.username === '' && page.password === '';
  const path = own ? withoutBase(page.pathname, url.startsWith('/') ? '' : base.pathname) : null;
  const [, collection, id = ''] = /^\/([^/]+)\/([^/]+)\/?$/.exec(path ?? '') ?? [];
  const resource = resources.find((each) => each.collection === collection);
  const revisions = page?.searchParams.getAll('asOf') ?? [];
  if (!resource || !idSchema.safeParse(id).success) {
    const example = `${publicUrl}/events/some-id`;
    throw new Problem(
      'not-found',
      `url: must be the page of a fact, such as ${example} (given: ${JSON.stringify(url.slice(0, 200))})`,
    );
  }
  return { resource, id, asOf: revisionIn(revisions) };
}

const withoutBase = (path: string, base: string): string | null => {
  const prefix = base.replace(/\/$/, '');
  return path.startsWith(prefix) ? path.slice(prefix.length) : null;
};

function revisionIn(given: string[]): string | undefined {
  if (given.length === 0) return undefined;
  const result = asOf.safeParse(given);
  if (result.success) return result.data;
  const detail = `its asOf ${result.error.issues[0]?.message} (given: ${JSON.stringify(given.join(',').slice(0, 100))})`;
  throw invalidParameters([{ parameter: 'url', code: 'invalid-value', detail }]);
}

/** The fact with this id, or the one that goes by another id by now, or a 404. */
async function current(db: Reader, resource: Resource, id: string, revision: number): Promise<FactRow> {
  const { type, noun } = resource;
  const row = await findFact(db, revision, { type, id });
  if (row) return row;
  const now = await idAt(db, revision, { type, id });
  const renamed = now === null ? undefined : await findFact(db, revision, { type, id: now });
  if (renamed) return renamed;
  throw new Problem('not-found', `There is no ${noun} with the id ${id} at revision ${revision}.`);
}
