import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createClient, type Event } from '../dist/index.js';
import { proxyTo } from './support/proxy.ts';
import { meetings, put, startServer, type TestServer } from './support/server.ts';

const client = createClient({ baseUrl: inject('url') });

let newsroom: TestServer;
beforeAll(async () => {
  newsroom = await startServer();
});
afterAll(() => newsroom.stop());

test('iterates over all pages of a list, each fact once and in order', async () => {
  const { data } = await client.GET('/v1/events', { params: { query: { limit: 200 } } });
  const whole = data?.data.map(({ id }) => id) ?? [];
  expect(whole.length).toBeGreaterThan(6);

  const walked: string[] = [];
  for await (const event of client.list('events', { limit: 2 })) walked.push(event.id);
  expect(walked).toEqual(whole);
});

test('sends the filters with every page', async () => {
  const list = client.list('statements', { mode: ['direct', 'mixed'], limit: 1, sort: '-text' });
  const statements = await list.all();
  expect(statements.length).toBeGreaterThan(1);
  expect(statements.every(({ mode }) => mode === 'direct' || mode === 'mixed')).toBe(true);
  expect(statements.map(({ text }) => text)).toEqual(
    statements
      .map(({ text }) => text)
      .sort()
      .reverse(),
  );
});

test('accepts one value or several, booleans, and commas within a value', async () => {
  await expect(client.list('statements', { speaker: 'jens-stoltenberg' }).all()).resolves.not.toEqual([]);
  const others = await client.list('stances', { andOthers: true }).all();
  expect(others.map(({ andOthers }) => andOthers)).toEqual([true, true]);
  const [page] = await Array.fromAsync(client.list('people', { count: true, limit: 1 }).pages());
  expect(page?.meta.total).toBeGreaterThan(1);

  const title = 'Biden joins NATO, EU leaders in show of unity against Russia';
  const { data } = await client.GET('/v1/documents/{id}', {
    params: { path: { id: 'brussels-2022-03-24' } },
  });
  expect(data?.title).toBe(title);
  const [first] = await client.list('people').all();
  const postTitle = first?.posts[0]?.title ?? '';
  const found = await client.list('people', { postTitle: [postTitle, 'a, b'] }).all();
  expect(found.map(({ id }) => id)).toContain(first?.id);
});

test('rejects an empty list of values, which the API would treat as no filter', async () => {
  await expect(client.list('events', { ids: [] }).all()).rejects.toThrow(/ids: must not be an empty list/);
});

test('returns pages with the revision, and requests only those that are used', async () => {
  await using proxy = await proxyTo(inject('url'));
  const list = createClient({ baseUrl: proxy.url }).list('events', { limit: 3 });
  expect(proxy.seen).toHaveLength(0);
  for await (const page of list.pages()) {
    expect(page.meta).toMatchObject({ revision: 1, limit: 3 });
    expect(page.data).toHaveLength(3);
    break;
  }
  expect(proxy.seen).toHaveLength(1);
});

test('an iteration stays at its revision while a dossier is imported', async () => {
  const writer = createClient({ baseUrl: newsroom.url, key: newsroom.key });
  const before = (await writer.list('events').all()).map(({ id }) => id);
  const list = writer.list('events', { limit: 2 });
  const walked: Event[] = [];
  for await (const event of list) {
    walked.push(event);
    // The new ids sort before and after all others.
    if (walked.length === 1) await put(writer, meetings('meanwhile', ['Aachen', 'Zwolle']));
  }
  expect(walked.map(({ id }) => id)).toEqual(before);
  // The next iteration of the same list begins at the newest revision.
  expect((await list.all()).map(({ id }) => id)).toEqual(['aachen', ...before, 'zwolle']);
});

test('iterates over everything with pagination', async () => {
  const changes = await client.list('changes', { limit: 40 }).all();
  expect(changes).toHaveLength(101);
  expect(await client.list('changes', { after: 1 }).all()).toEqual([]);
  expect(await client.list('corrections').all()).toEqual([]);
  expect((await client.list('revisions').all()).map(({ revision }) => revision)).toEqual([1]);
  expect((await client.list('dossiers').all()).map(({ id }) => id)).toEqual(['brussels-2022-03-24']);

  const references = await client.references('people', 'jens-stoltenberg', { limit: 1 }).all();
  expect(references.map(({ field }) => field)).toContain('speakers');
  expect(new Set(references.map(({ type, id, field }) => `${type}/${id} ${field}`)).size).toBe(
    references.length,
  );

  const versions = await client.versions('people', 'jens-stoltenberg').all();
  expect(versions.map(({ version }) => version)).toEqual([1]);

  const passage = await client.passage('brussels-2022-03-24', { start: 1222, end: 1263, limit: 1 }).all();
  expect(passage.map(({ id }) => id)).toEqual(['no-fly-zone-over-ukraine', 'nato-no-fly-zone']);

  const hits = await client.search('chemical weapons', { limit: 1 }).all();
  expect(hits.length).toBeGreaterThan(1);
  expect(hits[0]?.snippet).toContain('<mark>');
});

test('returns one fact, facets and a text', async () => {
  const person = await client.get('people', 'jens-stoltenberg');
  expect(person).toMatchObject({ type: 'person', name: 'Jens Stoltenberg' });
  const { data } = await client.facets('statements', { by: ['about', 'inferred'], limit: 2 });
  expect(data.map(({ field }) => field)).toEqual(['about', 'inferred']);
  const text = await client.text('brussels-2022-03-24');
  expect(text).toHaveLength(2789);
});

test('keeps a byte order mark in the text, because offsets count it', async () => {
  const writer = createClient({ baseUrl: newsroom.url, key: newsroom.key });
  const dossier = meetings('marked', ['Utrecht']);
  const text = `\ufeff${dossier.text}`;
  await put(writer, { ...dossier, text });
  expect(await writer.text('marked')).toBe(text);
  // The cached text is the same.
  expect(await writer.text('marked')).toBe(text);
  const { evidence } = await writer.get('events', 'utrecht');
  expect(evidence[0]).toMatchObject({ start: 1, exact: 'They met in Utrecht' });
});
