import { describe, expect, it } from 'vitest';
import { readDossier } from '../../../../src/dossier/files.ts';
import { createKey, revokeKey } from '../../../../src/store/api-keys.ts';
import { redactDocument } from '../../../../src/store/import/redact.ts';
import { get, importInto, type Json } from '../../../support/app.ts';
import { SAMPLE_DOSSIER_FOLDERS } from '../../../support/dossier-builder.ts';
import {
  buildCorrectedDossier,
  buildSampleDossier,
  DOSSIER_PATH,
  SAMPLE_TEXT,
  setUpWriteApi,
} from '../../../support/write-api.ts';

const api = setUpWriteApi();

describe('GET', () => {
  it('returns an ETag that changes only with the dossier, and 304 for a match', async () => {
    await api.send(DOSSIER_PATH, buildSampleDossier());
    const tag = await api.fetchEtag();
    await api.send('/v1/dossiers/other', {
      ...buildSampleDossier({
        id: 'other',
        facts: [],
        uncovered: [{ quote: SAMPLE_TEXT, reason: 'A test' }],
      }),
    });
    expect(await api.fetchEtag()).toBe(tag);
    const notModified = await get(api.app, `${DOSSIER_PATH}.yaml`, { 'if-none-match': tag });
    expect([notModified.status, notModified.body]).toEqual([304, '']);
    await api.send(`${DOSSIER_PATH}?note=x`, buildCorrectedDossier(), { 'if-match': tag });
    expect(await api.fetchEtag()).not.toBe(tag);
    expect(await api.fetchEtag(`${DOSSIER_PATH}?asOf=1`)).toBe(tag);
    expect((await get(api.app, `${DOSSIER_PATH}?asOf=1`)).body.facts[0].name).toBe('Meeting in Riga');
    expect((await api.app.inject({ method: 'HEAD', url: DOSSIER_PATH })).headers['etag']).toBe(
      await api.fetchEtag(),
    );
  });

  it('requires a key for dossiers and texts marked excerpts, and keeps them out of shared caches', async () => {
    const rights = { statement: 'Excerpts only', display: 'excerpts' };
    await api.send(DOSSIER_PATH, buildSampleDossier({ document: { rights } }));
    const urls = [
      DOSSIER_PATH,
      `${DOSSIER_PATH}.yaml`,
      '/v1/documents/riga-2031-05-02/text',
      `${DOSSIER_PATH}?asOf=1`,
    ];
    const reader = await createKey(api.store, { name: 'a reader', scopes: ['read'], expiresAt: null });
    for (const url of urls) {
      const anonymous = await get(api.app, url);
      expect([anonymous.status, anonymous.headers['www-authenticate']]).toEqual([
        401,
        'Bearer realm="Summit Facts"',
      ]);
      expect(JSON.stringify(anonymous.body)).not.toContain('met in Riga');
      for (const key of [reader.key, api.key]) {
        const { status, headers } = await get(api.app, url, { authorization: `bearer ${key}` });
        expect([status, headers['cache-control'], headers['vary']]).toEqual([
          200,
          'private, no-cache',
          'Authorization, Accept-Encoding',
        ]);
      }
    }
    const text = '/v1/documents/riga-2031-05-02/text';
    const { headers: headersForReader } = await get(api.app, text, { authorization: `Bearer ${reader.key}` });
    const copy = { 'if-none-match': headersForReader['etag'] as string };
    expect((await get(api.app, text, { ...copy, authorization: `Bearer ${reader.key}` })).status).toBe(304);
    expect((await get(api.app, text, copy)).status).toBe(401);
    await revokeKey(api.store, reader.id);
    expect((await get(api.app, text, { ...copy, authorization: `Bearer ${reader.key}` })).status).toBe(401);
    const forbidden = await get(api.app, DOSSIER_PATH, { authorization: `Bearer ${reader.key}` });
    expect([forbidden.status, forbidden.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="Summit Facts", error="invalid_token"',
    ]);
  });

  it('paginates the list', async () => {
    for (const folder of SAMPLE_DOSSIER_FOLDERS) await importInto(api.store, readDossier(folder));
    const { body } = await get(api.app, '/v1/dossiers?limit=2');
    const { body: rest } = await get(api.app, body.links.next);
    const ids = [...body.data, ...rest.data].map(({ id }: Json) => id);
    expect(ids).toEqual(SAMPLE_DOSSIER_FOLDERS.map((folder) => folder.split('/').at(-1)));
    expect((await get(api.app, '/v1/dossiers?asOf=1')).body.data).toHaveLength(1);
    expect(body.data[0]).toMatchObject({ revision: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});

describe('a dossier whose text was redacted', () => {
  it('can be neither read nor imported, but deleted', async () => {
    const { headers } = await api.send(DOSSIER_PATH, buildSampleDossier());
    await redactDocument(api.store, 'riga-2031-05-02', { author: 'a lawyer', reason: 'Court order' });
    for (const url of [DOSSIER_PATH, `${DOSSIER_PATH}.yaml`, `${DOSSIER_PATH}?asOf=1`]) {
      const {
        status,
        body,
        headers: newHeaders,
      } = await get(api.app, url, { 'if-none-match': headers['etag'] as string });
      expect([status, body.code, body.detail, newHeaders['etag']]).toEqual([
        451,
        'redacted',
        'The text of riga-2031-05-02 was redacted by revision 2: Court order',
        undefined,
      ]);
    }
    expect((await get(api.app, '/v1/dossiers')).body.data).toHaveLength(1);
    const { text: _, ...without } = buildSampleDossier();
    for (const body of [buildSampleDossier(), without, buildCorrectedDossier()]) {
      const { status, body: result } = await api.send(DOSSIER_PATH, body, {
        'if-match': headers['etag'] as string,
      });
      expect([status, result.errors[0].code]).toEqual([409, 'redacted-text']);
      const { body: verdict } = await api.send(`${DOSSIER_PATH}/check`, body, { method: 'POST' });
      expect(verdict.problems).toMatchObject([{ code: 'redacted-text' }]);
    }
    const deletion = await api.send(`${DOSSIER_PATH}?reason=All`, undefined, {
      method: 'DELETE',
      'if-match': '*',
    });
    expect([deletion.status, deletion.body.retracted.length]).toEqual([200, 3]);
    expect((await api.send(DOSSIER_PATH, buildSampleDossier())).status).toBe(409);
  });
});
