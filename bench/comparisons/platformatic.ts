import { join } from 'node:path';
import { rival } from './comparison-server.ts';
import { copyFor } from './export-rows.ts';
import { HERE, installNode, versionIn } from './install.ts';
import { PAGE_SIZE, type Place } from './requests.ts';

const page = `/statements/?limit=${PAGE_SIZE}&orderby.id=asc`;

/** What it would have given as the end of the page before. */
const cursorAfter = ({ after }: Place) =>
  encodeURIComponent(Buffer.from(JSON.stringify({ id: after })).toString('base64'));

/** Platformatic DB as a server of its own; servers/platformatic.js has the settings. */
export const platformatic = rival({
  name: 'Platformatic DB',
  version: versionIn('package.json', /"@platformatic\/db": "(.+)"/),
  install: installNode,
  command: (folder) => [
    process.execPath,
    join(HERE, 'servers/platformatic.js'),
    copyFor('platformatic', folder),
  ],
  urls: {
    page,
    pages: (place) => `${page}&cursor=true&startAfter=${cursorAfter(place)}`,
    filtered: (speaker) => `${page}&where.speaker.eq=${speaker}`,
    item: (id) => `/statements/${id}`,
    search: (word) => `${page}&where.text.like=%25${word}%25`,
  },
  notes: { search: 'substrings, by a scan in order of the ids, not ranked' },
});
