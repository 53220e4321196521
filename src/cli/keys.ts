/** `summit-facts keys create|list|revoke` */
import { createKey, type Key, listKeys, revokeKey, type Scope } from '../store/keys.ts';
import type { Store } from '../store/open.ts';
import { NEVER } from './expiry.ts';
import { print } from './print.ts';
import { withStore } from './store.ts';

export interface NewKey {
  name: string;
  scope: Scope[];
  /** An instant, or `never`. */
  expires: string;
  json?: boolean;
}

export const createKeyFor = ({ name, scope: scopes, expires, json }: NewKey): Promise<void> =>
  withStore(async (store) => {
    const expiresAt = expires === NEVER ? null : expires;
    const { id, key, ...rest } = await createKey(store, { name, scopes, expiresAt });
    if (json) return print(JSON.stringify({ id, key, scopes: rest.scopes, expiresAt: rest.expiresAt }));
    // The key alone, so that a script can take it.
    print(key);
    process.stderr.write(`The key ${id} of ${name}, ${describe(rest)}. It is shown this once.\n`);
  });

export const printKeys = ({ json }: { json?: boolean }): Promise<void> =>
  withStore(async (store) => {
    const keys = await store.read(listKeys);
    if (json) return print(JSON.stringify(keys));
    for (const key of keys) print(`${key.id}  ${key.name}, ${describe(key)}, made ${key.createdAt}`);
    if (keys.length === 0) print('there are no keys');
  });

export const revoke = (id: string, { json }: { json?: boolean }): Promise<void> =>
  withStore(async (store: Store) => {
    const key = await revokeKey(store, id);
    if (!key) throw new Error(`There is no key ${id}; "summit-facts keys list" shows those there are`);
    print(json ? JSON.stringify(key) : `${key.id} of ${key.name} was revoked ${key.revokedAt}`);
  });

function describe({ scopes, expiresAt, revokedAt }: Pick<Key, 'scopes' | 'expiresAt' | 'revokedAt'>): string {
  const until = expiresAt === null ? 'never expires' : `expires ${expiresAt}`;
  return `scope ${scopes.join(', ')}, ${revokedAt === null ? until : `revoked ${revokedAt}`}`;
}
