/** Rewrites the links of historical pages, so that readers stay at the same revision. */

import type { Html } from '../lib/html.ts';
import { factTypes } from '../model/types/index.ts';
import type { Snapshot } from '../store/snapshot.ts';

/** True if there is a newer revision than the one that the page shows. */
export const isHistorical = ({
  revision,
  latestRevision,
}: Pick<Snapshot, 'revision' | 'latestRevision'>): boolean => revision !== latestRevision;

/**
 * Link tag; `data-latest` marks a link to the latest revision. Escaped texts contain neither quotes nor tags,
 * so that every match is a link of the page itself.
 */
const LINK_TAG = /<a\b[^>]* href="([^"]*)"[^>]*>/g;

const collectionPattern = factTypes.map(({ collection }) => collection).join('|');
const PAGE_PATH = new RegExp(`^(/|/explore|/(${collectionPattern})/[a-z0-9-]+)?([?#]|$)`);

export function addAsOfToLinks({ text }: Html, snapshot: Snapshot): string {
  if (!isHistorical(snapshot)) return text;
  return text.replace(LINK_TAG, (tag, href: string) => {
    const isPageLink = PAGE_PATH.test(href) && !href.startsWith('#') && href !== '';
    if (!isPageLink || href.includes('asOf=') || tag.includes(' data-latest')) return tag;
    return tag.replace(`href="${href}"`, () => `href="${addAsOf(href, snapshot.revision)}"`);
  });
}

function addAsOf(href: string, revision: number): string {
  const [url = '', fragment] = href.split('#');
  const historicalUrl = `${url}${url.includes('?') ? '&amp;' : '?'}asOf=${revision}`;
  return fragment === undefined ? historicalUrl : `${historicalUrl}#${fragment}`;
}
