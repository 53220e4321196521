import { describe, expect, it } from 'vitest';
import { get } from '../../../support/app.ts';
import {
  buildCorrectedDossier,
  buildSampleDossier,
  DOSSIER_PATH,
  SAMPLE_TEXT,
  type SendOptions,
  setUpWriteApi,
} from '../../../support/write-api.ts';

const api = setUpWriteApi();

describe('POST check', () => {
  it('returns the changes and problems of an import, and writes nothing', async () => {
    const check = (body: unknown, query = '') =>
      api.send(`${DOSSIER_PATH}/check${query}`, body, { method: 'POST' }).then((response) => response.body);
    expect(await check(buildSampleDossier())).toMatchObject({
      added: [{ id: 'riga-2031-05-02' }, { id: 'riga-meeting' }, { id: 'ilze-abele' }],
      modified: [],
      problems: [],
    });
    await api.send(DOSSIER_PATH, buildSampleDossier());
    expect(await check(buildSampleDossier())).toEqual({
      added: [],
      modified: [],
      retracted: [],
      unchanged: 3,
      problems: [],
      problemCount: 0,
    });
    expect(await check(buildCorrectedDossier())).toMatchObject({
      problems: [{ code: 'reason-missing', pointer: '/facts/0' }],
    });
    expect(await check(buildCorrectedDossier('Talks', undefined), '?note=So')).toMatchObject({
      modified: [{ id: 'riga-meeting', label: 'Talks', cause: 'correction' }],
      unchanged: 2,
      problems: [],
    });
    const { facts, ...rest } = buildSampleDossier();
    expect(await check({ ...rest, facts: [] })).toMatchObject({
      problems: [{ code: 'uncovered-sentence' }, { code: 'uncovered-sentence' }],
    });
    expect(
      (
        await check({
          ...rest,
          facts: facts.slice(0, 1),
          uncovered: [{ quote: 'Ilze Ābele spoke', reason: 'x' }],
        })
      ).problems,
    ).toMatchObject([{ code: 'fact-left-out' }]);
    expect((await get(api.app, '/v1/revisions')).body.data).toHaveLength(1);
    expect(
      (await api.send(`${DOSSIER_PATH}/check`, buildSampleDossier(), { method: 'POST', key: null })).status,
    ).toBe(401);
  });
});

describe('DELETE', () => {
  const remove = (query: string, headers: SendOptions = {}) =>
    api.send(`${DOSSIER_PATH}${query}`, undefined, { method: 'DELETE', ...headers });

  it('retracts the facts with the reason, and allows the dossier to be imported again', async () => {
    expect((await remove('?reason=x', { 'if-match': '*' })).status).toBe(404);
    const first = await api.send(DOSSIER_PATH, buildSampleDossier());
    expect((await remove('?reason=x', { key: null })).status).toBe(401);
    expect((await remove('', { 'if-match': '*' })).body.errors).toMatchObject([
      { parameter: 'reason', code: 'missing-parameter' },
    ]);
    expect((await remove('?reason=x')).status).toBe(428);
    expect((await remove('?reason=x', { 'if-match': '"another"' })).status).toBe(412);
    const deletion = await remove('?reason=Invented', { 'if-match': first.headers['etag'] as string });
    expect([deletion.status, deletion.body]).toMatchObject([
      200,
      { action: 'deleted', revision: 2, unchanged: 0 },
    ]);
    expect(deletion.body.retracted).toHaveLength(3);
    expect((await get(api.app, '/v1/events')).body.data).toEqual([]);
    expect((await get(api.app, '/v1/people/ilze-abele')).body.retracted).toEqual({
      revision: 2,
      reason: 'Invented',
    });
    expect((await get(api.app, '/v1/documents/riga-2031-05-02/text')).body).toBe(SAMPLE_TEXT);
    expect((await get(api.app, '/v1/documents/riga-2031-05-02/coverage')).status).toBe(200);
    expect((await get(api.app, DOSSIER_PATH)).status).toBe(404);
    expect((await get(api.app, `${DOSSIER_PATH}?asOf=1`)).status).toBe(200);
    expect((await get(api.app, '/v1/dossiers')).body.data).toEqual([]);
    expect((await get(api.app, '/v1/revisions/2')).body).toMatchObject({
      action: 'delete',
      note: 'Invented',
    });
    const back = await api.send(DOSSIER_PATH, buildSampleDossier());
    expect([back.status, back.body.action, back.body.added.length]).toEqual([201, 'created', 3]);
    expect(back.headers['etag']).not.toBe(first.headers['etag']);
    expect((await get(api.app, '/v1/people/ilze-abele')).body.retracted).toBeUndefined();
  });
});
