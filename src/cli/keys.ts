/** `summit-facts keys create|list|revoke` */
import { type ApiKey, createKey, listKeys, revokeKey, type Scope } from '../store/api-keys.ts';
import { CommandError } from './errors.ts';
import { NEVER } from './expiry.ts';
import { createOutput } from './output.ts';
import { withExistingStore, withReadOnlyStore, withStore } from './store.ts';

export interface CreateKeyOptions {
  name: string;
  scope: Scope[];
  /** An instant, or `never`. */
  expires: string;
  json?: boolean;
}

export const runCreateKey = ({ name, scope, expires, json = false }: CreateKeyOptions): Promise<void> =>
  withStore(async (store) => {
    const created = await createKey(store, {
      name,
      scopes: [...new Set(scope)],
      expiresAt: expires === NEVER ? null : expires,
    });
    const { id, key, scopes, expiresAt } = created;
    const output = createOutput({ json });
    // Standard output has only the key, so that a script can read it.
    output.writeLine(key);
    output.writeJson({ id, key, scopes, expiresAt });
    process.stderr.write(
      `Created key ${id} for ${name}, ${describeKey(created)}. The key will not be shown again.\n`,
    );
  });

export const runListKeys = (options: { json?: boolean }): Promise<void> =>
  withReadOnlyStore(async (store) => {
    const keys = await store.read(listKeys);
    const output = createOutput(options);
    for (const key of keys)
      output.writeLine(`${key.id}  ${key.name}, ${describeKey(key)}, created ${key.createdAt}`);
    if (keys.length === 0) output.writeLine('no keys');
    output.writeJson(keys);
  });

export const runRevokeKey = (id: string, options: { json?: boolean }): Promise<void> =>
  withExistingStore(async (store) => {
    const key = await revokeKey(store, id);
    if (!key)
      throw new CommandError(`Key ${id} not found; "summit-facts keys list" shows the ids of all keys`);
    const output = createOutput(options);
    output.writeLine(`${key.id} of ${key.name} was revoked ${key.revokedAt}`);
    output.writeJson(key);
  });

function describeKey({
  scopes,
  expiresAt,
  revokedAt,
}: Pick<ApiKey, 'scopes' | 'expiresAt' | 'revokedAt'>): string {
  const expiryText = expiresAt === null ? 'never expires' : `expires ${expiresAt}`;
  return `scope ${scopes.join(', ')}, ${revokedAt === null ? expiryText : `revoked ${revokedAt}`}`;
}
