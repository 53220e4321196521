/**
 * Generator of distinct requests: paths by number, without repetition, so that no response can come from the
 * cache. They depend only on the content of the store, and are the same in every run.
 */
import BetterSqlite3 from 'better-sqlite3';
import { encodeCursor } from '../src/api/respond/cursor.ts';
import { factTypes, getFactType } from '../src/model/types/index.ts';
import { tokenize } from '../src/search/tokenize.ts';
import { createRandom } from './fixtures/random.ts';

export const PAGE_SIZE = 20;
/** Minimum number of statements of a value that is used as a filter. */
const MIN_FILTER_MATCHES = 2 * PAGE_SIZE;
const CURRENT_REV_TO = 2_147_483_647;
/** Prime number, so that it has no common factor with most counts. */
const STRIDE = 7_919;
const MAX_SEARCHES = 500_000;

export interface RequestSet {
  count: number;
  /** Returns a different path for each `n` from 0 to `count` - 1. */
  getPath: (n: number) => string;
  /** Returns other paths of the same kind, to warm up a server. */
  getWarmUpPath: (n: number) => string;
}

/** Number of the first warm-up path of an endless set, beyond all others in use. */
const WARM_UP_OFFSET = 100_000_000;

export const REQUEST_KINDS = ['pages', 'filtered', 'items', 'searches'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** Creates the requests for the store at `path`, with cursors at its newest revision. */
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

/** Creates cursors into the list of statements in both orders, at every position followed by a full page. */
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

/** Creates cursors into the lists of statements by one speaker or on one topic. */
function createFilteredRequests(revision: number, values: FilterValue[]): RequestSet {
  if (values.length === 0)
    throw new Error('The store is too small: no speaker or topic has enough statements for a page');
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

/** Creates first pages of 10 to 30 facts, of every collection in each of its orders. */
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

/** Creates pages of the statements that contain one of `words`, in the order of their ids. */
export function createWordRequests(path: string, words: string[]): RequestSet {
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    const revision = getLatestRevision(database);
    const ids = readStatementIds(database);
    return createEndlessRequests((n) => {
      const filter = `q=${encodeURIComponent(words[n % words.length] as string)}`;
      // In the first quarter of the list, so that most matches follow.
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
 * Returns a different cursor position for each `n`: after an existing id, and once those are used up, after
 * ids that do not exist but would follow existing ones.
 */
function createPosition(n: number, positionCount: number, getId: (index: number) => string): [null, string] {
  const round = Math.floor(n / positionCount);
  const id = getId(scatterIndex(n, positionCount));
  return [null, round === 0 ? id : `${id}-${round}`];
}

/** Permutes the numbers below `count`, so that consecutive requests are far apart in the store. */
const scatterIndex = (n: number, count: number): number => (n * (count % STRIDE === 0 ? 1 : STRIDE)) % count;

/** Creates a request for every fact. The warm-up uses the previous revision, which is never cached. */
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

/** Creates searches for two words from one label, so that each has matches: most a few, some many. */
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
  // Frequent pairs are found first. Unshuffled, the first rounds would have other searches than the last
  // ones.
  const getPath = (n: number) => searches[scatterIndex(n, searches.length)] as string;
  // Another limit makes another request.
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

/**
 * Reads the speakers and topics with enough statements for pages; in a very small store, the most frequent
 * one.
 */
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
