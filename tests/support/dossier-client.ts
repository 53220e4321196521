/** Client that writes dossiers over the network. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import type { DossierFiles } from '../../src/dossier/validate.ts';
import { createKey } from '../../src/store/api-keys.ts';
import type { Store } from '../../src/store/open.ts';
import type { Json } from './app.ts';

/** Creates an API key with the scope `write`. */
export const createWriteKey = async (store: Store): Promise<string> =>
  (await createKey(store, { name: 'a newsroom', scopes: ['write'], expiresAt: null })).key;

/** Imports a new dossier; retries on 503 and throws on any other error. */
export async function putDossier(
  server: string,
  key: string,
  { id, facts, source }: DossierFiles,
): Promise<Json> {
  for (;;) {
    const response = await fetch(`${server}/v1/dossiers/${id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...parse(facts), text: source }),
    });
    const body = (await response.json()) as Json;
    if (response.status === 201) return body;
    if (response.status !== 503) throw new Error(`PUT ${id}: ${response.status} ${JSON.stringify(body)}`);
    await sleep(Number(response.headers.get('retry-after')) * 100);
  }
}
