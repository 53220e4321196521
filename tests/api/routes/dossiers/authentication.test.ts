import { describe, expect, it } from 'vitest';
import { createKey, revokeKey } from '../../../../src/store/api-keys.ts';
import { createApp } from '../../../support/app.ts';
import { buildSampleDossier, DOSSIER_PATH, setUpWriteApi } from '../../../support/write-api.ts';

const api = setUpWriteApi();

describe('API keys', () => {
  it('count against the rate limit when they are unknown', async () => {
    api.app = await createApp(api.store, { rateLimitPerMinute: 3 });
    const unknownKey = { method: 'POST', key: `sf_000000000000_${'x'.repeat(43)}` } as const;
    const statuses = [];
    for (let n = 0; n < 5; n += 1)
      statuses.push((await api.send(`${DOSSIER_PATH}/check`, buildSampleDossier(), unknownKey)).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });

  it('are accepted until they expire or are revoked, and only if every character matches', async () => {
    const expiresSoon = new Date(Date.now() + 60_000).toISOString();
    const past = new Date(Date.now() - 1).toISOString();
    const createExpiringKey = (expiresAt: string) =>
      createKey(api.store, { name: 'x', scopes: ['write'], expiresAt });
    const good = await createExpiringKey(expiresSoon);
    const invalidKey = good.key.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const checkKey = async (key: string) =>
      (await api.send(`${DOSSIER_PATH}/check`, buildSampleDossier(), { method: 'POST', key })).status;
    expect(await checkKey(good.key)).toBe(200);
    expect(await checkKey((await createExpiringKey(past)).key)).toBe(401);
    expect(await checkKey(invalidKey)).toBe(401);
    expect(await checkKey(good.key.replace(/^sf_\w{12}/, 'sf_000000000000'))).toBe(401);
    await revokeKey(api.store, good.id);
    expect(await checkKey(good.key)).toBe(401);
  });

  it('are stored only as a hash', async () => {
    const { key: made } = await createKey(api.store, { name: 'x', scopes: ['write'], expiresAt: null });
    const rows = await api.store.read((db) => db.selectFrom('key').selectAll().execute());
    expect(JSON.stringify(rows)).not.toContain(made.slice('sf_000000000000_'.length));
    expect(rows[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });
});
