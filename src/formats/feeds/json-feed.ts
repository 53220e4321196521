/** Feeds in JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). */
import * as z from 'zod';
import { type Feed, type FeedEntry, FeedFact } from './feed.ts';

export const JSON_FEED_MEDIA_TYPE = 'application/feed+json; charset=utf-8';

const VERSION_URL = 'https://jsonfeed.org/version/1.1';

const JsonFeedItem = z
  .object({
    id: z.string().describe("Permanent, and independent of the server's address."),
    url: z.string().describe('Page of the fact.'),
    title: z.string(),
    content_html: z.string(),
    date_published: z.iso
      .datetime()
      .optional()
      .describe('Time when a change was recorded; for a fact, the day on which it was said or reported.'),
    date_modified: z.iso.datetime().describe('Time when this version was recorded.'),
    tags: z.array(z.string()),
    _summit_facts: FeedFact,
  })
  .meta({ id: 'JsonFeedItem', description: 'An entry of a feed.' });

const FeedInfo = z
  .object({
    about: z.string().describe('URL of the documentation of these extensions.'),
    listUrl: z.string().optional().describe('URL of the same facts or changes as a list in JSON.'),
    revision: z.int().min(0).describe('Revision that was read; 0 for an empty store.'),
    recordedAt: z.iso.datetime().describe('Time when it was recorded; 1970 for an empty store.'),
  })
  .meta({ id: 'FeedInfo', description: 'The revision that the feed was read from.' });

/** Schema of a complete feed. */
export const JsonFeed = z
  .object({
    version: z.literal(VERSION_URL).meta({ 'x-enum-varnames': ['V1_1'] }),
    title: z.string(),
    description: z.string(),
    home_page_url: z.string().describe('Page with the same facts, or the home page for changes.'),
    feed_url: z.string(),
    authors: z.array(z.object({ name: z.string(), url: z.string() }).meta({ id: 'FeedAuthor' })),
    _summit_facts: FeedInfo,
    items: z.array(JsonFeedItem),
  })
  .meta({ id: 'JsonFeed', description: 'A feed (JSON Feed 1.1).' });

const CLOSING_BRACKETS = ']}';

/**
 * Serializes the feed in chunks. A truncated feed is not valid JSON, so that no reader takes it for complete.
 */
export async function* serializeJsonFeed(
  feed: Feed,
  pages: AsyncIterable<FeedEntry[]>,
): AsyncGenerator<string> {
  const frame: z.output<typeof JsonFeed> = {
    version: VERSION_URL,
    title: feed.title,
    description: feed.description,
    home_page_url: feed.pageUrl,
    feed_url: feed.selfUrl,
    authors: [{ name: 'Summit Facts', url: `${feed.publicUrl}/` }],
    _summit_facts: {
      about: `${feed.publicUrl}/docs`,
      listUrl: feed.listUrl,
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
  date_published: published,
  date_modified: updated,
  tags,
  _summit_facts: fact,
});
