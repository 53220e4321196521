/** What a format of a list declares. How it is asked for, at which revision it is read and how it is sent is the same for all. */
import type * as z from 'zod';
import type { Resource } from '../model/fact-type.ts';
import type { Fact } from '../model/response-schemas.ts';
import type { Reader } from '../store/database.ts';

/** What a format is told beside the facts. */
export interface Context {
  resource: Resource;
  /** The parameters of the request, parsed: its own and those of the list. */
  parameters: Record<string, unknown>;
  /** Where readers find the server, without a slash at the end. */
  publicUrl: string;
  /** The absolute URL of this very answer. */
  self: string;
  /** 0 of an empty store. */
  revision: number;
  /** When the revision was recorded; null of an empty store. */
  recordedAt: string | null;
}

/** Something that takes in a format. */
export interface Tool {
  /** Its name, or what it is for. */
  tool: string;
  /** What to give it, where that is more than the URL. */
  paste?(url: string): string;
}

/** `url` with one more parameter. */
export const withParameter = (url: string, name: string, value: string): string =>
  `${url}${url.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;

/** A list of facts in one format. `Row` is what it makes lines or entries of: facts, or what `rows` gives for them. */
export interface Format<Row = Fact> {
  /** What stands after the dot in the URL: `csv`, `timeline.json`. */
  extension: string;
  mediaType: string;
  /** Whether facts of the type can be written so. */
  fits(resource: Resource): boolean;
  /** Its own parameters, beside those of the list; by one that is called `limit` the list is cut off. */
  parameters?(resource: Resource): z.core.$ZodShape;
  /** How the list is sorted if the request does not say; by id, if this does not either. */
  sort?: string;
  /** What the operation is called in the documentation: `Export events as CSV`. */
  title: string;
  describe(resource: Resource): string;
  /** Which tools take it in, and what is pasted into each. */
  tools(resource: Resource): readonly Tool[];
  /** Whether its rows are facts as JSON, just as lists have them, and `rows` is not asked. */
  written?(parameters: Context['parameters']): boolean;
  /** The whole answer: an object for JSON, text for all else. */
  schema(resource: Resource): z.ZodType;
  /** Query of an example that is short enough to stand in the documentation; one fact by its id, if left out. */
  example?(resource: Resource): string;
  /** Looks up what else is needed for a page of facts, at the same moment at which they were read. */
  rows?(
    db: Reader,
    revision: number,
    facts: Fact[],
    asked: Pick<Context, 'resource' | 'parameters'>,
  ): Promise<Row[]>;
  /** One fact alone, at a URL of its own; without it, one fact is a list that has only it. */
  item?: {
    schema(resource: Resource): z.ZodType;
    write(fact: Fact, context: Pick<Context, 'resource' | 'publicUrl'>): object;
  };
  /** The text, piece by piece, from rows that come page by page. */
  write(pages: AsyncIterable<Row[]>, context: Context): AsyncIterable<string>;
}
