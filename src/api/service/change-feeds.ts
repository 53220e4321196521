/** Feeds of changes, newest first. */
import { ATOM_MEDIA_TYPE, serializeAtom } from '../../formats/feeds/atom.ts';
import { renderChange } from '../../formats/feeds/change-html.ts';
import {
  buildEntryFields,
  createFeed,
  createUrn,
  type Feed,
  type FeedEntry,
} from '../../formats/feeds/feed.ts';
import { JSON_FEED_MEDIA_TYPE, serializeJsonFeed } from '../../formats/feeds/json-feed.ts';
import { formatCanonicalQuery, type QueryValues } from '../../http/query-string.ts';
import type { Reader } from '../../store/database.ts';
import { type ChangePosition, type ChangeRow, findChanges } from '../../store/queries/history.ts';
import { findOriginalIds } from '../../store/queries/identities.ts';
import { loadReferenceLabels, toChangeFields } from '../serialize/changes.ts';
import { toFacts } from '../serialize/serialize-facts.ts';
import { type Alternate, stripPagination } from './alternates.ts';
import { resolveAfter } from './as-of.ts';
import type { RequestedChanges } from './changes.ts';
import { defineExport } from './export-stream.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

interface FeedFormat {
  extension: string;
  title: string;
  mediaType: string;
  serialize(feed: Feed, pages: AsyncIterable<FeedEntry[]>): AsyncIterable<string>;
}

const ATOM: FeedFormat = {
  extension: 'atom',
  title: 'Atom',
  mediaType: ATOM_MEDIA_TYPE,
  serialize: serializeAtom,
};

const JSON_FEED: FeedFormat = {
  extension: 'feed.json',
  title: 'JSON Feed',
  mediaType: JSON_FEED_MEDIA_TYPE,
  serialize: serializeJsonFeed,
};

export const FEED_FORMATS = { atom: ATOM, jsonFeed: JSON_FEED };

/** Returns the feeds of the change list that has the query `values`. */
export function buildChangeAlternates(values: QueryValues): Alternate[] {
  const query = formatCanonicalQuery(stripPagination(values));
  return [ATOM, JSON_FEED].map(({ extension, mediaType, title }) => ({
    mediaType,
    title,
    url: `/v1/changes.${extension}${query}`,
  }));
}

interface ChangeFeedInput {
  format: keyof typeof FEED_FORMATS;
  query: RequestedChanges;
}

/** Export of changes as a feed; throws a 400 if it starts after the revision being read. */
export const exportChanges = defineExport('exportChanges', ({ format, query }: ChangeFeedInput) => ({
  validate: (db, snapshot) => resolveAfter(db, query.after, snapshot),
  async read({ db, snapshot }: SnapshotReader, after: ChangePosition | null, count: number) {
    const { revision } = snapshot;
    const changeQuery = { ...query, after: await resolveAfter(db, query.after, snapshot) };
    const rows = await findChanges(db, revision, changeQuery, after, count);
    const last = rows.length === count ? rows.at(-1) : undefined;
    return { rows: await loadChangeEntries(db, revision, rows), next: last ?? null };
  },
  serialize: (pages: AsyncIterable<ChangeEntry[]>, context) =>
    FEED_FORMATS[format].serialize(
      createFeed(context, {
        title: 'Summit Facts: changes',
        description: 'Additions, developments, corrections and retractions, with their reasons',
        path: '/v1/changes',
        page: { path: '/' },
      }),
      toFeedEntries(pages, context.publicUrl),
    ),
}));

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
