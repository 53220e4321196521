import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { HERE, installNode } from './install.ts';
import { PAGE_SIZE, type Place } from './questions.ts';
import { rival } from './rival.ts';
import { sqliteIn } from './rows.ts';

const page = `/statements/?limit=${PAGE_SIZE}&orderby.id=asc`;

/** What it would have given as the end of the page before. */
const cursorAfter = ({ after }: Place) =>
  encodeURIComponent(Buffer.from(JSON.stringify({ id: after })).toString('base64'));

/** Platformatic DB as a server of its own; servers/platformatic.js has the settings. */
export const platformatic = rival({
  name: 'Platformatic DB',
  version: '3.67.0',
  install: installNode,
  command: (folder) => {
    const path = join(folder, 'platformatic.sqlite');
    copyFileSync(sqliteIn(folder), path);
    return [process.execPath, join(HERE, 'servers/platformatic.js'), path];
  },
  urls: {
    page,
    pages: (place) => `${page}&cursor=true&startAfter=${cursorAfter(place)}`,
    filtered: (speaker) => `${page}&where.speaker.eq=${speaker}`,
    item: (id) => `/statements/${id}`,
    search: (word) => `${page}&where.text.like=%25${word}%25`,
  },
  notes: { search: 'substrings, by a scan in order of the ids, not ranked' },
});
