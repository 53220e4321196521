import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { rival } from './comparison-server.ts';
import { copyFor } from './export-rows.ts';
import { HERE, installPython, PYTHON, versionIn } from './install.ts';
import { PAGE_SIZE } from './requests.ts';

/** As an array, without the counts and facets that are for its pages. */
const options = `_shape=array&_size=${PAGE_SIZE}&_nocount=1&_nofacet=1&_nosuggest=1`;

/**
 * Datasette in one process, its file opened as immutable, which its documentation recommends for files that nobody writes to;
 * servers/serve_datasette.py has the settings. Its search needs a table of FTS5.
 */
export const datasette = rival({
  name: 'Datasette',
  version: versionIn('requirements.txt', /^datasette==(.+)$/m),
  install: installPython,
  command: (folder) => {
    const path = copyFor('datasette', folder);
    addSearch(path);
    return [PYTHON, join(HERE, 'servers/serve_datasette.py'), path];
  },
  urls: {
    page: `/datasette/statements.json?${options}`,
    pages: ({ after }) => `/datasette/statements.json?${options}&_next=${after}`,
    filtered: (speaker) => `/datasette/statements.json?${options}&speaker=${speaker}`,
    item: (id) => `/datasette/statements/${id}.json?_shape=array`,
    search: (word) => `/datasette/statements.json?${options}&_search=${word}`,
  },
  notes: { search: 'FTS5, in order of the ids' },
});

function addSearch(path: string): void {
  const db = new BetterSqlite3(path);
  // Datasette knows the table by these very characters.
  db.exec(`
    create virtual table statements_fts using fts5 (text, content="statements");
    insert into statements_fts (statements_fts) values ('rebuild');
    insert into statements_fts (statements_fts) values ('optimize');
  `);
  db.close();
}
