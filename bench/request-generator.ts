/**
 * Questions that are never asked twice: paths by number, each another one, so that no answer can be one that was kept. They
 * follow from what is in the store, and are the same every time.
 */
import BetterSqlite3 from 'better-sqlite3';
import { encodeCursor } from '../src/api/respond/cursor.ts';
import { factTypes, getFactType } from '../src/model/types/index.ts';
import { tokenize } from '../src/search/tokenize.ts';
import { createRandom } from './fixtures/random.ts';

export const PAGE_SIZE = 20;
/** Values with more statements than that are filtered by. */
const MIN_FILTER_MATCHES = 2 * PAGE_SIZE;
const CURRENT_REV_TO = 2_147_483_647;
/** A prime. */
const STRIDE = 7_919;
const MAX_SEARCHES = 500_000;

export interface RequestSet {
  /** How many there are. */
  count: number;
  /** The `n`th, from 0 on, each another one. */
  getPath: (n: number) => string;
  /** Others of the same kind, to warm a server up with. */
  getWarmUpPath: (n: number) => string;
}

/** Far behind all that is asked otherwise, where questions have no end. */
const WARM_UP_OFFSET = 100_000_000;

export const REQUEST_KINDS = ['pages', 'filtered', 'items', 'searches'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** The questions about the store at `path` as it is now: cursors name its newest revision. */
export function createRequests(path: string): Record<RequestKind, RequestSet> {
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    const revision = getLatestRevision(database);
    return {
      pages: createPageRequests(revision, readStatementIds(database)),
      filtered: createFilteredRequests(revision, readFilterValues(database)),
      items: createItemRequests(revision, database),
      searches: createSearchRequests(database),
    };
  } finally {
    database.close();
  }
}

/** Cursors into the list of statements, up and down, at every place that is followed by a whole page. */
function createPageRequests(revision: number, ids: string[]): RequestSet {
  const listOrders = [
    { listUrl: '/v1/statements', querySuffix: '', firstIndex: 0 },
    { listUrl: '/v1/statements?sort=-id', querySuffix: '&sort=-id', firstIndex: PAGE_SIZE + 1 },
  ];
  const positionCount = ids.length - PAGE_SIZE - 1;
  return createEndlessRequests((n) => {
    const { listUrl, querySuffix, firstIndex } = listOrders[n % 2] as (typeof listOrders)[number];
    const position = createPosition(n >> 1, positionCount, (index) => ids[firstIndex + index] as string);
    return `/v1/statements?cursor=${encodeCursor({ revision, listUrl, position })}&limit=${PAGE_SIZE}${querySuffix}`;
  });
}

/** The same into the lists of those by one speaker or on one topic. */
function createFilteredRequests(revision: number, values: FilterValue[]): RequestSet {
  if (values.length === 0)
    throw new Error('the store is too small: nobody makes enough statements for pages');
  return createEndlessRequests((n) => {
    const { filter, ids } = values[n % values.length] as FilterValue;
    const round = Math.floor(n / values.length);
    const position = createPosition(
      round,
      Math.max(1, ids.length - PAGE_SIZE - 1),
      (index) => ids[index] as string,
    );
    const cursor = encodeCursor({ revision, listUrl: `/v1/statements?${filter}`, position });
    return `/v1/statements?cursor=${cursor}&limit=${PAGE_SIZE}&${filter}`;
  });
}

/** First pages of any store: of every collection in each of its orders, of 10 to 30 facts. */
export function createFirstPageRequests(): RequestSet {
  const lists = factTypes.flatMap(({ collection, sortSchema }) =>
    sortSchema.options.map((order) => ({ collection, order })),
  );
  const paths = Array.from({ length: 21 }, (_, n) => n + 10).flatMap((limit) =>
    lists.map(({ collection, order }) => `/v1/${collection}?limit=${limit}&sort=${order}`),
  );
  const getPath = (n: number) => paths[scatterIndex(n, paths.length)] as string;
  return {
    count: paths.length,
    getPath,
    getWarmUpPath: (n) => getPath(n % paths.length).replace(/limit=/, 'limit=1'),
  };
}

/** Statements of the store at `path` in which one of `words` stands, in the order of their ids. */
export function createWordRequests(path: string, words: string[]): RequestSet {
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    const revision = getLatestRevision(database);
    const ids = readStatementIds(database);
    return createEndlessRequests((n) => {
      const filter = `q=${encodeURIComponent(words[n % words.length] as string)}`;
      // Most are still to come.
      const position = createPosition(
        Math.floor(n / words.length),
        ids.length >> 2,
        (index) => ids[index] as string,
      );
      const cursor = encodeCursor({ revision, listUrl: `/v1/statements?${filter}`, position });
      return `/v1/statements?cursor=${cursor}&limit=${PAGE_SIZE}&${filter}`;
    });
  } finally {
    database.close();
  }
}

