import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { defineComparisonServer } from './comparison-server.ts';
import { copySqlite } from './export-rows.ts';
import { COMPARISONS_FOLDER, installPython, PYTHON_PATH, readVersion } from './install.ts';
import { PAGE_SIZE } from './requests.ts';

/** Options for an array of rows without the counts and facets that Datasette's pages show. */
const QUERY_OPTIONS = `_shape=array&_size=${PAGE_SIZE}&_nocount=1&_nofacet=1&_nosuggest=1`;

/**
 * Datasette in one process with an immutable file, which its documentation recommends for files that never
 * change; servers/serve_datasette.py has the settings. Its search requires an FTS5 table.
 */
export const datasette = defineComparisonServer({
  name: 'Datasette',
  version: readVersion('requirements.txt', /^datasette==(.+)$/m),
  install: installPython,
  command: (folder) => {
    const path = copySqlite('datasette', folder);
    addSearchTable(path);
    return [PYTHON_PATH, join(COMPARISONS_FOLDER, 'servers/serve_datasette.py'), path];
  },
  urls: {
    page: `/datasette/statements.json?${QUERY_OPTIONS}`,
    pages: ({ afterId }) => `/datasette/statements.json?${QUERY_OPTIONS}&_next=${afterId}`,
    filtered: (speaker) => `/datasette/statements.json?${QUERY_OPTIONS}&speaker=${speaker}`,
    item: (id) => `/datasette/statements/${id}.json?_shape=array`,
    search: (word) => `/datasette/statements.json?${QUERY_OPTIONS}&_search=${word}`,
  },
  notes: { search: 'FTS5, in id order' },
});

function addSearchTable(path: string): void {
  const db = new BetterSqlite3(path);
  // Datasette recognizes the table by exactly this statement, including its double quotes.
  db.exec(`
    create virtual table statements_fts using fts5 (text, content="statements");
    insert into statements_fts (statements_fts) values ('rebuild');
    insert into statements_fts (statements_fts) values ('optimize');
  `);
  db.close();
}
