/** Cards of facts for articles, as oEmbed 1.0 describes them. */
import { renderCard } from '../../formats/quote-card.ts';
import { getQuotedText } from '../../formats/quoted-text.ts';
import type { FactType } from '../../model/fact-type.ts';
import { getFactByAnyId } from './facts.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

/** Cache lifetime in seconds; short, so that corrections appear soon. */
const CACHE_AGE_SECONDS = 3_600;

interface CardOptions {
  publicUrl: string;
  /** Query of the links to the fact, such as `?asOf=2`. */
  linkQuery: string;
  /** Maximum size in pixels. */
  size: { width?: number; height?: number };
}

/** Returns the card of a fact, found by its id or an earlier one; throws a 404 if there is none. */
export async function getCard(
  reader: SnapshotReader,
  factType: FactType,
  id: string,
  { publicUrl, linkQuery, size: maxSize }: CardOptions,
) {
  const fact = await getFactByAnyId(reader, factType, id);
  const { speakers } = getQuotedText(factType, fact);
  const { size, html } = renderCard(factType, fact, publicUrl + fact.links.html + linkQuery, maxSize);
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
}
