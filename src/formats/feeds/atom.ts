/** Feeds in Atom (RFC 4287). */
import XMLBuilder from 'fast-xml-builder';
import { version } from '../../http/build-id.ts';
import type { Feed, FeedEntry } from './feed.ts';

export const ATOM_MEDIA_TYPE = 'application/atom+xml; charset=utf-8';

/** Characters that XML 1.0 does not allow, even escaped. */
const INVALID_XML_CHARACTER = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const replaceInvalidXml = (_name: string, value: unknown): string =>
  String(value).replace(INVALID_XML_CHARACTER, '\ufffd');

const xmlBuilder = new XMLBuilder({
  ignoreAttributes: false,
  suppressBooleanAttributes: false,
  suppressEmptyNode: true,
  format: true,
  tagValueProcessor: replaceInvalidXml,
  attributeValueProcessor: replaceInvalidXml,
});

const CLOSING_TAG = '</feed>\n';

/**
 * Serializes the feed in chunks. A truncated feed has no end tag, so that no reader takes it for complete.
 */
export async function* serializeAtom(feed: Feed, pages: AsyncIterable<FeedEntry[]>): AsyncGenerator<string> {
  const frame = xmlBuilder.build({
    '?xml': { '@_version': '1.0', '@_encoding': 'utf-8' },
    feed: {
      '@_xmlns': 'http://www.w3.org/2005/Atom',
      id: feed.id,
      title: feed.title,
      subtitle: feed.description,
      updated: feed.updated,
      link: [
        { '@_rel': 'self', '@_type': 'application/atom+xml', '@_href': feed.selfUrl },
        { '@_rel': 'alternate', '@_type': 'text/html', '@_href': feed.pageUrl },
        { '@_rel': 'related', '@_type': 'application/json', '@_href': feed.listUrl },
      ],
      author: { name: 'Summit Facts', uri: `${feed.publicUrl}/` },
      generator: { '@_uri': `${feed.publicUrl}/`, '@_version': version, '#text': 'Summit Facts' },
    },
  });
  yield frame.slice(0, -CLOSING_TAG.length);
  for await (const entries of pages) {
    if (entries.length > 0) yield xmlBuilder.build({ entry: entries.map(toAtomEntry) });
  }
  yield CLOSING_TAG;
}

const toAtomEntry = ({ id, title, url, dataUrl, published, updated, tags, content }: FeedEntry) => ({
  id,
  title,
  link: [
    { '@_rel': 'alternate', '@_type': 'text/html', '@_href': url },
    { '@_rel': 'related', '@_type': 'application/json', '@_href': dataUrl },
  ],
  published,
  updated,
  category: tags.map((tag) => ({ '@_term': tag })),
  content: { '@_type': 'html', '#text': content.text },
});
