/**
 * Questions that are never asked twice: paths by number, each another one, so that no answer can be one that was kept. They
 * follow from what is in the store, and are the same every time.
 */
import BetterSqlite3 from 'better-sqlite3';
import { encodeCursor } from '../src/api/respond/cursor.ts';
import { resourceOf, resources } from '../src/model/types/index.ts';
import { wordsOf } from '../src/search/tokenize.ts';
import { randomOf } from './fixtures/random.ts';

export const PAGE = 20;
/** Values with more statements than that are filtered by. */
const FILTERED_FROM = 2 * PAGE;
const OPEN = 2_147_483_647;
/** A prime. */
const STRIDE = 7_919;
const MOST_SEARCHES = 500_000;

export interface Questions {
  /** How many there are. */
  count: number;
  /** The `n`th, from 0 on, each another one. */
  at: (n: number) => string;
  /** Others of the same kind, to warm a server up with. */
  warmUp: (n: number) => string;
}

/** Far behind all that is asked otherwise, where questions have no end. */
const FAR = 100_000_000;

export const KINDS = ['pages', 'filtered', 'items', 'searches'] as const;
export type Kind = (typeof KINDS)[number];

/** The questions about the store at `path` as it is now: cursors name its newest revision. */
export function questionsOn(path: string): Record<Kind, Questions> {
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    const revision = revisionOf(database);
    return {
      pages: pagesOf(revision, statementsIn(database)),
      filtered: filteredOf(revision, valuesIn(database)),
      items: itemsOf(revision, database),
      searches: searchesOf(database),
    };
  } finally {
    database.close();
  }
}

/** Cursors into the list of statements, up and down, at every place that is followed by a whole page. */
function pagesOf(revision: number, ids: string[]): Questions {
  const orders = [
    { list: '/v1/statements', end: '', from: 0 },
    { list: '/v1/statements?sort=-id', end: '&sort=-id', from: PAGE + 1 },
  ];
  const places = ids.length - PAGE - 1;
  return endless((n) => {
    const { list, end, from } = orders[n % 2] as (typeof orders)[number];
    const place = placeOf(n >> 1, places, (at) => ids[from + at] as string);
    return `/v1/statements?cursor=${encodeCursor({ revision, list, place })}&limit=${PAGE}${end}`;
  });
}

/** The same into the lists of those by one speaker or on one topic. */
function filteredOf(revision: number, values: Value[]): Questions {
  if (values.length === 0)
    throw new Error('the store is too small: nobody makes enough statements for pages');
  return endless((n) => {
    const { filter, ids } = values[n % values.length] as Value;
    const turn = Math.floor(n / values.length);
    const place = placeOf(turn, Math.max(1, ids.length - PAGE - 1), (at) => ids[at] as string);
    const cursor = encodeCursor({ revision, list: `/v1/statements?${filter}`, place });
    return `/v1/statements?cursor=${cursor}&limit=${PAGE}&${filter}`;
  });
}

/** First pages of any store: of every collection in each of its orders, of 10 to 30 facts. */
export function firstPages(): Questions {
  const lists = resources.flatMap(({ collection, sort }) =>
    sort.options.map((order) => ({ collection, order })),
  );
  const paths = Array.from({ length: 21 }, (_, n) => n + 10).flatMap((limit) =>
    lists.map(({ collection, order }) => `/v1/${collection}?limit=${limit}&sort=${order}`),
  );
  const at = (n: number) => paths[scattered(n, paths.length)] as string;
  return { count: paths.length, at, warmUp: (n) => at(n % paths.length).replace(/limit=/, 'limit=1') };
}

/** Statements of the store at `path` in which one of `words` stands, in the order of their ids. */
export function withWords(path: string, words: string[]): Questions {
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    const revision = revisionOf(database);
    const ids = statementsIn(database);
    return endless((n) => {
      const filter = `q=${encodeURIComponent(words[n % words.length] as string)}`;
      // Most are still to come.
      const place = placeOf(Math.floor(n / words.length), ids.length >> 2, (at) => ids[at] as string);
      const cursor = encodeCursor({ revision, list: `/v1/statements?${filter}`, place });
      return `/v1/statements?cursor=${cursor}&limit=${PAGE}&${filter}`;
    });
  } finally {
    database.close();
  }
}

