import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readDossier } from '../../../../src/dossier/files.ts';
import { parseYaml } from '../../../../src/dossier/parse-yaml.ts';
import { parseSubmission } from '../../../../src/ingest/parse-submission.ts';
import { get, importInto, type Json, STORE_KIND } from '../../../support/app.ts';
import { SAMPLE_DOSSIER_FOLDERS } from '../../../support/dossier-builder.ts';
import { buildSampleDossier, DOSSIER_PATH, SAMPLE_TEXT, setUpWriteApi } from '../../../support/write-api.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
const api = setUpWriteApi();

describe('a request body', () => {
  it('in YAML is stored verbatim, without its text', async () => {
    const { text: _, ...dossier } = buildSampleDossier();
    const [head, facts] = [stringify({ document: dossier.document }), stringify({ facts: dossier.facts })];
    const block = SAMPLE_TEXT.split('\n')
      .slice(0, -1)
      .map((line) => `  ${line}\n`)
      .join('');
    const file = `# Who wrote it, and why\n${head}\n${facts}# The end\n`;
    for (const yaml of [
      `# Who wrote it, and why\n${head}text: |\n${block}\n${facts}# The end\n`,
      `# Who wrote it, and why\n${head}text: ${JSON.stringify(SAMPLE_TEXT)}\n\n${facts}# The end\n`,
      `text: |\n${block}# Who wrote it, and why\n${head}\n${facts}# The end\n`,
    ]) {
      const { status } = await api.send(DOSSIER_PATH, yaml, { 'if-none-match': '*' });
      expect([200, 201]).toContain(status);
      expect((await get(api.app, `${DOSSIER_PATH}.yaml`)).body).toBe(file);
      expect((await get(api.app, DOSSIER_PATH)).body.text).toBe(SAMPLE_TEXT);
    }
    expect((await get(api.app, '/v1/revisions')).body.data).toHaveLength(1);
  });

  it('from GET changes nothing', async () => {
    for (const folder of SAMPLE_DOSSIER_FOLDERS) await importInto(api.store, readDossier(folder));
    const { body } = await get(api.app, '/v1/dossiers');
    expect(body.data).toHaveLength(SAMPLE_DOSSIER_FOLDERS.length);
    for (const { links } of body.data) {
      const dossier = await get(api.app, links.self);
      expect(dossier.body.facts.length + dossier.body.corrects.length).toBeGreaterThan(0);
      const retried = await api.send(links.self, dossier.body, { 'if-match': '"another"' });
      expect([retried.status, retried.body.action]).toEqual([200, 'none']);
      const { body: yaml, headers } = await get(api.app, links.yaml);
      expect(headers['etag']).toBe(dossier.headers['etag']);
      const byYaml = await api.send(links.self, yaml, { 'if-match': '"another"' });
      expect([byYaml.status, byYaml.body.action, byYaml.body.revision]).toEqual([
        200,
        'none',
        retried.body.revision,
      ]);
    }
    expect((await get(api.app, '/v1/revisions')).body.data).toHaveLength(SAMPLE_DOSSIER_FOLDERS.length);
  });

  it('with problems is rejected with the pointer, line and column of each', async () => {
    const dossier = buildSampleDossier();
    dossier.facts[0].evidence[0].quote = 'Ministers met in Rigga';
    dossier.facts[1].colour = 'blue';
    dossier.text = `${SAMPLE_TEXT}Nobody else came.\n`;
    const json = await api.send(DOSSIER_PATH, dossier);
    expect([json.status, json.body.errors]).toEqual([
      422,
      [
        expect.objectContaining({ pointer: '/facts/0/evidence/0/quote', code: 'quotation-missing' }),
        expect.objectContaining({ pointer: '/facts/1/colour', code: 'unknown-field' }),
        expect.objectContaining({ pointer: '/text', code: 'uncovered-sentence', line: 3, column: 1 }),
      ],
    ]);
    expect(json.body.errors[0]).toMatchObject({ line: 1, column: expect.any(Number) });
    const { text, ...rest } = dossier;
    for (const yaml of [stringify({ text, ...rest }), stringify({ ...rest, text })]) {
      const { body } = await api.send(DOSSIER_PATH, yaml);
      const line = yaml.split('\n').findIndex((each) => each.includes('Rigga'));
      const column = (yaml.split('\n')[line]?.indexOf('Ministers') ?? 0) + 1;
      expect(body.errors[0]).toMatchObject({ code: 'quotation-missing', line: line + 1, column });
    }
  });

  it('that is too large is rejected before it has been read completely', async () => {
    const { status, body } = await api.send(DOSSIER_PATH, Buffer.alloc(32 * 1024 * 1024 + 1, 0x20));
    expect([status, body.code]).toEqual([413, 'body-too-large']);
    expect(body.detail).toBe(
      'The body has 33554433 bytes; at most 33554432 bytes (32 MiB) are allowed; split the source into several dossiers',
    );
  });

  it('of another media type is rejected with the types that are accepted', async () => {
    for (const [type, subject] of [
      ['text/csv', 'Content-Type text/csv is not supported'],
      ['application/xml; charset=utf-8', 'Content-Type application/xml; charset=utf-8 is not supported'],
    ] as const) {
      for (const [method, url] of [
        ['PUT', DOSSIER_PATH],
        ['POST', `${DOSSIER_PATH}/check`],
      ] as const) {
        const { status, body, headers } = await api.send(url, 'a,b', { type, method });
        const accepted = ['application/json', 'application/yaml', 'application/x-yaml', 'text/yaml'];
        expect([status, body.detail]).toEqual([
          415,
          `${subject}; send ${accepted.slice(0, -1).join(', ')} or ${accepted.at(-1)}`,
        ]);
        expect(headers['accept']).toBe(accepted.join(', '));
      }
    }
  });

  it('in JSON or YAML may start with a byte order mark, which is no part of the dossier', async () => {
    const json = JSON.stringify(buildSampleDossier(), null, 2);
    const marked = Buffer.from(`\ufeff${json}`);
    expect((await api.send(DOSSIER_PATH, marked, { type: 'application/json' })).status).toBe(201);
    expect((await api.send(DOSSIER_PATH, Buffer.from(json), { type: 'application/json' })).body.action).toBe(
      'none',
    );
    const check = await api.send(`${DOSSIER_PATH}/check`, marked, {
      type: 'application/yaml',
      method: 'POST',
    });
    expect([check.status, check.body.problems]).toEqual([200, []]);
    const broken = Buffer.from('\ufeff{"document": }');
    const { body } = await api.send(DOSSIER_PATH, broken, { type: 'application/json', 'if-match': '*' });
    expect(body.errors[0]).toMatchObject({ code: 'invalid-json', line: 1, column: 14 });
  });

  it('that cannot be parsed is rejected with all errors, and their number next to the first', async () => {
    const yaml = Buffer.from('document:\n  title: a: b\nfacts: @x\n');
    const { status, body } = await api.send(DOSSIER_PATH, yaml, { type: 'application/yaml' });
    expect([status, body.detail]).toEqual([
      422,
      expect.stringMatching(/^line 2, column 10: .* \(first of 2 problems\)$/),
    ]);
    expect(body.errors.map(({ line, column }: Json) => [line, column])).toEqual([
      [2, 10],
      [3, 8],
    ]);
  });

  it.each([
    ['little', '\ufeff'],
    ['little', ''],
    ['big', '\ufeff'],
    ['big', ''],
  ])('in UTF-16 (%s endian, mark "%s") is rejected with the name of the encoding', async (order, mark) => {
    const body = Buffer.from(mark + JSON.stringify(buildSampleDossier()), 'utf16le');
    if (order === 'big') body.swap16();
    for (const type of ['application/json', 'application/yaml']) {
      const response = await api.send(DOSSIER_PATH, body, { type });
      expect([response.status, response.body.detail]).toEqual([
        400,
        `The body is not valid UTF-8 but UTF-16 (${order} endian): save it as UTF-8`,
      ]);
    }
  });

  it(`in JSON keeps its value (fast-check seed ${seed})`, () => {
    const values = fc.jsonValue({ stringUnit: 'binary' });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), values), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        delete plain.text;
        const { facts } = parseSubmission('application/json', Buffer.from(JSON.stringify(plain)));
        expect(parseYaml(facts).value).toEqual(plain);
      }),
      { seed, numRuns: 300 },
    );
  });

  it.each<[string, string, string]>([
    ['a comment after the text', `text: ${JSON.stringify(SAMPLE_TEXT)} # by Ilze\n`, ' # by Ilze\n'],
    ['CRLF line endings', `text: ${JSON.stringify(SAMPLE_TEXT)}\r\n`, ''],
    // PGlite's decoder drops the byte order mark; the driver of a server does not.
    ...(STORE_KIND === 'pglite'
      ? []
      : [['a byte order mark', '\ufeff', '\ufeff'] as [string, string, string]]),
  ])('keeps %s unchanged', async (_, prefix, expected) => {
    const { text, ...rest } = buildSampleDossier();
    const yaml = prefix.startsWith('text') ? prefix : `${prefix}text: ${JSON.stringify(text)}\n`;
    expect((await api.send(DOSSIER_PATH, yaml + stringify(rest))).status).toBe(201);
    const file = await api.app.inject(`${DOSSIER_PATH}.yaml`);
    expect(file.rawPayload.toString('utf8')).toBe(expected + stringify(rest));
    const retried = await api.send(DOSSIER_PATH, yaml + stringify(rest), { 'if-match': '"past"' });
    expect([retried.status, retried.body.action]).toEqual([200, 'none']);
  });

  it.each([
    ['an anchor on the text', (text: string) => `text: &t ${JSON.stringify(text)}\nnote: *t\n`],
    [
      'a comment in the block header of the text',
      (text: string) => `text: | # said\n  ${text.replaceAll('\n', '\n  ')}\n`,
    ],
    ['a comment before the text', (text: string) => `text:\n  # said\n  ${JSON.stringify(text)}\n`],
    ['a text with an explicit key', (text: string) => `? text\n: ${JSON.stringify(text)}\n`],
  ])('with %s, which could not be kept, is rejected', async (_, head) => {
    const { text, ...rest } = buildSampleDossier();
    const { status, body } = await api.send(DOSSIER_PATH, head(text) + stringify(rest));
    expect([status, body.errors[0].pointer]).toEqual([422, '/text']);
  });

  it('in JSON is accepted as YAML', async () => {
    expect((await api.send(DOSSIER_PATH, JSON.stringify(buildSampleDossier()))).status).toBe(201);
    expect((await get(api.app, DOSSIER_PATH)).body).toMatchObject({ text: SAMPLE_TEXT });
  });

  it.each([
    [{ 'content-encoding': 'gzip' }, 415],
    [{ 'content-encoding': 'br' }, 415],
    [{ type: 'application/json; charset=utf-16' }, 415],
    [{ type: 'application/json; charset=UTF-8' }, 201],
    [{ 'content-range': 'bytes 0-10/20' }, 400],
  ])('with headers %o has status %i', async (headers, status) => {
    expect((await api.send(DOSSIER_PATH, buildSampleDossier(), headers)).status).toBe(status);
  });

  it('with nothing but a text is rejected for the missing document', async () => {
    const { status, body } = await api.send(DOSSIER_PATH, 'text: Hello\n');
    expect([status, body.errors[0]]).toMatchObject([422, { pointer: '/document', code: 'invalid-field' }]);
  });
});
