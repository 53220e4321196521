/** On a page of the past, links to other pages lead to the same past: whoever looks around there stays there. */

import type { Html } from '../lib/html.ts';
import { resources } from '../model/types/index.ts';
import type { Reading } from '../store/snapshot.ts';

/** Whether there is something newer than what the page is of. */
export const isPast = ({ revision, newest }: Pick<Reading, 'revision' | 'newest'>): boolean =>
  revision !== newest;

/** A link that is to lead to now has the attribute `data-now`. Texts have neither quotes nor tags in them, so that each match is ours. */
const LINK = /<a\b[^>]* href="([^"]*)"[^>]*>/g;

const collections = resources.map(({ collection }) => collection).join('|');
const PAGE = new RegExp(`^(/|/explore|/(${collections})/[a-z0-9-]+)?([?#]|$)`);

export function keptInThePast({ text }: Html, reading: Reading): string {
  if (!isPast(reading)) return text;
  return text.replace(LINK, (tag, href: string) => {
    const leads = PAGE.test(href) && !href.startsWith('#') && href !== '';
    if (!leads || href.includes('asOf=') || tag.includes(' data-now')) return tag;
    return tag.replace(`href="${href}"`, () => `href="${pinned(href, reading.revision)}"`);
  });
}

function pinned(href: string, revision: number): string {
  const [address = '', fragment] = href.split('#');
  const query = `${address}${address.includes('?') ? '&amp;' : '?'}asOf=${revision}`;
  return fragment === undefined ? query : `${query}#${fragment}`;
}
