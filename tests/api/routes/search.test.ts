import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createApp,
  createSeededApp,
  createStore,
  followPages,
  get,
  importInto,
  type Json,
} from '../../support/app.ts';
import { buildDossier } from '../../support/dossier-builder.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp();
});

const search = async (q: string, targetApp = app): Promise<Json[]> =>
  followPages(targetApp, `/v1/search?limit=200&q=${encodeURIComponent(q)}`);
const toRefs = (hits: Json[]): string[] => hits.map(({ type, id }) => `${type}/${id}`);

describe('search', () => {
  it('marks the matching words', async () => {
    const hits = await search('war criminal');
    expect(hits).toEqual([
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

  it('sorts facts with the words in the label first', async () => {
    const hits = await search('ukraine');
    const inLabel = hits.map(({ label }) => /ukraine/i.test(label));
    expect(inLabel.indexOf(false)).toBeGreaterThan(2);
    expect(inLabel.lastIndexOf(true)).toBeLessThan(inLabel.indexOf(false));
    const first = toRefs(hits.slice(0, inLabel.indexOf(false)));
    expect(first).toEqual([...first].sort());
  });

  it('requires every word, and ignores accents, case and choice of synonym', async () => {
    expect(toRefs(await search('STOLTENBERG contamination'))).toEqual([
      'statement/stoltenberg-risk-of-contamination',
    ]);
    expect(toRefs(await search('Zelenskyy'))).toEqual(toRefs(await search('zélensky')));
    expect((await search('fifth package')).length).toBeGreaterThan(4);
    expect(await search('zelensky tractor')).toEqual([]);
  });

  it('marks synonyms of the search words', async () => {
    const [hit] = await search('battlegroups romania');
    expect(hit.snippet).toContain('<mark>battle groups</mark>');
    expect(hit.snippet).toContain('<mark>Romania</mark>');
  });

  it('sorts by label match, then newest report, then type and id, across pages', async () => {
    const store = await createStore();
    const searchApp = await createApp(store);
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
        buildDossier({ id: `d${index}`, source: 'Talks on grain.', document: { publishedOn }, facts }),
      );
    }
    const expected = ['z2', 'z1', 'z0', 'a2', 'b2', 'a1', 'b1', 'a0', 'b0'];
    expect((await search('grain', searchApp)).map(({ id }) => id)).toEqual(expected);
    const pagedHits = await followPages(searchApp, '/v1/search?q=grain&limit=2');
    expect(pagedHits.map(({ id }) => id)).toEqual(expected);
    const { body } = await get(searchApp, '/v1/search?q=grain&asOf=1');
    expect(body.data.map(({ id }: Json) => id)).toEqual(['z0', 'a0', 'b0']);
  });

  it('escapes HTML in snippets and shortens long texts', async () => {
    const store = await createStore();
    const searchApp = await createApp(store);
    const source = `He said <script>alert("grain & 'salt'")</script> ${'and so on '.repeat(60)}to the end 👍`;
    const fact = {
      type: 'event',
      id: 'e',
      name: 'Meeting',
      kind: 'meeting',
      status: 'held',
      evidence: [{ quote: source, supports: ['name', 'kind', 'status'] }],
    };
    await importInto(store, buildDossier({ source, facts: [fact] }));
    const [grain] = await search('grain', searchApp);
    expect(grain.snippet).toMatch(
      /^He said &lt;script&gt;alert\(&quot;<mark>grain<\/mark> &amp; &#39;salt&#39;&quot;\)&lt;\/script&gt; and so on .* \.\.\.$/,
    );
    const [end] = await search('end', searchApp);
    expect(end.snippet).toMatch(/^\.\.\. .*to the <mark>end<\/mark> 👍$/);
    expect(end.snippet.length).toBeLessThan(260);
  });
});
