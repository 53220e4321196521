/** The types of lists, facts and parameters, all of them read from the OpenAPI document. */
import type { paths } from './generated/openapi.ts';

/** A revision number, or an instant: RFC 3339, or a `Date`. */
export type AsOf = number | string | Date;

/** What every call takes beside its parameters. */
export interface CallOptions {
  /** Ends the call, also while it waits to try again: it then throws the signal's reason. */
  signal?: AbortSignal | undefined;
}

type Operation<P extends keyof paths> = paths[P] extends { get: infer O } ? O : never;

/** What `GET` of a path answers. */
export type Answer<P extends keyof paths> =
  Operation<P> extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;

/** Of each path that answers page by page: the page. */
type PageByPath = {
  [P in keyof paths as [Answer<P>] extends [never]
    ? never
    : Answer<P> extends AnyPage
      ? P
      : never]: Answer<P>;
};

/** What every page has. */
export interface AnyPage {
  /** The entries of this page. */
  data: unknown[];
  meta: {
    /** The revision that the whole walk reads. */
    revision: number;
    /** The cursor of the next page; null at the end. */
    nextCursor: string | null;
  };
}

/** A path that answers page by page. */
export type PagedPath = keyof PageByPath;

/** What comes after `/v1/` in the path of a list, such as `statements`, `changes` or `search`. */
export type ListName = {
  [P in PagedPath]: P extends `/v1/${infer Name}`
    ? Name extends `${string}/${string}`
      ? never
      : Name
    : never;
}[PagedPath];

/** A collection of facts, such as `statements` or `people`. */
export type Collection = {
  [P in keyof paths]: P extends `/v1/${infer Name}/{id}/references` ? Name : never;
}[keyof paths];

/** One page of a list. */
export type PageOf<N extends ListName> = Answer<`/v1/${N}`>;

/** One entry of a list: of a collection, a fact of its type. */
export type ItemOf<N extends ListName> = Entry<PageOf<N>>;

/** One fact of a collection: `FactOf<'people'>` is a `Person`. */
export type FactOf<C extends Collection> = Answer<`/v1/${C}/{id}`>;

/** The entries of a page. */
export type Entry<Page> = Page extends { data: (infer Item)[] } ? Item : never;

type Query<P extends keyof paths> =
  Operation<P> extends { parameters: { query?: infer Q } } ? (Q extends object ? Q : unknown) : unknown;

/**
 * The parameters of a path as people write them: a list may be one value, `asOf` may be a number or a `Date`. The cursor
 * is left out, as walking is what this client is for.
 */
export type ParametersOf<P extends keyof paths> = {
  [K in keyof Query<P> as K extends 'cursor' ? never : K]: K extends 'asOf'
    ? AsOf | undefined
    : Eased<Query<P>[K]>;
};

type Eased<T> = T extends readonly (infer Item)[] ? Item | readonly Item[] : T;

/** The parameters of a list, by its name. */
export type ListParameters<N extends ListName> = ParametersOf<`/v1/${N}`>;

/** Parameters and options, as the last arguments of a call: the parameters may be left out if none must be given. */
export type Arguments<P extends keyof paths> =
  Record<never, never> extends ParametersOf<P>
    ? [parameters?: ParametersOf<P>, options?: CallOptions]
    : [parameters: ParametersOf<P>, options?: CallOptions];
