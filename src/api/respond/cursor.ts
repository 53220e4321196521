/** Cursors: where a page ended, at which revision, and of which list. Opaque to clients, checked when they return. */
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { invalidParameters } from '../../lib/problem-details.ts';
import { isStorable } from '../../model/fields.ts';

/** Where a page ended: what the list is ordered by, of its last entry. */
export type Place = (string | null)[];

export interface Cursor<P extends Place> {
  revision: number;
  /** What the list was asked for, limit aside: a cursor fits no other list. */
  list: string;
  place: P;
}

export const CURSOR_MAX_LENGTH = 4_000;

export function encodeCursor({ revision, list, place }: Cursor<Place>): string {
  const payload = JSON.stringify([revision, digestOf(list), place]);
  return Buffer.from(digest(payload, 6) + payload).toString('base64url');
}

/** The cursor of this very list, or a 400. */
export function decodeCursor<P extends Place>(text: string, list: string, places: z.ZodType<P>): Cursor<P> {
  const decoded = Buffer.from(text, 'base64url');
  const bytes = decoded.toString();
  const payload = bytes.slice(8);
  // The digest is no signature: it tells a damaged cursor from a whole one. A forged one that passes still
  // only names a place in a public list.
  const whole = digest(payload, 6) === bytes.slice(0, 8) && decoded.toString('base64url') === text;
  const head = Payload.safeParse(whole ? jsonOf(payload) : null);
  const parsed = places.safeParse(head.data?.[2]);
  if (!head.success || !parsed.success || !isStorablePlace(parsed.data)) {
    const detail = 'is not a cursor of this API, or not a whole one; begin again without it';
    throw invalidParameters([{ parameter: 'cursor', code: 'invalid-cursor', detail }]);
  }
  const [revision, forList] = head.data;
  if (forList !== digestOf(list)) {
    const detail = 'belongs to another list, filter, sort or asOf; follow links.next as it is';
    throw invalidParameters([{ parameter: 'cursor', code: 'cursor-mismatch', detail }]);
  }
  return { revision, list, place: parsed.data };
}

/** Revision, list and place. */
const Payload = z.tuple([z.int().min(0), z.string(), z.unknown()]);

/** No store holds, or can be asked about, text of any other kind. */
const isStorablePlace = (place: Place): boolean =>
  place.every((value) => value === null || isStorable(value));

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Page after page is of the same few lists. */
const digests = new LRUCache<string, string>({ max: 500 });

function digestOf(list: string): string {
  const known = digests.get(list);
  if (known !== undefined) return known;
  const made = digest(list, 12);
  digests.set(list, made);
  return made;
}

const digest = (text: string, bytes: number): string =>
  hash('sha256', text, 'buffer').subarray(0, bytes).toString('base64url');