const endless = (at: Questions['at']): Questions => ({
  count: Number.POSITIVE_INFINITY,
  at,
  warmUp: (n) => at(n + FAR),
});

const revisionOf = (database: BetterSqlite3.Database): number =>
  Number(database.prepare('select max(n) from revision').pluck().get());

/**
 * Where a page begins, each another one: after an id, and when those are used up, after ids that nobody has and that would
 * follow them.
 */
function placeOf(n: number, places: number, idAt: (at: number) => string): [null, string] {
  const round = Math.floor(n / places);
  const id = idAt(scattered(n, places));
  return [null, round === 0 ? id : `${id}-${round}`];
}

/** All numbers below `count` in turn, such that neighbours in the store are not asked for one after the other. */
const scattered = (n: number, count: number): number => (n * (count % STRIDE === 0 ? 1 : STRIDE)) % count;

/** Every fact of every type. A server is warmed up with the same ones at the revision before, of which it keeps none. */
function itemsOf(revision: number, database: BetterSqlite3.Database): Questions {
  const select = database.prepare(
    `select type, id from fact where rev_to = ${OPEN} and retracted is null and rev_from <= ? order by type, id`,
  );
  const [facts, before] = [revision, revision - 1].map((n) => select.all(n)) as {
    type: string;
    id: string;
  }[][];
  const path = (of: typeof facts = [], n: number) => {
    const { type, id } = of[scattered(n % of.length, of.length)] as { type: string; id: string };
    return `/v1/${resourceOf(type).collection}/${id}`;
  };
  return {
    count: facts?.length ?? 0,
    at: (n) => path(facts, n),
    warmUp: (n) => `${path(before, n)}?asOf=${revision - 1}`,
  };
}

/** Two words from the label of a fact: so each has an answer, most a few and some many. */
function searchesOf(database: BetterSqlite3.Database): Questions {
  const labels = database
    .prepare(`select distinct label from fact where rev_to = ${OPEN} and type <> 'membership' order by label`)
    .pluck()
    .all() as string[];
  const random = randomOf('searches');
  const found = new Set<string>();
  for (let tried = 0; tried < MOST_SEARCHES; tried += 1) {
    const words = [...new Set(wordsOf(labels[random.below(labels.length)] as string))];
    const first = words[random.below(words.length)] as string;
    const second = words[random.below(words.length)] as string;
    if (first < second) found.add(`/v1/search?limit=${PAGE}&q=${encodeURIComponent(`${first} ${second}`)}`);
  }
  const searches = [...found];
  // Frequent pairs are found first: in that order the first rounds would be asked other questions than the last.
  const at = (n: number) => searches[scattered(n, searches.length)] as string;
  // Another limit makes another question.
  const warmUp = (n: number) => at(n).replace(`limit=${PAGE}`, `limit=${PAGE - 1}`);
  return { count: searches.length, at, warmUp };
}

interface Value {
  filter: string;
  ids: string[];
}

const statementsIn = (database: BetterSqlite3.Database): string[] =>
  database
    .prepare(
      `select id from fact where type = 'statement' and rev_to = ${OPEN} and retracted is null order by id`,
    )
    .pluck()
    .all() as string[];

/** The speakers and topics with enough statements for pages; in a very small store the one that comes closest. */
function valuesIn(database: BetterSqlite3.Database): Value[] {
  const rows = database
    .prepare(
      `select distinct case t.field when 'speakers' then 'speaker' else 'topic' end as name, t.value, t.id
       from term t join fact f on f.row = t.row
       where t.type = 'statement' and t.field in ('speakers', 'topics') and t.rev_to = ${OPEN} and f.retracted is null
       order by 1, 2, 3`,
    )
    .all() as { name: string; value: string; id: string }[];
  const byFilter = Map.groupBy(rows, ({ name, value }) => `${name}=${encodeURIComponent(value)}`);
  const byLength = [...byFilter]
    .map(([filter, of]) => ({ filter, ids: of.map(({ id }) => id) }))
    .toSorted((a, b) => b.ids.length - a.ids.length);
  const enough = byLength.filter(({ ids }) => ids.length >= FILTERED_FROM);
  return enough.length > 0 ? enough : byLength.slice(0, 1);
}
