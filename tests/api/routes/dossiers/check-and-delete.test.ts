import { describe, expect, it } from 'vitest';
import { get } from '../../../support/app.ts';
import { newsroom, PATH, renamed, riga, type Sending, TEXT } from '../../../support/write-api.ts';

const room = newsroom();

describe('POST check', () => {
  it('says what an import would do, and writes nothing', async () => {
    const check = (body: unknown, query = '') =>
      room.send(`${PATH}/check${query}`, body, { method: 'POST' }).then((answer) => answer.body);
    expect(await check(riga())).toMatchObject({
      added: [{ id: 'riga-2031-05-02' }, { id: 'riga-meeting' }, { id: 'ilze-abele' }],
      modified: [],
      problems: [],
    });
    await room.send(PATH, riga());
    expect(await check(riga())).toEqual({
      added: [],
      modified: [],
      retracted: [],
      unchanged: 3,
      problems: [],
      problemCount: 0,
    });
    expect(await check(renamed())).toMatchObject({
      problems: [{ code: 'reason-missing', pointer: '/facts/0' }],
    });
    expect(await check(renamed('Talks', undefined), '?note=So')).toMatchObject({
      modified: [{ id: 'riga-meeting', label: 'Talks', cause: 'correction' }],
      unchanged: 2,
      problems: [],
    });
    const { facts, ...rest } = riga();
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
    expect((await get(room.app, '/v1/revisions')).body.data).toHaveLength(1);
    expect((await room.send(`${PATH}/check`, riga(), { method: 'POST', key: null })).status).toBe(401);
  });
});

describe('DELETE', () => {
  const remove = (query: string, headers: Sending = {}) =>
    room.send(`${PATH}${query}`, undefined, { method: 'DELETE', ...headers });

  it('retracts the facts with the reason, and the dossier can come back', async () => {
    expect((await remove('?reason=x', { 'if-match': '*' })).status).toBe(404);
    const first = await room.send(PATH, riga());
    expect((await remove('?reason=x', { key: null })).status).toBe(401);
    expect((await remove('', { 'if-match': '*' })).body.errors).toMatchObject([
      { parameter: 'reason', code: 'missing-parameter' },
    ]);
    expect((await remove('?reason=x')).status).toBe(428);
    expect((await remove('?reason=x', { 'if-match': '"another"' })).status).toBe(412);
    const gone = await remove('?reason=Invented', { 'if-match': first.headers['etag'] as string });
    expect([gone.status, gone.body]).toMatchObject([200, { action: 'deleted', revision: 2, unchanged: 0 }]);
    expect(gone.body.retracted).toHaveLength(3);
    expect((await get(room.app, '/v1/events')).body.data).toEqual([]);
    expect((await get(room.app, '/v1/people/ilze-abele')).body.retracted).toEqual({
      revision: 2,
      reason: 'Invented',
    });
    expect((await get(room.app, '/v1/documents/riga-2031-05-02/text')).body).toBe(TEXT);
    expect((await get(room.app, '/v1/documents/riga-2031-05-02/coverage')).status).toBe(200);
    expect((await get(room.app, PATH)).status).toBe(404);
    expect((await get(room.app, `${PATH}?asOf=1`)).status).toBe(200);
    expect((await get(room.app, '/v1/dossiers')).body.data).toEqual([]);
    expect((await get(room.app, '/v1/revisions/2')).body).toMatchObject({
      action: 'delete',
      note: 'Invented',
    });
    const back = await room.send(PATH, riga());
    expect([back.status, back.body.action, back.body.added.length]).toEqual([201, 'created', 3]);
    expect(back.headers['etag']).not.toBe(first.headers['etag']);
    expect((await get(room.app, '/v1/people/ilze-abele')).body.retracted).toBeUndefined();
  });
});
