import { describe, expect, it } from 'vitest';
import { readDossier } from '../../../../src/dossier/files.ts';
import { redactDocument } from '../../../../src/store/import/redact.ts';
import { createKey, revokeKey } from '../../../../src/store/queries/api-keys.ts';
import { get, importInto, type Json } from '../../../support/app.ts';
import { SHARED_DOSSIERS } from '../../../support/dossier-builder.ts';
import { newsroom, PATH, renamed, riga, TEXT } from '../../../support/write-api.ts';

const room = newsroom();

describe('GET', () => {
  it('has an ETag of its own that only the dossier changes, and says 304', async () => {
    await room.send(PATH, riga());
    const tag = await room.tagOf();
    await room.send('/v1/dossiers/other', {
      ...riga({ id: 'other', facts: [], uncovered: [{ quote: TEXT, reason: 'A test' }] }),
    });
    expect(await room.tagOf()).toBe(tag);
    const again = await get(room.app, `${PATH}.yaml`, { 'if-none-match': tag });
    expect([again.status, again.body]).toEqual([304, '']);
    await room.send(`${PATH}?note=x`, renamed(), { 'if-match': tag });
    expect(await room.tagOf()).not.toBe(tag);
    expect(await room.tagOf(`${PATH}?asOf=1`)).toBe(tag);
    expect((await get(room.app, `${PATH}?asOf=1`)).body.facts[0].name).toBe('Meeting in Riga');
    expect((await room.app.inject({ method: 'HEAD', url: PATH })).headers['etag']).toBe(await room.tagOf());
  });

  it('gives dossiers and texts marked excerpts only to keys, and to no shared cache', async () => {
    const rights = { statement: 'Excerpts only', display: 'excerpts' };
    await room.send(PATH, riga({ document: { rights } }));
    const urls = [PATH, `${PATH}.yaml`, '/v1/documents/riga-2031-05-02/text', `${PATH}?asOf=1`];
    const reader = await createKey(room.store, { name: 'a reader', scopes: ['read'], expiresAt: null });
    for (const url of urls) {
      const anonymous = await get(room.app, url);
      expect([anonymous.status, anonymous.headers['www-authenticate']]).toEqual([
        401,
        'Bearer realm="Summit Facts"',
      ]);
      expect(JSON.stringify(anonymous.body)).not.toContain('met in Riga');
      for (const by of [reader.key, room.key]) {
        const { status, headers } = await get(room.app, url, { authorization: `bearer ${by}` });
        expect([status, headers['cache-control'], headers['vary']]).toEqual([
          200,
          'private, no-cache',
          'Authorization',
        ]);
      }
    }
    const text = '/v1/documents/riga-2031-05-02/text';
    const { headers: known } = await get(room.app, text, { authorization: `Bearer ${reader.key}` });
    const copy = { 'if-none-match': known['etag'] as string };
    expect((await get(room.app, text, { ...copy, authorization: `Bearer ${reader.key}` })).status).toBe(304);
    expect((await get(room.app, text, copy)).status).toBe(401);
    await revokeKey(room.store, reader.id);
    expect((await get(room.app, text, { ...copy, authorization: `Bearer ${reader.key}` })).status).toBe(401);
    const refused = await get(room.app, PATH, { authorization: `Bearer ${reader.key}` });
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="Summit Facts", error="invalid_token"',
    ]);
  });

  it('pages through the list', async () => {
    for (const folder of SHARED_DOSSIERS) await importInto(room.store, readDossier(folder));
    const { body } = await get(room.app, '/v1/dossiers?limit=2');
    const { body: rest } = await get(room.app, body.links.next);
    const ids = [...body.data, ...rest.data].map(({ id }: Json) => id);
    expect(ids).toEqual(SHARED_DOSSIERS.map((folder) => folder.split('/').at(-1)));
    expect((await get(room.app, '/v1/dossiers?asOf=1')).body.data).toHaveLength(1);
    expect(body.data[0]).toMatchObject({ revision: 1, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});

describe('a dossier of which the text was redacted', () => {
  it('is read no more, and taken no more, but can be deleted', async () => {
    const { headers } = await room.send(PATH, riga());
    await redactDocument(room.store, 'riga-2031-05-02', { author: 'a lawyer', reason: 'Court order' });
    for (const url of [PATH, `${PATH}.yaml`, `${PATH}?asOf=1`]) {
      const {
        status,
        body,
        headers: told,
      } = await get(room.app, url, { 'if-none-match': headers['etag'] as string });
      expect([status, body.code, body.detail, told['etag']]).toEqual([
        451,
        'redacted',
        'The text of riga-2031-05-02 was redacted by revision 2: Court order',
        undefined,
      ]);
    }
    expect((await get(room.app, '/v1/dossiers')).body.data).toHaveLength(1);
    const { text: _, ...without } = riga();
    for (const body of [riga(), without, renamed()]) {
      const { status, body: told } = await room.send(PATH, body, { 'if-match': headers['etag'] as string });
      expect([status, told.errors[0].code]).toEqual([409, 'redacted-text']);
      const { body: verdict } = await room.send(`${PATH}/check`, body, { method: 'POST' });
      expect(verdict.problems).toMatchObject([{ code: 'redacted-text' }]);
    }
    const gone = await room.send(`${PATH}?reason=All`, undefined, { method: 'DELETE', 'if-match': '*' });
    expect([gone.status, gone.body.retracted.length]).toEqual([200, 3]);
    expect((await room.send(PATH, riga())).status).toBe(409);
  });
});
