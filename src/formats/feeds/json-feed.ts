/** Feeds in JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). */
import * as z from 'zod';
import { type Feed, type FeedEntry, FeedFact } from './feed.ts';

export const JSON_FEED_MEDIA_TYPE = 'application/feed+json; charset=utf-8';

const VERSION_URL = 'https://jsonfeed.org/version/1.1';

const JsonFeedItem = z
  .object({
    id: z.string().describe('The same for ever, wherever the server has its address.'),
    url: z.string().describe('The page of the fact.'),
    title: z.string(),
    content_html: z.string(),
    date_published: z.iso.datetime().optional().describe('When a change was recorded.'),
    date_modified: z.iso.datetime().describe('When this version was recorded.'),
    tags: z.array(z.string()),
    _summit_facts: FeedFact,
  })
  .meta({ id: 'JsonFeedItem', description: 'An entry of a feed.' });

const FeedInfo = z
  .object({
    about: z.string().describe('Where these extensions are described.'),
    revision: z.int().min(0).describe('The revision that was read; 0 of an empty store.'),
    recordedAt: z.iso.datetime().describe('When it was recorded; 1970 of an empty store.'),
  })
  .meta({ id: 'FeedInfo', description: 'What the feed was read from.' });

/** A whole feed. */
export const JsonFeed = z
  .object({
    version: z.literal(VERSION_URL).meta({ 'x-enum-varnames': ['V1_1'] }),
    title: z.string(),
    description: z.string(),
    home_page_url: z.string().describe('The same as a list.'),
    feed_url: z.string(),
    authors: z.array(z.object({ name: z.string(), url: z.string() }).meta({ id: 'FeedAuthor' })),
    _summit_facts: FeedInfo,
    items: z.array(JsonFeedItem),
  })
  .meta({ id: 'JsonFeed', description: 'A feed (JSON Feed 1.1).' });

const CLOSING_BRACKETS = ']}';

/** The feed, piece by piece: what is cut off is no JSON, so that no reader takes it for the whole. */
export async function* serializeJsonFeed(
  feed: Feed,
  pages: AsyncIterable<FeedEntry[]>,
): AsyncGenerator<string> {
  const frame: z.output<typeof JsonFeed> = {
    version: VERSION_URL,
    title: feed.title,
    description: feed.description,
    home_page_url: feed.listUrl,
    feed_url: feed.selfUrl,
    authors: [{ name: 'Summit Facts', url: `${feed.publicUrl}/` }],
    _summit_facts: {
      about: `${feed.publicUrl}/docs`,
      revision: feed.revision,
      recordedAt: feed.updated,
    },
    items: [],
  };
  yield JSON.stringify(frame).slice(0, -CLOSING_BRACKETS.length);
  let separator = '\n';
  for await (const entries of pages) {
    for (const entry of entries) {
      yield separator + JSON.stringify(toItem(entry));
      separator = ',\n';
    }
  }
  yield `\n${CLOSING_BRACKETS}\n`;
}

const toItem = ({
  id,
  url,
  title,
  content,
  published,
  updated,
  tags,
  fact,
}: FeedEntry): z.output<typeof JsonFeedItem> => ({
  id,
  url,
  title,
  content_html: content.text,
  ...(published !== null && { date_published: published }),
  date_modified: updated,
  tags,
  _summit_facts: fact,
});
