import { join } from 'node:path';
import { defineComparisonServer } from './comparison-server.ts';
import { copySqlite } from './export-rows.ts';
import { COMPARISONS_FOLDER, installNode, readVersion } from './install.ts';
import { PAGE_SIZE, type PagePosition } from './requests.ts';

const PAGE_URL = `/statements/?limit=${PAGE_SIZE}&orderby.id=asc`;

/** What it would have given as the end of the page before. */
const createCursorAfter = ({ afterId }: PagePosition) =>
  encodeURIComponent(Buffer.from(JSON.stringify({ id: afterId })).toString('base64'));

/** Platformatic DB as a server of its own; servers/platformatic.js has the settings. */
export const platformatic = defineComparisonServer({
  name: 'Platformatic DB',
  version: readVersion('package.json', /"@platformatic\/db": "(.+)"/),
  install: installNode,
  command: (folder) => [
    process.execPath,
    join(COMPARISONS_FOLDER, 'servers/platformatic.js'),
    copySqlite('platformatic', folder),
  ],
  urls: {
    page: PAGE_URL,
    pages: (position) => `${PAGE_URL}&cursor=true&startAfter=${createCursorAfter(position)}`,
    filtered: (speaker) => `${PAGE_URL}&where.speaker.eq=${speaker}`,
    item: (id) => `/statements/${id}`,
    search: (word) => `${PAGE_URL}&where.text.like=%25${word}%25`,
  },
  notes: { search: 'substrings, by a scan in order of the ids, not ranked' },
});
