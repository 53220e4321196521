/** A feed and its entries, whatever they are written as. */
import { v5 as uuid } from 'uuid';
import * as z from 'zod';
import { integerBetween, singleValue } from '../../http/params.ts';
import { formatCanonicalQuery, splitUrl } from '../../http/query-string.ts';
import type { Html } from '../../lib/html.ts';
import { Evidence } from '../../model/evidence.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { ExportContext } from '../format.ts';

export const MAX_ENTRIES = 1_000;

/** How many entries a feed may have; all, if it is left out. */
export const entryLimit = singleValue(integerBetween(1, MAX_ENTRIES))
  .optional()
  .describe('How many entries the feed may have, the first ones as it is sorted; all, if left out.');

/** What an entry says to programs, in an extension of the format. */
export const FeedFact = z
  .object({
    type: z.string(),
    id: z.string().describe('The id that the fact goes by.'),
    version: z.int().min(1).describe('Which version of the fact the entry is about.'),
    revision: z.int().min(1).describe('The revision that recorded this version.'),
    evidence: z.array(Evidence).describe('The words that carry the fact; a document has none.'),
  })
  .meta({ id: 'FeedFact', description: 'The fact that an entry of a feed is about.' });

export interface Feed {
  title: string;
  description: string;
  /** Where the feed is, and where the same is to be had as a list. */
  selfUrl: string;
  listUrl: string;
  /** Without a slash at the end. */
  publicUrl: string;
  revision: number;
  updated: string;
  /** The same wherever the server has its address. */
  id: string;
}

export interface FeedEntry {
  /** The same for ever, wherever the server has its address. */
  id: string;
  title: string;
  /** Where people can read it, and where programs can. */
  url: string;
  dataUrl: string;
  /** When it was first said, if it is not the entry itself that changes. */
  published: string | null;
  updated: string;
  tags: string[];
  content: Html;
  fact: z.output<typeof FeedFact>;
}

/** When an empty store was last changed: ever the same, so that its feeds are. */
const EMPTY_STORE_UPDATED = '1970-01-01T00:00:00.000Z';

/** The feed that an answer is, of the list at `path`, which is asked for with the same query but for `list`. */
export function createFeed(
  { selfUrl, publicUrl, revision, recordedAt }: Omit<ExportContext, 'factType'>,
  definition: { title: string; description: string; path: string; listDefaults?: Record<string, string> },
): Feed {
  const { path: feedPath, values } = splitUrl(selfUrl.slice(publicUrl.length));
  const { limit: _, ...listQuery } = values;
  const defaults = Object.entries(definition.listDefaults ?? {}).map(([name, value]) => [name, [value]]);
  return {
    title: definition.title,
    description: definition.description,
    selfUrl,
    listUrl:
      publicUrl + definition.path + formatCanonicalQuery({ ...Object.fromEntries(defaults), ...listQuery }),
    publicUrl,
    revision,
    updated: recordedAt ?? EMPTY_STORE_UPDATED,
    id: createUrn(feedPath + formatCanonicalQuery(values)),
  };
}

/** What all entries about a fact have in common. */
export const buildEntryFields = (
  { type, id, version, revision, evidence = [], links, recordedAt }: Fact,
  publicUrl: string,
) => ({
  url: publicUrl + links.html,
  dataUrl: `${publicUrl}${links.self}?asOf=${revision}`,
  updated: recordedAt,
  fact: { type, id, version, revision, evidence },
});

/** All names below are made in it. It must never change: readers would take every entry for a new one. */
const UUID_NAMESPACE = '1f6a7c52-3d0e-4b5a-9c84-6e2b90d7a415';

/** A name for ever, made of what is named. */
export const createUrn = (name: string): string => `urn:uuid:${uuid(name, UUID_NAMESPACE)}`;
