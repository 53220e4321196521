import { describe, expect, it } from 'vitest';
import { createImportQueue, MAX_JOBS, runJob } from '../../../../src/workers/import-queue.ts';
import { createApp, get, type Json } from '../../../support/app.ts';
import {
  buildCorrectedDossier,
  buildSampleDossier,
  DOSSIER_PATH,
  SAMPLE_TEXT,
  setUpWriteApi,
} from '../../../support/write-api.ts';

const api = setUpWriteApi();

describe('PUT', () => {
  it('creates and replaces a dossier, and returns the changes; the author is the name of the key', async () => {
    const created = await api.send(`${DOSSIER_PATH}?note=First%20report`, buildSampleDossier());
    expect([created.status, created.body]).toMatchObject([
      201,
      {
        id: 'riga-2031-05-02',
        action: 'created',
        revision: 1,
        modified: [],
        retracted: [],
        unchanged: 0,
        links: { self: DOSSIER_PATH, revision: '/v1/revisions/1' },
      },
    ]);
    expect(created.body.added.map(({ links }: Json) => links.self)).toEqual([
      '/v1/documents/riga-2031-05-02',
      '/v1/events/riga-meeting',
      '/v1/people/ilze-abele',
    ]);
    expect(created.headers['etag']).toBe(await api.fetchEtag());
    const url = `${DOSSIER_PATH}?note=It%20was%20called%20otherwise&reviewer=Ilze`;
    const replacement = await api.send(url, buildCorrectedDossier(), {
      'if-match': created.headers['etag'] as string,
    });
    expect([replacement.status, replacement.body]).toMatchObject([
      200,
      {
        action: 'replaced',
        revision: 2,
        added: [],
        modified: [{ type: 'event', id: 'riga-meeting', label: 'Talks in Riga', cause: 'correction' }],
        unchanged: 2,
      },
    ]);
    expect((await get(api.app, '/v1/revisions/2')).body).toMatchObject({
      author: 'a newsroom that may write',
      reviewer: 'Ilze',
      note: 'It was called otherwise',
      action: 'import',
    });
    expect((await get(api.app, '/v1/corrections')).body.data[0].reason).toBe('It was called otherwise');
  });

  it('accepts a body without text if the text is stored, and replaces the text', async () => {
    const { text: _, ...without } = buildSampleDossier();
    const missing = await api.send(DOSSIER_PATH, without);
    expect([missing.status, missing.body.errors]).toMatchObject([
      422,
      [{ pointer: '/text', code: 'text-missing' }],
    ]);
    expect(missing.body.errors).toHaveLength(1);
    const { document: ___, ...incomplete } = without;
    const { body } = await api.send(DOSSIER_PATH, { ...incomplete, txt: SAMPLE_TEXT });
    expect(body.errors.map(({ pointer, code }: Json) => [pointer, code])).toEqual([
      ['/text', 'text-missing'],
      ['/document', 'invalid-field'],
      ['/txt', 'unknown-field'],
    ]);
    await api.send(DOSSIER_PATH, buildSampleDossier());
    const { text: __, ...otherwise } = buildCorrectedDossier();
    const url = `${DOSSIER_PATH}?note=Otherwise`;
    expect((await api.send(url, otherwise, { 'if-match': '*' })).status).toBe(200);
    expect((await get(api.app, DOSSIER_PATH)).body.text).toBe(SAMPLE_TEXT);
    const longer = `${SAMPLE_TEXT}Nobody else came.\n`;
    const uncovered = [{ quote: 'Nobody else came', reason: 'No fact' }];
    expect((await api.send(url, { ...otherwise, text: longer, uncovered }, { 'if-match': '*' })).status).toBe(
      200,
    );
    expect((await get(api.app, DOSSIER_PATH)).body).toMatchObject({ text: longer, uncovered });
  });

  it('says which ETag to send if a proxy that compresses has changed it', async () => {
    const etag = String((await api.send(DOSSIER_PATH, buildSampleDossier())).headers['etag']);
    const put = (ifMatch: string) => api.send(DOSSIER_PATH, buildCorrectedDossier(), { 'if-match': ifMatch });
    const withSuffix = (suffix: string) => `${etag.slice(0, -1)}${suffix}"`;
    for (const marked of [`W/${etag}`, `"old", W/${etag}`, `W/${withSuffix('-br')}`, withSuffix('--gzip')]) {
      const { status, body } = await put(marked);
      expect([marked, status]).toEqual([marked, 412]);
      expect(body.detail).toContain(`If-Match: ${marked} cannot be used`);
      expect(body.detail).toContain(`has not changed, so send If-Match: ${etag}`);
    }
    expect((await put('W/"old"')).body.detail).toContain(`whose ETag is ${etag} now`);
    expect((await put('W/"old"')).body.detail).toContain('without W/');
    expect((await put('"old"')).body.detail).not.toContain('W/');
    // These pass the precondition, and are then refused because the dossier gives no reason.
    for (const matching of [`W/${etag}, ${etag}`, withSuffix('-br'), withSuffix('-gzip')])
      expect([matching, (await put(matching)).status]).toEqual([matching, 409]);
  });

  it('checks in this order: key, equal dossier (200), missing If-Match, stale ETag, problems or conflict', async () => {
    const first = await api.send(DOSSIER_PATH, buildSampleDossier());
    const bad = buildSampleDossier({ facts: 'none' });
    const past = '"an-etag-of-before"';
    expect((await api.send(DOSSIER_PATH, bad, { key: null })).status).toBe(401);
    expect((await api.send(DOSSIER_PATH, bad, { key: await api.createKeyWithScopes('read') })).status).toBe(
      403,
    );
    expect((await api.send(DOSSIER_PATH, buildSampleDossier())).status).toBe(200);
    expect((await api.send(DOSSIER_PATH, bad)).body.code).toBe('precondition-required');
    expect((await api.send(DOSSIER_PATH, buildSampleDossier(), { 'if-match': past })).status).toBe(200);
    expect((await api.send(DOSSIER_PATH, buildCorrectedDossier(), { 'if-match': past })).status).toBe(412);
    expect((await api.send(DOSSIER_PATH, bad, { 'if-match': past })).status).toBe(412);
    expect(
      (await api.send(DOSSIER_PATH, buildCorrectedDossier(), { 'if-match': `W/${first.headers['etag']}` }))
        .status,
    ).toBe(412);
    expect((await api.send(DOSSIER_PATH, buildCorrectedDossier(), { 'if-none-match': '*' })).status).toBe(
      412,
    );
    expect((await api.send(DOSSIER_PATH, bad, { 'if-match': first.headers['etag'] as string })).status).toBe(
      422,
    );
    const silent = await api.send(DOSSIER_PATH, buildCorrectedDossier(), {
      'if-match': first.headers['etag'] as string,
    });
    expect([silent.status, silent.body.errors]).toMatchObject([
      409,
      [{ pointer: '/facts/0', code: 'reason-missing' }],
    ]);
    expect((await api.send('/v1/dossiers/missing', buildSampleDossier(), { 'if-match': '*' })).status).toBe(
      412,
    );
    expect((await get(api.app, '/v1/revisions')).body.data).toHaveLength(1);
  });

  it('rejects a dossier that leaves out a fact, and accepts it with a retraction', async () => {
    await api.send(DOSSIER_PATH, buildSampleDossier());
    const { facts, ...rest } = buildSampleDossier();
    const uncovered = [{ quote: 'Ilze Ābele spoke', reason: 'Somebody else' }];
    const left = { ...rest, facts: facts.slice(0, 1), uncovered, retractions: [] as object[] };
    const conflict = await api.send(DOSSIER_PATH, left, { 'if-match': '*' });
    expect([conflict.status, conflict.body.errors]).toMatchObject([
      409,
      [{ pointer: '/facts', code: 'fact-left-out', detail: expect.stringContaining('person/ilze-abele') }],
    ]);
    left.retractions = [{ fact: 'person/ilze-abele', reason: 'Somebody else' }];
    const accepted = await api.send(DOSSIER_PATH, left, { 'if-match': '*' });
    expect([accepted.status, accepted.body.retracted]).toMatchObject([
      200,
      [{ id: 'ilze-abele', cause: 'retraction' }],
    ]);
  });

  it.each<[string, unknown, string | undefined, number, string]>([
    ['invalid UTF-8', Buffer.from([0x66, 0xff]), 'application/yaml', 400, 'invalid-request'],
    ['invalid JSON', Buffer.from('{"document":'), 'application/json', 422, 'invalid-json'],
    ['a duplicate key', Buffer.from('{"facts":[],"facts":[]}'), 'application/json', 422, 'invalid-json'],
    [
      'a number that would lose digits',
      Buffer.from('{"facts":[12345678901234567890]}'),
      'application/json',
      422,
      'invalid-json',
    ],
    ['incomplete JSON', Buffer.from('['.repeat(200_000)), 'application/json', 422, 'invalid-json'],
    ['incomplete YAML', '['.repeat(200_000), undefined, 422, 'invalid-yaml'],
    ...[100, 10_000, 30_000].flatMap((depth): [string, Buffer, string, number, string][] => {
      const nested = `{"document":${'['.repeat(depth)}${']'.repeat(depth)},"facts":[],"text":"a"}`;
      return [
        [`JSON ${depth} levels deep`, Buffer.from(nested), 'application/json', 422, 'invalid-json'],
        [`YAML ${depth} levels deep`, Buffer.from(nested), 'application/yaml', 422, 'invalid-yaml'],
      ];
    }),
    ['a key that is an alias', 'document: {title: &t title, *t : other}', undefined, 422, 'invalid-yaml'],
    ['a merge key', 'a: &a {b: 1}\n? !!merge <<\n: *a\n', undefined, 422, 'invalid-yaml'],
    ['a comment in JSON', Buffer.from('{"facts":[] /* none */}'), 'application/json', 422, 'invalid-json'],
    ['invalid YAML', 'facts: [', undefined, 422, 'invalid-yaml'],
    ['a list', '- facts', undefined, 422, 'invalid-field'],
    ['a text that is not a string', 'text: 5', undefined, 422, 'invalid-field'],
    ['an empty body', '', undefined, 400, 'invalid-request'],
    ['an unsupported media type', 'a,b', 'text/csv', 415, 'unsupported-media-type'],
    [
      'half of a surrogate pair',
      '{"text":"\\ud800","document":{},"facts":[]}',
      'application/json',
      422,
      'invalid-text',
    ],
  ])('rejects %s', async (_, body, type, status, code) => {
    const response = await api.send(DOSSIER_PATH, body, { type });
    expect([response.status, response.body.errors?.[0]?.code ?? response.body.code]).toEqual([status, code]);
    expect((await get(api.app, '/v1/revisions')).body.data).toEqual([]);
  });

  it('requires If-Match to overwrite or delete', async () => {
    await api.send(DOSSIER_PATH, buildSampleDossier());
    for (const tag of ['"another"', `"x", "y"`]) {
      expect((await api.send(DOSSIER_PATH, buildCorrectedDossier(), { 'if-none-match': tag })).status).toBe(
        428,
      );
      const removal = { method: 'DELETE', 'if-none-match': tag } as const;
      expect((await api.send(`${DOSSIER_PATH}?reason=x`, undefined, removal)).status).toBe(428);
    }
    expect((await get(api.app, '/v1/revisions')).body.data).toHaveLength(1);
  });

  it('reports a failed precondition before an invalid body', async () => {
    await api.send(DOSSIER_PATH, buildSampleDossier());
    for (const body of [Buffer.from([0xff]), Buffer.from('{'), buildSampleDossier({ facts: 'none' })]) {
      const type = 'application/json';
      expect((await api.send(DOSSIER_PATH, body, { type, 'if-match': '"past"' })).status).toBe(412);
      expect((await api.send(DOSSIER_PATH, body, { type })).status).toBe(428);
    }
  });

  it('returns 200 for the same request again, with or without conditions, and 428 for another body', async () => {
    const first = await api.send(DOSSIER_PATH, buildSampleDossier());
    expect([first.status, first.body.action]).toEqual([201, 'created']);
    for (const headers of [
      {},
      { 'if-match': '"past"' },
      { 'if-none-match': '*' },
      { 'if-none-match': '"x"' },
    ]) {
      const again = await api.send(DOSSIER_PATH, buildSampleDossier(), headers);
      expect([again.status, again.body.action, again.body.revision]).toEqual([200, 'none', 1]);
      expect(again.headers['etag']).toBe(first.headers['etag']);
    }
    const { text: _, ...withoutText } = buildSampleDossier();
    expect((await api.send(DOSSIER_PATH, withoutText)).status).toBe(200);
    for (const body of [buildCorrectedDossier(), buildSampleDossier({}, `${SAMPLE_TEXT} `)])
      expect((await api.send(DOSSIER_PATH, body)).status).toBe(428);
    expect((await get(api.app, '/v1/revisions')).body.data).toHaveLength(1);
  });

  it('creates one revision for two equal requests at once', async () => {
    const responses = await Promise.all([
      api.send(DOSSIER_PATH, buildSampleDossier()),
      api.send(DOSSIER_PATH, buildSampleDossier()),
    ]);
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect((await get(api.app, '/v1/revisions')).body.data).toHaveLength(1);
  });

  it('rejects requests beyond the queue limit with Retry-After, and accepts the others', async () => {
    const gate = Promise.withResolvers<void>();
    const importQueue = createImportQueue(async (job) => {
      await gate.promise;
      return runJob(api.store, job);
    });
    api.app = await createApp(api.store, { importQueue });
    const pendingResponses = Array.from({ length: MAX_JOBS + 5 }, (_, n) => {
      const id = `riga-${n}`;
      const empty = buildSampleDossier({
        id,
        facts: [],
        uncovered: [{ quote: SAMPLE_TEXT, reason: 'A test' }],
      });
      return api.send(`/v1/dossiers/${id}`, empty);
    });
    // The accepted jobs finish only after all other requests have been rejected.
    const refusedResponses: Awaited<ReturnType<typeof api.send>>[] = [];
    for (const pendingResponse of pendingResponses) {
      pendingResponse.then((each) => {
        if (refusedResponses.push(each) === 5) gate.resolve();
      });
    }
    await gate.promise;
    for (const { status, body, headers } of refusedResponses.slice(0, 5)) {
      expect([status, body.code, headers['retry-after']]).toEqual([503, 'imports-full', '2']);
    }
    const statuses = (await Promise.all(pendingResponses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(MAX_JOBS);
    expect(statuses.filter((status) => status === 503)).toHaveLength(5);
    expect((await get(api.app, '/v1/revisions')).body.data).toHaveLength(MAX_JOBS);
  });
});
