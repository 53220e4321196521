/** What a format of a list declares. How it is asked for, at which revision it is read and how it is sent is the same for all. */
import type * as z from 'zod';
import type { FactType } from '../model/fact-type.ts';
import type { Fact } from '../model/response-schemas.ts';
import type { Reader } from '../store/database.ts';

/** What a format is told beside the facts. */
export interface ExportContext {
  factType: FactType;
  /** The parameters of the request, parsed: its own and those of the list. */
  parameters: Record<string, unknown>;
  /** Where readers find the server, without a slash at the end. */
  publicUrl: string;
  /** The absolute URL of this very answer. */
  selfUrl: string;
  /** 0 of an empty store. */
  revision: number;
  /** When the revision was recorded; null of an empty store. */
  recordedAt: string | null;
}

/** Something that takes in a format. */
export interface Tool {
  /** Its name, or what it is for. */
  name: string;
  /** What to give it, where that is more than the URL. */
  toPasteText?(url: string): string;
}

/** `url` with one more parameter. */
export const appendQueryParameter = (url: string, name: string, value: string): string =>
  `${url}${url.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;

/** A list of facts in one format. `Row` is what it makes lines or entries of: facts, or what `rows` gives for them. */
export interface Format<Row = Fact> {
  /** What stands after the dot in the URL: `csv`, `timeline.json`. */
  extension: string;
  mediaType: string;
  /** Whether facts of the type can be written so. */
  appliesTo(factType: FactType): boolean;
  /** Its own parameters, beside those of the list; by one that is called `limit` the list is cut off. */
  parameters?(factType: FactType): z.core.$ZodShape;
  /** How the list is sorted if the request does not say; by id, if this does not either. */
  defaultSort?: string;
  /** What the operation is called in the documentation: `Export events as CSV`. */
  title: string;
  describe(factType: FactType): string;
  /** Which tools take it in, and what is pasted into each. */
  tools(factType: FactType): readonly Tool[];
  /** Whether its rows are facts as JSON, just as lists have them, and `rows` is not asked. */
  acceptsSerialized?(parameters: ExportContext['parameters']): boolean;
  /** The whole answer: an object for JSON, text for all else. */
  schema(factType: FactType): z.ZodType;
  /** Query of an example that is short enough to stand in the documentation; one fact by its id, if left out. */
  exampleQuery?(factType: FactType): string;
  /** Looks up what else is needed for a page of facts, at the same moment at which they were read. */
  loadRows?(
    db: Reader,
    revision: number,
    facts: Fact[],
    context: Pick<ExportContext, 'factType' | 'parameters'>,
  ): Promise<Row[]>;
  /** One fact alone, at a URL of its own; without it, one fact is a list that has only it. */
  item?: {
    schema(factType: FactType): z.ZodType;
    toObject(fact: Fact, context: Pick<ExportContext, 'factType' | 'publicUrl'>): object;
  };
  /** The text, piece by piece, from rows that come page by page. */
  serialize(pages: AsyncIterable<Row[]>, context: ExportContext): AsyncIterable<string>;
}
