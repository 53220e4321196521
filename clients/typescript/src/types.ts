/** Types of lists, facts and parameters, all derived from the OpenAPI document. */
import type { paths } from './generated/openapi.ts';

/** Revision number, or instant: RFC 3339, or a `Date`. */
export type AsOf = number | string | Date;

/** Options of every call, in addition to its parameters. */
export interface CallOptions {
  /** Aborts the call, also while it waits for a retry. The call then throws the signal's reason. */
  signal?: AbortSignal | undefined;
}

type Operation<P extends keyof paths> = paths[P] extends { get: infer O } ? O : never;

/** Body of the response to `GET` of a path. */
export type Answer<P extends keyof paths> =
  Operation<P> extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;

/** Pages by path, for all paths with pagination. */
type PageByPath = {
  [P in keyof paths as [Answer<P>] extends [never]
    ? never
    : Answer<P> extends AnyPage
      ? P
      : never]: Answer<P>;
};

/** Properties of every page. */
export interface AnyPage {
  /** Entries of this page. */
  data: unknown[];
  meta: {
    /** Revision that all pages of an iteration read. */
    revision: number;
    /** Cursor of the next page; null on the last page. */
    nextCursor: string | null;
  };
}

/** Path with pagination. */
export type PagedPath = keyof PageByPath;

/** Part of a list's path after `/v1/`, such as `statements`, `changes` or `search`. */
export type ListName = {
  [P in PagedPath]: P extends `/v1/${infer Name}`
    ? Name extends `${string}/${string}`
      ? never
      : Name
    : never;
}[PagedPath];

/** Collection of facts, such as `statements` or `people`. */
export type Collection = {
  [P in keyof paths]: P extends `/v1/${infer Name}/{id}/references` ? Name : never;
}[keyof paths];

/** Page of a list. */
export type PageOf<N extends ListName> = Answer<`/v1/${N}`>;

/** Entry of a list. For a collection, this is a fact of its type. */
export type ItemOf<N extends ListName> = Entry<PageOf<N>>;

/** Fact of a collection: `FactOf<'people'>` is a `Person`. */
export type FactOf<C extends Collection> = Answer<`/v1/${C}/{id}`>;

/** Entry of a page. */
export type Entry<Page> = Page extends { data: (infer Item)[] } ? Item : never;

type Query<P extends keyof paths> =
  Operation<P> extends { parameters: { query?: infer Q } } ? (Q extends object ? Q : unknown) : unknown;

/**
 * Parameters of a path in a convenient form: a list may be a single value, `asOf` a number or a `Date`. There
 * is no cursor, because the client handles pagination.
 */
export type ParametersOf<P extends keyof paths> = {
  [K in keyof Query<P> as K extends 'cursor' ? never : K]: K extends 'asOf'
    ? AsOf | undefined
    : Eased<Query<P>[K]>;
};

type Eased<T> = T extends readonly (infer Item)[] ? Item | readonly Item[] : T;

/** Parameters of a list, by its name. */
export type ListParameters<N extends ListName> = ParametersOf<`/v1/${N}`>;

/** Parameters and options, as the last arguments of a call. Parameters are optional if none is required. */
export type Arguments<P extends keyof paths> =
  Record<never, never> extends ParametersOf<P>
    ? [parameters?: ParametersOf<P>, options?: CallOptions]
    : [parameters: ParametersOf<P>, options?: CallOptions];
