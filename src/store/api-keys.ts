/** API keys, which are shown once and stored only as a hash. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import { query, type Reader, type Writer } from './database.ts';
import type { Store } from './open.ts';
import type { Tables } from './schema.ts';

/**
 * Scopes of a key. `read` gives access to texts of which only excerpts are public; `write` includes it, and
 * allows importing and deleting dossiers.
 */
export const SCOPES = ['read', 'write'] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey {
  id: string;
  /** Holder of the key, and author of the revisions that it writes. */
  name: string;
  scopes: Scope[];
  createdAt: string;
  /** Null for a key that never expires. */
  expiresAt: string | null;
  revokedAt: string | null;
}

const ID_BYTES = 6;
const SECRET_BYTES = 32;
const KEY_PATTERN = /^sf_([0-9a-f]{12})_[\w-]{43}$/;
const KEY_IN_TEXT_PATTERN = /sf_[0-9a-f]{12}_[\w-]{43}/g;

/** Creates a key. Only this function returns its secret, which is not stored. */
export async function createKey(
  store: Store,
  { name, scopes, expiresAt }: Pick<ApiKey, 'name' | 'scopes' | 'expiresAt'>,
): Promise<ApiKey & { key: string }> {
  const id = randomBytes(ID_BYTES).toString('hex');
  const key = `sf_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const row = {
    id,
    name,
    scopes: scopes.join(' '),
    sha256: computeSha256(key).toString('hex'),
    created_at: new Date().toISOString(),
    expires_at: expiresAt,
    revoked_at: null,
  };
  await store.write((db) => db.insertInto('key').values(row).execute());
  return { ...toApiKey(row), key };
}

export async function listKeys(db: Reader): Promise<ApiKey[]> {
  const rows = await query(db, sql<KeyRow>`select * from "key" order by created_at, id`);
  return rows.map(toApiKey);
}

/** Revokes a key; returns null if there is none with this id. A second call keeps the time of the first. */
export function revokeKey(store: Store, id: string): Promise<ApiKey | null> {
  return store.write(async (db) => {
    await db
      .updateTable('key')
      .set({ revoked_at: new Date().toISOString() })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .execute();
    const row = await findKeyRow(db, id);
    return row ? toApiKey(row) : null;
  });
}

/** Finds the key that a client presents; null if it is unknown, expired or revoked. */
export async function findKey(db: Reader, token: string, now = new Date()): Promise<ApiKey | null> {
  const id = KEY_PATTERN.exec(token)?.[1];
  if (!id) return null;
  const row = await findKeyRow(db, id);
  if (!row || !timingSafeEqual(computeSha256(token), Buffer.from(row.sha256, 'hex'))) return null;
  const isExpired = row.expires_at !== null && row.expires_at <= now.toISOString();
  return isExpired || row.revoked_at !== null ? null : toApiKey(row);
}

type KeyRow = Tables['key'];

async function findKeyRow(db: Reader | Writer, id: string): Promise<KeyRow | undefined> {
  const [row] = await query(db, sql<KeyRow>`select * from "key" where id = ${id}`);
  return row;
}

const computeSha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

const toApiKey = ({ id, name, scopes, created_at, expires_at, revoked_at }: KeyRow): ApiKey => ({
  id,
  name,
  scopes: scopes.split(' ') as Scope[],
  createdAt: created_at,
  expiresAt: expires_at,
  revokedAt: revoked_at,
});

/** Masks API keys in `text` before it is stored or logged. */
export const maskKeys = (text: string): string => text.replace(KEY_IN_TEXT_PATTERN, 'sf_***');
