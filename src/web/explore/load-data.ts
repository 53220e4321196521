/** Data of the explore page: the list, its total and its facets. */
import {
  buildListParameters,
  getPositionSchema,
  type ListParameters,
  parseExpansion,
  parseFilterQuery,
  parseListQuery,
} from '../../api/params/list-params.ts';
import { decodeSiteCursor, encodeSiteCursor } from '../../api/respond/cursor.ts';
import { countFacets, type Facet } from '../../api/service/facets.ts';
import { countList, listFacts, parseFacts } from '../../api/service/facts.ts';
import { parseParams } from '../../http/params.ts';
import { lazy, withAsOf } from '../../http/route-definition.ts';
import { Problem } from '../../lib/problem-details.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { factTypes } from '../../model/types/index.ts';
import { StoreUnavailable } from '../../store/database.ts';
import type { PageRequest } from '../page-route.ts';
import { type ExploreState, omitParameters, pickFilters } from './url-state.ts';

export interface ExploreData {
  facts: Fact[];
  /** Cursor of the next page; null on the last page. */
  nextCursor: string | null;
  /** Total number of facts; null if the server is too busy to count them. */
  total: number | null;
  /** Null if the server is too busy to count the values. */
  facets: Facet[] | null;
}

/** Number of values that a facet has at most. */
const MAX_FACET_VALUES = 40;

/** Loads the data of a view; throws the problem of the list if one of its parameters is invalid. */
export async function loadExploreData(
  request: PageRequest<unknown>,
  state: ExploreState,
): Promise<ExploreData> {
  const parameters = parseListParameters(state);
  const list = await loadList(request, state, parameters);
  const [total, facets] = await Promise.all([
    list.total ?? loadTotal(request, state, parameters),
    loadFacets(request, state, parameters),
  ]);
  return { ...list, total, facets };
}

/** Parses the parameters as the list does, so that both reject the same ones. */
const parseListParameters = ({ factType, values, page }: ExploreState): ListParameters =>
  parseParams(getListSchema(factType), { ...values, ...page }) as ListParameters;

const listSchemas = new Map(
  factTypes.map((factType) => [
    factType,
    lazy(() => withAsOf(buildListParameters(factType).omit({ fields: true }))),
  ]),
);

const getListSchema = (factType: FactType) =>
  (listSchemas.get(factType) as () => ReturnType<typeof withAsOf>)();

interface LoadedList extends Pick<ExploreData, 'facts' | 'nextCursor'> {
  /** Total number of facts; null unless the list includes it or is complete. */
  total: number | null;
}

async function loadList(
  request: PageRequest<unknown>,
  { factType, values }: ExploreState,
  parameters: ListParameters,
): Promise<LoadedList> {
  const { cursor, limit, count = false } = parameters;
  const list = { path: `/v1/${factType.collection}`, values, revision: request.snapshot.revision };
  const query = parseListQuery(factType, parameters, request.synonyms);
  const after = cursor === undefined ? null : decodeSiteCursor(cursor, list, getPositionSchema(parameters));
  const [page] = await request.run(listFacts({ ...query, after, limit, count }));
  const facts = parseFacts(page);
  const isComplete = page.next === null && after === null;
  return {
    facts,
    nextCursor: page.next && encodeSiteCursor(page.next, list),
    total: page.total ?? (isComplete ? facts.length : null),
  };
}

/** Counts separately from the list, which must not wait for it. */
const loadTotal = (
  request: PageRequest<unknown>,
  { factType }: ExploreState,
  parameters: ListParameters,
): Promise<number | null> => {
  const query = {
    ...parseFilterQuery(factType, parameters, request.synonyms),
    ...parseExpansion(parameters),
  };
  return nullIfBusy(async () => {
    const [{ total }] = await request.run(countList(query));
    return total;
  });
};

/** A filtered field is counted without its own filter, so that its other values can still be selected. */
function loadFacets(
  request: PageRequest<unknown>,
  state: ExploreState,
  parameters: ListParameters,
): Promise<Facet[] | null> {
  const { factType } = state;
  const { facetNames } = factType;
  const filters = pickFilters(state);
  const filteredNames = facetNames.filter((name) => Object.hasOwn(filters, name));
  const unfilteredNames = facetNames.filter((name) => !filteredNames.includes(name));
  const groups = [unfilteredNames, ...filteredNames.map((name) => [name])].filter(({ length }) => length > 0);
  const queries = groups.map((by) => {
    const query = parseFilterQuery(factType, omitParameters(parameters, by), request.synonyms);
    return countFacets({ ...query, ...parseExpansion(parameters), by, limit: MAX_FACET_VALUES });
  });
  return nullIfBusy(async () => {
    const facets = (await request.run(...queries)).flat();
    return facets.sort((a, b) => facetNames.indexOf(a.field) - facetNames.indexOf(b.field));
  });
}

/** Returns null if the server is temporarily too busy, because the page can do without these data. */
async function nullIfBusy<T>(load: () => Promise<T>): Promise<T | null> {
  try {
    return await load();
  } catch (error) {
    const isBusy = error instanceof StoreUnavailable || (error instanceof Problem && error.status === 503);
    if (isBusy) return null;
    throw error;
  }
}
