/** Cursors: where a page ended, at which revision, and of which list. Opaque to clients, checked when they return. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { invalidParameters } from '../problem.ts';
import type { Place } from '../store/list.ts';

export interface Cursor {
  revision: number;
  /** What the list was asked for, limit aside: a cursor fits no other list. */
  list: string;
  place: Place;
}

const Payload = z.tuple([z.int().min(0), z.string(), z.string().nullable(), z.string()]);

export const CURSOR_MAX_LENGTH = 4_000;

export function encodeCursor({ revision, list, place }: Cursor): string {
  const payload = JSON.stringify([revision, digest(list, 12), place.value, place.id]);
  return Buffer.from(digest(payload, 6) + payload).toString('base64url');
}

/** The cursor of this very list, or a 400. */
export function decodeCursor(text: string, list: string): Cursor {
  const bytes = Buffer.from(text, 'base64url').toString();
  const payload = bytes.slice(8);
  // The digest is no signature: it tells a damaged cursor from a whole one. A forged one that passes still
  // only names a place in a public list.
  const whole = digest(payload, 6) === bytes.slice(0, 8);
  const parsed = Payload.safeParse(whole ? jsonOf(payload) : null);
  if (!parsed.success) {
    const detail = 'is not a cursor of this API, or not a whole one; begin again without it';
    throw invalidParameters([{ parameter: 'cursor', code: 'invalid-cursor', detail }]);
  }
  const [revision, forList, value, id] = parsed.data;
  if (forList !== digest(list, 12)) {
    const detail = 'belongs to another list, filter, sort or asOf; follow links.next as it is';
    throw invalidParameters([{ parameter: 'cursor', code: 'cursor-mismatch', detail }]);
  }
  return { revision, list, place: { value, id } };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const digest = (text: string, bytes: number): string =>
  createHash('sha256').update(text).digest().subarray(0, bytes).toString('base64url');
