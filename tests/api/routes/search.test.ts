import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { appOn, emptyStore, get, importInto, type Json, seededApp, walk } from '../../support/app.ts';
import { dossierOf } from '../../support/dossier-builder.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = await seededApp();
});

const hits = async (q: string, on = app): Promise<Json[]> =>
  walk(on, `/v1/search?limit=200&q=${encodeURIComponent(q)}`);
const keys = (found: Json[]): string[] => found.map(({ type, id }) => `${type}/${id}`);

describe('search', () => {
  it('finds facts of every type, with the words marked', async () => {
    const found = await hits('war criminal');
    expect(found).toEqual([
      {
        type: 'statement',
        id: 'kallas-stop-the-war-criminal',
        label: 'Kaja Kallas: We should definitely not fall into that trap - we have to stop the war criminal',
        snippet:
          'We should definitely not fall into that trap - we have to stop the <mark>war</mark> <mark>criminal</mark>',
        links: {
          self: '/v1/statements/kallas-stop-the-war-criminal',
          html: '/statements/kallas-stop-the-war-criminal',
        },
      },
    ]);
  });

  it('puts facts with the words in the label first', async () => {
    const found = await hits('ukraine');
    const inLabel = found.map(({ label }) => /ukraine/i.test(label));
    expect(inLabel.indexOf(false)).toBeGreaterThan(2);
    expect(inLabel.lastIndexOf(true)).toBeLessThan(inLabel.indexOf(false));
    const first = keys(found.slice(0, inLabel.indexOf(false)));
    expect(first).toEqual([...first].sort());
  });

  it('needs every word, in label or text, whatever accents, case and synonyms', async () => {
    expect(keys(await hits('STOLTENBERG contamination'))).toEqual([
      'statement/stoltenberg-risk-of-contamination',
    ]);
    expect(keys(await hits('Zelenskyy'))).toEqual(keys(await hits('zélensky')));
    expect((await hits('fifth package')).length).toBeGreaterThan(4);
    expect(await hits('zelensky tractor')).toEqual([]);
  });

  it('marks a synonym where the text has another word for it', async () => {
    const [hit] = await hits('battlegroups romania');
    expect(hit.snippet).toContain('<mark>battle groups</mark>');
    expect(hit.snippet).toContain('<mark>Romania</mark>');
  });

  it('orders by label, then the newest reported, then type and id, page by page', async () => {
    const store = await emptyStore();
    const on = await appOn(store);
    const event = (id: string, name: string) => ({
      type: 'event',
      id,
      name,
      kind: 'meeting',
      status: 'held',
      evidence: [{ quote: 'Talks on grain', supports: ['name', 'kind', 'status'] }],
    });
    const days = [null, '2031-05-02', '2031-05-03'];
    for (const [index, publishedOn] of days.entries()) {
      const facts = [
        event(`b${index}`, 'Meeting'),
        event(`a${index}`, 'Meeting'),
        event(`z${index}`, 'Grain talks'),
      ];
      await importInto(
        store,
        dossierOf({ id: `d${index}`, source: 'Talks on grain.', document: { publishedOn }, facts }),
      );
    }
    const expected = ['z2', 'z1', 'z0', 'a2', 'b2', 'a1', 'b1', 'a0', 'b0'];
    expect((await hits('grain', on)).map(({ id }) => id)).toEqual(expected);
    const walked = await walk(on, '/v1/search?q=grain&limit=2');
    expect(walked.map(({ id }) => id)).toEqual(expected);
    const { body } = await get(on, '/v1/search?q=grain&asOf=1');
    expect(body.data.map(({ id }: Json) => id)).toEqual(['z0', 'a0', 'b0']);
  });

  it('escapes what the text has, and marks only words', async () => {
    const store = await emptyStore();
    const on = await appOn(store);
    const source = `He said <script>alert("grain & 'salt'")</script> ${'and so on '.repeat(60)}to the end 👍`;
    const fact = {
      type: 'event',
      id: 'e',
      name: 'Meeting',
      kind: 'meeting',
      status: 'held',
      evidence: [{ quote: source, supports: ['name', 'kind', 'status'] }],
    };
    await importInto(store, dossierOf({ source, facts: [fact] }));
    const [grain] = await hits('grain', on);
    expect(grain.snippet).toMatch(
      /^He said &lt;script&gt;alert\(&quot;<mark>grain<\/mark> &amp; &#39;salt&#39;&quot;\)&lt;\/script&gt; and so on .* \.\.\.$/,
    );
    const [end] = await hits('end', on);
    expect(end.snippet).toMatch(/^\.\.\. .*to the <mark>end<\/mark> 👍$/);
    expect(end.snippet.length).toBeLessThan(260);
  });
});
