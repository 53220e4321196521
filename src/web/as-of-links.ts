/** On a page of the past, links to other pages lead to the same past: whoever looks around there stays there. */

import type { Html } from '../lib/html.ts';
import { factTypes } from '../model/types/index.ts';
import type { Snapshot } from '../store/snapshot.ts';

/** Whether there is something newer than what the page is of. */
export const isHistorical = ({
  revision,
  latestRevision,
}: Pick<Snapshot, 'revision' | 'latestRevision'>): boolean => revision !== latestRevision;

/** A link that is to lead to now has the attribute `data-latest`. Texts have neither quotes nor tags in them, so that each match is ours. */
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
