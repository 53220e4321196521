import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { installGo, POCKETBASE } from './install.ts';
import { PAGE_SIZE } from './questions.ts';
import { rival } from './rival.ts';
import { sqliteIn } from './rows.ts';

const records = '/api/collections/statements/records';
/** Its documentation recommends `skipTotal` where nobody needs the count. */
const page = `${records}?perPage=${PAGE_SIZE}&skipTotal=1&sort=id`;
const filtered = (filter: string) => `${page}&filter=${encodeURIComponent(filter)}`;

/** PocketBase as a library; pocketbase/main.go has the settings. It puts the rows into a collection of its own at every start. */
export const pocketbase = rival({
  name: 'PocketBase',
  // Later ones need a Go that is not out for Debian or most machines yet.
  version: '0.36.8',
  install: installGo,
  command: (folder) => {
    const data = join(folder, 'pocketbase');
    rmSync(data, { recursive: true, force: true });
    return [POCKETBASE, sqliteIn(folder), data];
  },
  urls: {
    page,
    pages: ({ page: number }) => `${page}&page=${number}`,
    filtered: (speaker) => filtered(`speaker="${speaker}"`),
    item: (id) => `${records}/${id}`,
    search: (word) => filtered(`text~"${word}"`),
  },
  notes: { pages: 'by offset', search: 'substrings, by a scan in order of the ids, not ranked' },
});
