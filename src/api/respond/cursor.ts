/** Pagination cursors: opaque to clients, and validated when a client sends one back. */
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { formatCanonicalQuery, type QueryValues } from '../../http/query-string.ts';
import { invalidParameters } from '../../lib/problem-details.ts';
import { isStorable } from '../../model/fields.ts';
import { stripPagination } from '../service/alternates.ts';
import type { PagePosition } from '../service/page.ts';

export interface Cursor<Position extends PagePosition> {
  revision: number;
  /** Canonical URL of the list without pagination parameters; a cursor is valid for this list only. */
  listUrl: string;
  position: Position;
}

export const MAX_CURSOR_LENGTH = 4_000;

export function encodeCursor({ revision, listUrl, position }: Cursor<PagePosition>): string {
  const payload = JSON.stringify([revision, digestList(listUrl), position]);
  return Buffer.from(createDigest(payload, 6) + payload).toString('base64url');
}

/** Decodes a cursor; throws a 400 if it is damaged or belongs to another list. */
export function decodeCursor<Position extends PagePosition>(
  encoded: string,
  listUrl: string,
  positionSchema: z.ZodType<Position>,
): Cursor<Position> {
  const buffer = Buffer.from(encoded, 'base64url');
  const content = buffer.toString();
  const payload = content.slice(8);
  // The digest detects damage; it is not a signature. A forged cursor still only names a position in a public
  // list.
  const isIntact =
    createDigest(payload, 6) === content.slice(0, 8) && buffer.toString('base64url') === encoded;
  const parsedPayload = CursorPayload.safeParse(isIntact ? tryParseJson(payload) : null);
  const parsedPosition = positionSchema.safeParse(parsedPayload.data?.[2]);
  if (!parsedPayload.success || !parsedPosition.success || !isStorablePosition(parsedPosition.data)) {
    const detail = 'is not a cursor of this API or is incomplete; start again without a cursor';
    throw invalidParameters([{ parameter: 'cursor', code: 'invalid-cursor', detail }]);
  }
  const [revision, payloadDigest] = parsedPayload.data;
  if (payloadDigest !== digestList(listUrl)) {
    const detail = 'belongs to another list, filter, sort or asOf; use links.next unchanged';
    throw invalidParameters([{ parameter: 'cursor', code: 'cursor-mismatch', detail }]);
  }
  return { revision, listUrl, position: parsedPosition.data };
}

/** Revision, digest of the list URL and position. */
const CursorPayload = z.tuple([z.int().min(0), z.string(), z.unknown()]);

/** True if the databases accept the position in a query: it has no NUL and no lone surrogate. */
const isStorablePosition = (position: PagePosition): boolean =>
  position.every((value) => value === null || isStorable(value));

function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Digests of recent list URLs: most pages belong to a few lists. */
const listDigests = new LRUCache<string, string>({ max: 500 });

function digestList(listUrl: string): string {
  const cached = listDigests.get(listUrl);
  if (cached !== undefined) return cached;
  const computed = createDigest(listUrl, 12);
  listDigests.set(listUrl, computed);
  return computed;
}

const createDigest = (text: string, maxBytes: number): string =>
  hash('sha256', text, 'buffer').subarray(0, maxBytes).toString('base64url');

/** List that a page of the site shows a part of. */
interface SiteList {
  /** Path of the list in the API. */
  path: string;
  /** Query of the list. */
  values: QueryValues;
  /** Revision of the page, to which its cursors are bound. */
  revision: number;
}

/** Encodes a cursor for a page of the site; it is that of the list at the revision of the page. */
export const encodeSiteCursor = (position: PagePosition, list: SiteList): string =>
  encodeCursor({ revision: list.revision, listUrl: toListUrl(list), position });

/** Decodes a cursor from a page of the site; throws a 400 if it is damaged or belongs to another list. */
export const decodeSiteCursor = <Position extends PagePosition>(
  encoded: string,
  list: SiteList,
  positionSchema: z.ZodType<Position>,
): Position => decodeCursor(encoded, toListUrl(list), positionSchema).position;

const toListUrl = ({ path, values, revision }: SiteList): string =>
  path +
  formatCanonicalQuery({ ...stripPagination(values), ...(revision > 0 && { asOf: [String(revision)] }) });
