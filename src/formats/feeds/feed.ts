/** Feeds and their entries, independent of the format. */
import { v5 as uuid } from 'uuid';
import * as z from 'zod';
import { integerBetween, singleValue } from '../../http/params.ts';
import { formatCanonicalQuery, type QueryValues, splitUrl } from '../../http/query-string.ts';
import type { Html } from '../../lib/html.ts';
import { Evidence } from '../../model/evidence.ts';
import { type Fact, factTypeName } from '../../model/response-schemas.ts';
import type { ExportContext } from '../format.ts';

const MAX_ENTRIES = 1_000;

export const entryLimit = singleValue(integerBetween(1, MAX_ENTRIES)).optional().meta({
  description: 'Maximum number of entries, counted in the order of the feed; all if omitted.',
  example: 20,
});

/** Data of an entry for programs, in an extension of the format. */
export const FeedFact = z
  .object({
    type: factTypeName().describe('Type of the fact; later versions may add types.'),
    id: z.string().describe('Id of the fact.'),
    version: z.int().min(1).describe('Version of the fact that the entry is about.'),
    revision: z.int().min(1).describe('Revision that recorded this version.'),
    evidence: z.array(Evidence).describe('Evidence of the fact; a document has none.'),
  })
  .meta({ id: 'FeedFact', description: 'The fact that an entry of a feed is about.' });

export interface Feed {
  title: string;
  description: string;
  selfUrl: string;
  /** URL of the same facts or changes as a list in JSON. */
  listUrl: string;
  /** URL of a page for readers: of the same facts, or of the home page. */
  pageUrl: string;
  /** Without a trailing slash. */
  publicUrl: string;
  revision: number;
  updated: string;
  /** Independent of the server's address. */
  id: string;
}

export interface FeedEntry {
  /** Permanent, and independent of the server's address. */
  id: string;
  title: string;
  /** URL of the page of the fact. */
  url: string;
  /** URL of the fact as JSON, as of the revision of the entry. */
  dataUrl: string;
  /** Time when a change was recorded; for a fact, the day on which it was said or reported. */
  published: string;
  updated: string;
  tags: string[];
  content: Html;
  fact: z.output<typeof FeedFact>;
}

/** Fixed time of update of an empty store, so that its feeds stay the same. */
const EMPTY_STORE_UPDATED = '1970-01-01T00:00:00.000Z';

interface FeedDefinition {
  title: string;
  description: string;
  /** Path of the list. */
  path: string;
  /** Path of the page, with parameters in addition to those of the list; only the revision if omitted. */
  page: { path: string; listValues?: QueryValues };
  /** Values of parameters of the list that the request leaves out. */
  listDefaults?: QueryValues;
}

/** Creates the feed of a response. The URLs of its list and its page have the same query without `limit`. */
export function createFeed(
  { selfUrl, publicUrl, revision, recordedAt }: Omit<ExportContext, 'factType'>,
  { title, description, path, page, listDefaults = {} }: FeedDefinition,
): Feed {
  const { path: feedPath, values } = splitUrl(selfUrl.slice(publicUrl.length));
  const { limit: _, ...listQuery } = { ...listDefaults, ...values };
  const pageQuery = page.listValues
    ? { ...listQuery, ...page.listValues }
    : { ...(values['asOf'] && { asOf: values['asOf'] }) };
  return {
    title,
    description,
    selfUrl,
    listUrl: publicUrl + path + formatCanonicalQuery(listQuery),
    pageUrl: publicUrl + page.path + formatCanonicalQuery(pageQuery),
    publicUrl,
    revision,
    updated: recordedAt ?? EMPTY_STORE_UPDATED,
    id: createUrn(feedPath + formatCanonicalQuery(values)),
  };
}

/** Builds the fields that all entries about a fact share. */
export const buildEntryFields = (
  { type, id, version, revision, evidence = [], links, recordedAt }: Fact,
  publicUrl: string,
) => ({
  url: publicUrl + links.html,
  dataUrl: `${publicUrl}${links.self}?asOf=${revision}`,
  updated: recordedAt,
  fact: { type, id, version, revision, evidence },
});

/** Namespace of all URNs. It must never change, or feed readers would take every entry for a new one. */
const UUID_NAMESPACE = '1f6a7c52-3d0e-4b5a-9c84-6e2b90d7a415';

/** Returns a permanent URN derived from `name`. */
export const createUrn = (name: string): string => `urn:uuid:${uuid(name, UUID_NAMESPACE)}`;
