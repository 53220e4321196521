/** The changes of all facts as feeds, the newest first: what was added, corrected and withdrawn, for whom it may concern. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { ATOM_TYPE, writeAtom } from '../../formats/feeds/atom.ts';
import { changeAsHtml } from '../../formats/feeds/change-html.ts';
import {
  entryAbout,
  entryLimit,
  type Feed,
  type FeedEntry,
  feedOf,
  urnOf,
} from '../../formats/feeds/feed.ts';
import { JSON_FEED_TYPE, JsonFeed, writeJsonFeed } from '../../formats/feeds/json-feed.ts';
import { canonicalQuery, type QueryValues } from '../../http/query-string.ts';
import { operation } from '../../http/route-definition.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { type ChangePlace, type ChangeRow, findChanges } from '../../store/queries/history.ts';
import { firstIds } from '../../store/queries/identities.ts';
import {
  after,
  type ChangeParameters,
  changeParameters,
  questionOf,
  refuseTooLate,
} from '../params/change-params.ts';
import { asOf } from '../respond/as-of.ts';
import type { Alternate } from '../respond/content-negotiation.ts';
import { withoutPage } from '../respond/respond.ts';
import { answerStream } from '../respond/respond-stream.ts';
import { namesIn, whatDid } from '../serialize/changes.ts';
import { represent } from '../serialize/serialize-facts.ts';

interface FeedFormat {
  extension: string;
  operationId: string;
  title: string;
  mediaType: string;
  schema: z.ZodType;
  write(feed: Feed, pages: AsyncIterable<FeedEntry[]>): AsyncIterable<string>;
}

const FORMATS: FeedFormat[] = [
  {
    extension: 'atom',
    operationId: 'exportChangesAtom',
    title: 'Atom',
    mediaType: ATOM_TYPE,
    schema: z.string(),
    write: writeAtom,
  },
  {
    extension: 'feed.json',
    operationId: 'exportChangesFeedJson',
    title: 'JSON Feed',
    mediaType: JSON_FEED_TYPE,
    schema: JsonFeed,
    write: writeJsonFeed,
  },
];

export function changeFeeds(app: FastifyInstance, store: Store): void {
  for (const format of FORMATS) changesAs(app, store, format);
}

/** The feeds of the changes that were asked for with `values`. */
export function changesAlternates(values: QueryValues): Alternate[] {
  const query = canonicalQuery(withoutPage(values));
  return FORMATS.map(({ extension, mediaType, title }) => ({
    mediaType,
    title,
    url: `/v1/changes.${extension}${query}`,
  }));
}

function changesAs(app: FastifyInstance, store: Store, format: FeedFormat): void {
  const { extension, operationId, title, mediaType, schema } = format;
  const path = `/v1/changes.${extension}`;
  const options = operation({
    operationId,
    tag: 'History',
    summary: `Export the changes as ${title}`,
    description:
      'One entry a change, the newest first, with its cause, its reason and what it did to each field. The same filters ' +
      'as those of the list, in one answer.',
    query: () => z.strictObject({ after, ...changeParameters, limit: entryLimit, asOf }),
    answer: { description: `The changes as ${title}.`, mediaType, schema },
    conditional: true,
    streamed: true,
    problems: [],
    example: `${path}?fact=organization/nato`,
  });
  app.get(path, options, (request, reply) => {
    const question = { ...questionOf(request.query as ChangeParameters), newestFirst: true };
    return answerStream<Told, ChangePlace>(
      { store, request, reply },
      {
        mediaType,
        filename: `changes.${extension}`,
        async read(db, revision, after, count) {
          refuseTooLate(question.after, revision);
          const rows = await findChanges(db, revision, question, after, count);
          const last = rows.length === count ? rows.at(-1) : undefined;
          return { rows: await told(db, revision, rows), next: last ?? null };
        },
        write: (pages, context) =>
          format.write(
            feedOf(context, {
              title: 'Summit Facts: changes',
              description: 'What was added, developed, corrected and withdrawn, and why',
              path: '/v1/changes',
            }),
            entriesOf(pages, context.publicUrl),
          ),
      },
    );
  });
}

/** A change with all that its entry says. */
type Told = Awaited<ReturnType<typeof told>>[number];

async function told(db: Reader, revision: number, rows: ChangeRow[]) {
  const name = await namesIn(db, revision, rows);
  const facts = await represent(db, revision, rows);
  const ids = await firstIds(db, rows);
  return rows.map((row, at) => ({
    fact: facts[at] as (typeof facts)[number],
    firstId: ids[at] as string,
    document: row.dossier,
    ...whatDid(row, name),
  }));
}

async function* entriesOf(pages: AsyncIterable<Told[]>, publicUrl: string): AsyncGenerator<FeedEntry[]> {
  for await (const changes of pages) {
    yield changes.map((change) => {
      const { fact, firstId, cause } = change;
      return {
        ...entryAbout(fact, publicUrl),
        id: urnOf(`${fact.type}/${firstId}/${fact.version}`),
        title: `${TITLES[cause]}: ${fact.label}`,
        published: fact.recordedAt,
        tags: [cause, fact.type],
        content: changeAsHtml(change),
      };
    });
  }
}

const TITLES = {
  addition: 'Addition',
  development: 'Development',
  correction: 'Correction',
  retraction: 'Retraction',
  editorial: 'Editorial change',
};
