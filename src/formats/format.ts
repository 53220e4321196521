/**
 * Declaration of a list format. Requests, revisions and streaming are handled in the same way for all
 * formats.
 */
import type * as z from 'zod';
import type { FactType } from '../model/fact-type.ts';
import type { Fact } from '../model/response-schemas.ts';
import type { Reader } from '../store/database.ts';

/** Data that a format receives in addition to the facts. */
export interface ExportContext {
  factType: FactType;
  /** Parsed parameters of the request: those of the format and those of the list. */
  parameters: Record<string, unknown>;
  /** Public URL of the server, without a trailing slash. */
  publicUrl: string;
  /** Start of the links in facts: the public URL if it is configured, otherwise empty. */
  linkBase: string;
  /** Absolute URL of this response. */
  selfUrl: string;
  /** 0 for an empty store. */
  revision: number;
  /** Time when the revision was recorded; null for an empty store. */
  recordedAt: string | null;
}

/** Tool that reads a format. */
export interface Tool {
  /** Name or purpose of the tool. */
  name: string;
  /** Returns the text to paste into the tool; the URL itself if omitted. */
  toPasteText?(url: string): string;
}

export const appendQueryParameter = (url: string, name: string, value: string): string =>
  `${url}${url.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;

/** Format of a list of facts. `Row` is the input of `serialize`: facts, or the results of `loadRows`. */
export interface Format<Row = Fact> {
  /** Part of the URL after the dot: `csv`, `timeline.json`. */
  extension: string;
  mediaType: string;
  /** True if facts of this type can be written in the format. */
  appliesTo(factType: FactType): boolean;
  /** Parameters in addition to those of the list. One named `limit` truncates the list. */
  parameters?(factType: FactType): z.core.$ZodShape;
  /** True if the parameter `fields` selects parts of the format. */
  hasFields?: true;
  /** Sort order if the request has none; by id if omitted. */
  defaultSort?: string;
  /** Name of the format in titles of operations and links: `Export events as CSV`. */
  title: string;
  /** Description of the columns for programs, at the same URL with another extension; `Link` names it. */
  columnDescription?: { extension: string; mediaType: string };
  /** Description for readers of every list in the format. */
  description: string;
  /** Returns what lists of this type have in addition to `description`, such as their columns. */
  describe?(factType: FactType): string;
  /** Tools that read the format. */
  tools(factType: FactType): readonly Tool[];
  /** True if the rows are facts as JSON, serialized as in lists; `loadRows` is then not called. */
  acceptsSerialized?(parameters: ExportContext['parameters']): boolean;
  /** Schema of the complete response: an object for JSON, a string otherwise. */
  schema(factType: FactType): z.ZodType;
  /** Loads further data for a page of facts, from the same snapshot. */
  loadRows?(
    db: Reader,
    revision: number,
    facts: Fact[],
    context: Pick<ExportContext, 'factType' | 'parameters'>,
  ): Promise<Row[]>;
  /** Representation of a single fact at its own URL; without it, a single fact is a list of one. */
  item?: {
    schema(factType: FactType): z.ZodType;
    toObject(fact: Fact, context: Pick<ExportContext, 'factType' | 'publicUrl'>): object;
  };
  /** Serializes pages of rows as chunks of text. */
  serialize(pages: AsyncIterable<Row[]>, context: ExportContext): AsyncIterable<string>;
}
