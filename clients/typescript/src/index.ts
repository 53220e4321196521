/**
 * Client for Summit Facts: facts about political summits, each with the exact words that support it.
 *
 * @example
 * ```ts
 * const client = createClient({ baseUrl: 'https://facts.example.org' });
 * for await (const statement of client.list('statements', { speaker: 'jens-stoltenberg' })) {
 *   console.log(statement.text);
 * }
 * ```
 */
export { type CachedAnswer, type CacheStore, memoryCache } from './cache.ts';
export { type Client, type ClientOptions, createClient, type Operations, type PageAt } from './client.ts';
export type { components, paths } from './generated/openapi.ts';
export type { KnownProblemCode } from './generated/problem-codes.ts';
export type * from './generated/schemas.ts';
export { highlight, type Segment, type Span } from './highlight.ts';
export type { Paged } from './paged.ts';
export { type ProblemCode, ProblemError, type ProblemReason, unwrap } from './problem.ts';
export type { Fetch, RetryOptions } from './retry.ts';
export { type Quote, textFragment } from './text-fragment.ts';
export type {
  Answer,
  AnyPage,
  Arguments,
  AsOf,
  CallOptions,
  Collection,
  Entry,
  FactOf,
  ItemOf,
  ListName,
  ListParameters,
  PagedPath,
  PageOf,
  ParametersOf,
} from './types.ts';
