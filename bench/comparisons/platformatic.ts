import { join } from 'node:path';
import { defineComparisonServer } from './comparison-server.ts';
import { copySqlite } from './export-rows.ts';
import { COMPARISONS_FOLDER, installNode, readVersion } from './install.ts';
import { PAGE_SIZE, type PagePosition } from './requests.ts';

const PAGE_URL = `/statements/?limit=${PAGE_SIZE}&orderby.id=asc`;

/** Creates the cursor that Platformatic DB would return for the end of the previous page. */
const createCursorAfter = ({ afterId }: PagePosition) =>
  encodeURIComponent(Buffer.from(JSON.stringify({ id: afterId })).toString('base64'));

/** Platformatic DB as a standalone server; servers/platformatic.js has the settings. */
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
  notes: { search: 'substring match, scan in id order, not ranked' },
});
