/** Atom feed and JSON Feed of the changes to all facts, newest first. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { ATOM_MEDIA_TYPE, serializeAtom } from '../../formats/feeds/atom.ts';
import { renderChange } from '../../formats/feeds/change-html.ts';
import {
  buildEntryFields,
  createFeed,
  createUrn,
  entryLimit,
  type Feed,
  type FeedEntry,
} from '../../formats/feeds/feed.ts';
import { JSON_FEED_MEDIA_TYPE, JsonFeed, serializeJsonFeed } from '../../formats/feeds/json-feed.ts';
import { formatCanonicalQuery, type QueryValues } from '../../http/query-string.ts';
import { defineOperation } from '../../http/route-definition.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { type ChangePosition, type ChangeRow, findChanges } from '../../store/queries/history.ts';
import { findOriginalIds } from '../../store/queries/identities.ts';
import {
  afterParam,
  assertAfterInRange,
  type ChangeParameters,
  changeParameters,
  parseChangeQuery,
} from '../params/change-params.ts';
import { asOfParam } from '../respond/as-of.ts';
import type { Alternate } from '../respond/content-negotiation.ts';
import { stripPagination } from '../respond/respond.ts';
import { respondStream } from '../respond/respond-stream.ts';
import { loadReferenceLabels, toChangeFields } from '../serialize/changes.ts';
import { toFacts } from '../serialize/serialize-facts.ts';

interface FeedFormat {
  extension: string;
  operationId: string;
  title: string;
  mediaType: string;
  schema: z.ZodType;
  serialize(feed: Feed, pages: AsyncIterable<FeedEntry[]>): AsyncIterable<string>;
}

const FEED_FORMATS: FeedFormat[] = [
  {
    extension: 'atom',
    operationId: 'exportChangesAtom',
    title: 'Atom',
    mediaType: ATOM_MEDIA_TYPE,
    schema: z.string(),
    serialize: serializeAtom,
  },
  {
    extension: 'feed.json',
    operationId: 'exportChangesFeedJson',
    title: 'JSON Feed',
    mediaType: JSON_FEED_MEDIA_TYPE,
    schema: JsonFeed,
    serialize: serializeJsonFeed,
  },
];

export function changeFeedRoutes(app: FastifyInstance, store: Store): void {
  for (const format of FEED_FORMATS) changeFeedRoute(app, store, format);
}

/** Returns the feeds of the change list that has the query `values`. */
export function buildChangeAlternates(values: QueryValues): Alternate[] {
  const query = formatCanonicalQuery(stripPagination(values));
  return FEED_FORMATS.map(({ extension, mediaType, title }) => ({
    mediaType,
    title,
    url: `/v1/changes.${extension}${query}`,
  }));
}

function changeFeedRoute(app: FastifyInstance, store: Store, format: FeedFormat): void {
  const { extension, operationId, title, mediaType, schema } = format;
  const path = `/v1/changes.${extension}`;
  const options = defineOperation({
    operationId,
    tag: 'History',
    summary: `Export changes as ${title}`,
    description:
      'One entry per change, newest first, with its cause, its reason and the changes to each field. Takes the ' +
      'same filters as the list and is not paginated.',
    query: () =>
      z.strictObject({ after: afterParam, ...changeParameters, limit: entryLimit, asOf: asOfParam }),
    response: { description: `Changes as ${title}.`, mediaType, schema },
    conditional: true,
    streamed: true,
    problems: [],
    example: `${path}?fact=organization/nato`,
  });
  app.get(path, options, (request, reply) => {
    const query = { ...parseChangeQuery(request.query as ChangeParameters), newestFirst: true };
    return respondStream<ChangeEntry, ChangePosition>(
      { store, request, reply },
      {
        mediaType,
        filename: `changes.${extension}`,
        async read(db, revision, after, count) {
          assertAfterInRange(query.after, revision);
          const rows = await findChanges(db, revision, query, after, count);
          const last = rows.length === count ? rows.at(-1) : undefined;
          return { rows: await loadChangeEntries(db, revision, rows), next: last ?? null };
        },
        serialize: (pages, context) =>
          format.serialize(
            createFeed(context, {
              title: 'Summit Facts: changes',
              description: 'Additions, developments, corrections and retractions, with their reasons',
              path: '/v1/changes',
            }),
            toFeedEntries(pages, context.publicUrl),
          ),
      },
    );
  });
}

/** Change with the data of its feed entry. */
type ChangeEntry = Awaited<ReturnType<typeof loadChangeEntries>>[number];

async function loadChangeEntries(db: Reader, revision: number, rows: ChangeRow[]) {
  const getLabel = await loadReferenceLabels(db, revision, rows);
  const facts = await toFacts(db, revision, rows);
  const ids = await findOriginalIds(db, rows);
  return rows.map((row, index) => ({
    fact: facts[index] as (typeof facts)[number],
    originalId: ids[index] as string,
    document: row.dossier,
    ...toChangeFields(row, getLabel),
  }));
}

async function* toFeedEntries(
  pages: AsyncIterable<ChangeEntry[]>,
  publicUrl: string,
): AsyncGenerator<FeedEntry[]> {
  for await (const changes of pages) {
    yield changes.map((change) => {
      const { fact, originalId, cause } = change;
      return {
        ...buildEntryFields(fact, publicUrl),
        id: createUrn(`${fact.type}/${originalId}/${fact.version}`),
        title: `${CAUSE_TITLES[cause]}: ${fact.label}`,
        published: fact.recordedAt,
        tags: [cause, fact.type],
        content: renderChange(change),
      };
    });
  }
}

const CAUSE_TITLES = {
  addition: 'Addition',
  development: 'Development',
  correction: 'Correction',
  retraction: 'Retraction',
  editorial: 'Editorial change',
};