const createEndlessRequests = (getPath: RequestSet['getPath']): RequestSet => ({
  count: Number.POSITIVE_INFINITY,
  getPath,
  getWarmUpPath: (n) => getPath(n + WARM_UP_OFFSET),
});

const getLatestRevision = (database: BetterSqlite3.Database): number =>
  Number(database.prepare('select max(n) from revision').pluck().get());

/**
 * Where a page begins, each another one: after an id, and when those are used up, after ids that nobody has and that would
 * follow them.
 */
function createPosition(n: number, positionCount: number, getId: (index: number) => string): [null, string] {
  const round = Math.floor(n / positionCount);
  const id = getId(scatterIndex(n, positionCount));
  return [null, round === 0 ? id : `${id}-${round}`];
}

/** All numbers below `count` in turn, such that neighbours in the store are not asked for one after the other. */
const scatterIndex = (n: number, count: number): number => (n * (count % STRIDE === 0 ? 1 : STRIDE)) % count;

/** Every fact of every type. A server is warmed up with the same ones at the revision before, of which it keeps none. */
function createItemRequests(revision: number, database: BetterSqlite3.Database): RequestSet {
  const select = database.prepare(
    `select type, id from fact where rev_to = ${CURRENT_REV_TO} and retracted is null and rev_from <= ? order by type, id`,
  );
  const [facts, previousFacts] = [revision, revision - 1].map((n) => select.all(n)) as {
    type: string;
    id: string;
  }[][];
  const createPath = (candidates: typeof facts = [], n: number) => {
    const { type, id } = candidates[scatterIndex(n % candidates.length, candidates.length)] as {
      type: string;
      id: string;
    };
    return `/v1/${getFactType(type).collection}/${id}`;
  };
  return {
    count: facts?.length ?? 0,
    getPath: (n) => createPath(facts, n),
    getWarmUpPath: (n) => `${createPath(previousFacts, n)}?asOf=${revision - 1}`,
  };
}

/** Two words from the label of a fact: so each has an answer, most a few and some many. */
function createSearchRequests(database: BetterSqlite3.Database): RequestSet {
  const labels = database
    .prepare(
      `select distinct label from fact where rev_to = ${CURRENT_REV_TO} and type <> 'membership' order by label`,
    )
    .pluck()
    .all() as string[];
  const random = createRandom('searches');
  const searchUrls = new Set<string>();
  for (let attempt = 0; attempt < MAX_SEARCHES; attempt += 1) {
    const words = [...new Set(tokenize(labels[random.below(labels.length)] as string))];
    const first = words[random.below(words.length)] as string;
    const second = words[random.below(words.length)] as string;
    if (first < second)
      searchUrls.add(`/v1/search?limit=${PAGE_SIZE}&q=${encodeURIComponent(`${first} ${second}`)}`);
  }
  const searches = [...searchUrls];
  // Frequent pairs are found first: in that order the first rounds would be asked other questions than the last.
  const getPath = (n: number) => searches[scatterIndex(n, searches.length)] as string;
  // Another limit makes another question.
  const getWarmUpPath = (n: number) => getPath(n).replace(`limit=${PAGE_SIZE}`, `limit=${PAGE_SIZE - 1}`);
  return { count: searches.length, getPath, getWarmUpPath };
}

interface FilterValue {
  filter: string;
  ids: string[];
}

const readStatementIds = (database: BetterSqlite3.Database): string[] =>
  database
    .prepare(
      `select id from fact where type = 'statement' and rev_to = ${CURRENT_REV_TO} and retracted is null order by id`,
    )
    .pluck()
    .all() as string[];

/** The speakers and topics with enough statements for pages; in a very small store the one that comes closest. */
function readFilterValues(database: BetterSqlite3.Database): FilterValue[] {
  const rows = database
    .prepare(
      `select distinct case t.field when 'speakers' then 'speaker' else 'topic' end as name, t.value, t.id
       from term t join fact f on f.row = t.row
       where t.type = 'statement' and t.field in ('speakers', 'topics') and t.rev_to = ${CURRENT_REV_TO} and f.retracted is null
       order by 1, 2, 3`,
    )
    .all() as { name: string; value: string; id: string }[];
  const byFilter = Map.groupBy(rows, ({ name, value }) => `${name}=${encodeURIComponent(value)}`);
  const valuesByCount = [...byFilter]
    .map(([filter, of]) => ({ filter, ids: of.map(({ id }) => id) }))
    .toSorted((a, b) => b.ids.length - a.ids.length);
  const frequentValues = valuesByCount.filter(({ ids }) => ids.length >= MIN_FILTER_MATCHES);
  return frequentValues.length > 0 ? frequentValues : valuesByCount.slice(0, 1);
}
