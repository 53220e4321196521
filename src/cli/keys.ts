/** `summit-facts keys create|list|revoke` */
import { createKey, type Key, listKeys, revokeKey, type Scope } from '../store/queries/api-keys.ts';
import { Refused } from './errors.ts';
import { NEVER } from './expiry.ts';
import { outputFor } from './output.ts';
import { withStore, withStoreThere } from './store.ts';

export interface NewKey {
  name: string;
  scope: Scope[];
  /** An instant, or `never`. */
  expires: string;
  json?: boolean;
}

export const createKeyFor = ({ name, scope, expires, json = false }: NewKey): Promise<void> =>
  withStore(async (store) => {
    const made = await createKey(store, {
      name,
      scopes: [...new Set(scope)],
      expiresAt: expires === NEVER ? null : expires,
    });
    const { id, key, scopes, expiresAt } = made;
    const output = outputFor({ json });
    // The key alone, so that a script can take it.
    output.line(key);
    output.document({ id, key, scopes, expiresAt });
    process.stderr.write(`The key ${id} of ${name}, ${describe(made)}. It is shown this once.\n`);
  });

export const printKeys = (options: { json?: boolean }): Promise<void> =>
  withStoreThere(async (store) => {
    const keys = await store.read(listKeys);
    const output = outputFor(options);
    for (const key of keys) output.line(`${key.id}  ${key.name}, ${describe(key)}, made ${key.createdAt}`);
    if (keys.length === 0) output.line('there are no keys');
    output.document(keys);
  });

export const revoke = (id: string, options: { json?: boolean }): Promise<void> =>
  withStoreThere(async (store) => {
    const key = await revokeKey(store, id);
    if (!key) throw new Refused(`There is no key ${id}; "summit-facts keys list" shows those there are`);
    const output = outputFor(options);
    output.line(`${key.id} of ${key.name} was revoked ${key.revokedAt}`);
    output.document(key);
  });

function describe({ scopes, expiresAt, revokedAt }: Pick<Key, 'scopes' | 'expiresAt' | 'revokedAt'>): string {
  const until = expiresAt === null ? 'never expires' : `expires ${expiresAt}`;
  return `scope ${scopes.join(', ')}, ${revokedAt === null ? until : `revoked ${revokedAt}`}`;
}
