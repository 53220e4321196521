/** Cursors: where a page ended, at which revision, and of which list. Opaque to clients, checked when they return. */
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { invalidParameters } from '../../lib/problem-details.ts';
import { isStorable } from '../../model/fields.ts';

/** Where a page ended: what the list is ordered by, of its last entry. */
export type CursorPosition = (string | null)[];

export interface Cursor<Position extends CursorPosition> {
  revision: number;
  /** What the list was asked for, limit aside: a cursor fits no other list. */
  listUrl: string;
  position: Position;
}

export const MAX_CURSOR_LENGTH = 4_000;

export function encodeCursor({ revision, listUrl, position }: Cursor<CursorPosition>): string {
  const payload = JSON.stringify([revision, digestList(listUrl), position]);
  return Buffer.from(createDigest(payload, 6) + payload).toString('base64url');
}

/** The cursor of this very list, or a 400. */
export function decodeCursor<Position extends CursorPosition>(
  encoded: string,
  listUrl: string,
  positionSchema: z.ZodType<Position>,
): Cursor<Position> {
  const buffer = Buffer.from(encoded, 'base64url');
  const content = buffer.toString();
  const payload = content.slice(8);
  // The digest is no signature: it tells a damaged cursor from a whole one. A forged one that passes still
  // only names a place in a public list.
  const isIntact =
    createDigest(payload, 6) === content.slice(0, 8) && buffer.toString('base64url') === encoded;
  const parsedPayload = CursorPayload.safeParse(isIntact ? tryParseJson(payload) : null);
  const parsedPosition = positionSchema.safeParse(parsedPayload.data?.[2]);
  if (!parsedPayload.success || !parsedPosition.success || !isStorablePosition(parsedPosition.data)) {
    const detail = 'is not a cursor of this API, or not a whole one; begin again without it';
    throw invalidParameters([{ parameter: 'cursor', code: 'invalid-cursor', detail }]);
  }
  const [revision, payloadDigest] = parsedPayload.data;
  if (payloadDigest !== digestList(listUrl)) {
    const detail = 'belongs to another list, filter, sort or asOf; follow links.next as it is';
    throw invalidParameters([{ parameter: 'cursor', code: 'cursor-mismatch', detail }]);
  }
  return { revision, listUrl, position: parsedPosition.data };
}

/** Revision, list and place. */
const CursorPayload = z.tuple([z.int().min(0), z.string(), z.unknown()]);

/** No store holds, or can be asked about, text of any other kind. */
const isStorablePosition = (position: CursorPosition): boolean =>
  position.every((value) => value === null || isStorable(value));

function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Page after page is of the same few lists. */
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
