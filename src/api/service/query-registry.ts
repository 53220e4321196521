/** Queries and exports by their names, for worker threads. */
import { exportChanges } from './change-feeds.ts';
import { listChanges } from './changes.ts';
import type { Export } from './export-stream.ts';
import { exportFacets, exportFacts } from './exports.ts';
import { countFacets } from './facets.ts';
import { countList, listFacts } from './facts.ts';
import type { Query } from './query.ts';
import { searchFacts } from './search.ts';

type Factories<T> = Record<string, (input: never) => T>;

const queries: Factories<Query<unknown>> = { listFacts, countList, countFacets, searchFacts, listChanges };
const exports: Factories<unknown> = { exportFacts, exportFacets, exportChanges };

export const getQuery = (name: string, input: unknown): Query<unknown> =>
  findFactory(queries, name)(input as never);

export const getExport = (name: string, input: unknown): Export =>
  findFactory(exports, name)(input as never) as Export;

function findFactory<T>(factories: Factories<T>, name: string): (input: never) => T {
  const factory = Object.hasOwn(factories, name) && factories[name];
  if (!factory) throw new Error(`${name} cannot run in a worker thread`);
  return factory;
}
