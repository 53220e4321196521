/** Feeds, parsed as feed readers do. */

import type { FastifyInstance } from 'fastify';
import { parseAtomFeed, parseJsonFeed } from 'feedsmith';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DossierFiles } from '../../src/dossier/validate.ts';
import { serializeAtom } from '../../src/formats/feeds/atom.ts';
import { serializeJsonFeed } from '../../src/formats/feeds/json-feed.ts';
import { html } from '../../src/lib/html.ts';
import {
  createApp,
  createSeededApp,
  createStore,
  followPages,
  get,
  importInto,
  type Json,
} from '../support/app.ts';
import { buildDossier, buildDossierHistory } from '../support/dossier-builder.ts';
import { parseMarkup } from '../support/parse-markup.ts';
import { buildXssDossier, XSS_NAME, XSS_TITLE } from '../support/xss-fixtures.ts';

const createClock = (second: number) => () => new Date(Date.UTC(2031, 4, 2, 10, 0, second));
const PUBLIC_URL = 'https://facts.example.org';
const UUID_URN = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

interface FeedItem {
  id: string;
  title: string;
  url: string;
  updated: string;
  tags: string[];
  html: string;
}

/** Fetches the entries of a feed in either format, with the data that a feed reader shows. */
async function fetchEntries(app: FastifyInstance, url: string): Promise<FeedItem[]> {
  const { status, body } = await get(app, url);
  if (status !== 200) throw new Error(`${url} responds with ${status}: ${JSON.stringify(body)}`);
  if (typeof body === 'string') {
    return (parseAtomFeed(body).entries ?? []).map((entry: Json) => ({
      id: entry.id,
      title: entry.title.value ?? entry.title,
      url: entry.links.find(({ rel }: Json) => rel === 'alternate').href,
      updated: entry.updated,
      tags: (entry.categories ?? []).map(({ term }: Json) => term),
      html: entry.content.value ?? entry.content,
    }));
  }
  return ((parseJsonFeed(body).items ?? []) as Json[]).map((item) => ({
    id: item.id,
    title: item.title,
    url: item.url,
    updated: item.date_modified,
    tags: item.tags ?? [],
    html: item.content_html,
  }));
}

async function createHistoryApp(files: DossierFiles[] = buildDossierHistory()) {
  const store = await createStore();
  for (const [index, each] of files.entries())
    await importInto(store, each, { now: createClock(index), note: 'Why <b>' });
  return { store, app: await createApp(store, { publicUrl: PUBLIC_URL }) };
}

const buildStatementDossier = (quote: string, fields: object = {}, id = 'words'): DossierFiles =>
  buildDossier({
    id: 'talk',
    source: `Ilze Abele said: ${quote}.`,
    facts: [
      {
        type: 'person',
        id: 'ilze',
        name: 'Ilze Abele',
        evidence: [{ quote: 'Ilze Abele', supports: ['name'] }],
      },
      {
        type: 'statement',
        id,
        speakers: ['person/ilze'],
        mode: 'indirect',
        parts: [
          { quote: 'Ilze Abele', role: 'source' },
          { quote: 'said', role: 'cue' },
          { quote, role: 'content' },
        ],
      },
    ],
    ...fields,
  });

describe.each(['atom', 'feed.json'])('.%s', (extension) => {
  let app: FastifyInstance;
  beforeAll(async () => {
    ({ app } = await createHistoryApp());
  });

  it('has the statements of the list, with quotations, speakers and inferences', async () => {
    const entries = await fetchEntries(app, `/v1/statements.${extension}`);
    const facts = await followPages(app, '/v1/statements?sort=-reportedOn');
    expect(entries.map(({ title }) => title)).toEqual(facts.map(({ label }) => label));
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    for (const [at, { id, url, updated, tags, html }] of entries.entries()) {
      const fact = facts[at];
      expect(id).toMatch(UUID_URN);
      expect([url, updated, tags]).toEqual([fact.links.html, fact.recordedAt, fact.topics]);
      const { text } = parseMarkup(html);
      for (const { exact, start, end } of fact.evidence) {
        expect(text).toContain(exact);
        expect(text).toContain(`characters ${start} to ${end}`);
      }
      for (const { label } of fact.speakers) expect(text).toContain(label);
      for (const { note } of fact.inferences) expect(text).toContain(note);
    }
  });

  it('has the changes, newest first, with the values before and after', async () => {
    const entries = await fetchEntries(app, `/v1/changes.${extension}`);
    const changes = (await followPages(app, '/v1/changes?limit=200')).reverse();
    expect(entries.map(({ title }) => title.split(': ').slice(1).join(': '))).toEqual(
      changes.map(({ fact }) => fact.label),
    );
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    expect(entries.map(({ tags }) => tags)).toEqual(changes.map(({ cause, fact }) => [cause, fact.type]));
    const [corrected] = await fetchEntries(
      app,
      `/v1/changes.${extension}?fact=battle-group-deployment/nato-slovakia`,
    );
    const { text, elements } = parseMarkup(corrected?.html ?? '');
    expect(text).toContain('The first report took');
    expect(text).toContain('announcedOn2022-03-23 \u2192 2022-03-22');
    expect(elements).toEqual(expect.arrayContaining(['del', 'ins']));
  });

  it('takes the filters of the list, asOf and a limit', async () => {
    const all = await fetchEntries(app, `/v1/changes.${extension}`);
    expect(await fetchEntries(app, `/v1/changes.${extension}?limit=3`)).toEqual(all.slice(0, 3));
    const corrections = await fetchEntries(app, `/v1/changes.${extension}?cause=correction&after=1`);
    expect(corrections).toEqual(all.filter(({ tags }) => tags[0] === 'correction'));
    expect(corrections.length).toBeGreaterThan(0);
    const first = await fetchEntries(app, `/v1/changes.${extension}?asOf=1`);
    expect(first).toHaveLength((await get(app, '/v1/changes?asOf=1&limit=200')).body.data.length);
    const entries = await fetchEntries(app, `/v1/statements.${extension}`);
    expect(await fetchEntries(app, `/v1/statements.${extension}?limit=2`)).toEqual(entries.slice(0, 2));
    expect(
      (await fetchEntries(app, `/v1/statements.${extension}?speaker=jens-stoltenberg`)).length,
    ).toBeLessThan(entries.length);
    for (const [query, parameter] of [
      ['limit=0', 'limit'],
      ['limit=1001', 'limit'],
      ['after=99', 'after'],
      ['cursor=x', 'cursor'],
    ]) {
      const { status, body } = await get(app, `/v1/changes.${extension}?${query}`);
      expect([status, body.errors?.[0].parameter]).toEqual([400, parameter]);
    }
  });

  it('is complete across several pages of the store', async () => {
    const many = Array.from({ length: 620 }, (_, index) => ({
      type: 'person',
      id: `person-${index}`,
      name: `Person ${index}.`,
      evidence: [{ quote: `Person ${index}.`, supports: ['name'] }],
    }));
    const source = many.map(({ name }) => name).join('\n');
    const { app: large } = await createHistoryApp([buildDossier({ id: 'many', source, facts: many })]);
    const ids = (entries: FeedItem[]) => entries.map(({ url }) => url);
    const all = ids(await fetchEntries(large, `/v1/changes.${extension}`));
    expect(new Set(all).size).toBe(621);
    expect(ids(await fetchEntries(large, `/v1/changes.${extension}?limit=510`))).toEqual(all.slice(0, 510));
    expect(ids(await fetchEntries(large, `/v1/changes.${extension}?limit=500`))).toEqual(all.slice(0, 500));
  });

  it('is the same for the same revision, also for an empty store', async () => {
    const secondApp = (await createHistoryApp()).app;
    for (const path of ['statements', 'changes']) {
      const { body, headers } = await get(app, `/v1/${path}.${extension}?asOf=3`);
      expect((await get(secondApp, `/v1/${path}.${extension}?asOf=3`)).body).toEqual(body);
      const { status } = await get(app, `/v1/${path}.${extension}?asOf=3`, {
        'if-none-match': headers['etag'] as string,
      });
      expect(status).toBe(304);
    }
    const empty = await createApp(await createStore(), { publicUrl: PUBLIC_URL });
    expect(await fetchEntries(empty, `/v1/statements.${extension}`)).toEqual([]);
    expect(JSON.stringify((await get(empty, `/v1/changes.${extension}`)).body)).toContain('1970-01-01');
  });

  it('updates an entry when its fact is corrected or renamed, at any public URL', async () => {
    const statement = buildStatementDossier('the vote is lost');
    const { store, app: statementApp } = await createHistoryApp([statement]);
    const url = `/v1/statements.${extension}`;
    const [before] = await fetchEntries(statementApp, url);
    await importInto(store, buildStatementDossier('the vote is won'), {
      now: createClock(50),
      note: 'Misheard',
    });
    const [corrected] = await fetchEntries(statementApp, url);
    expect(corrected?.id).toBe(before?.id);
    expect(corrected?.html).toContain('the vote is won');
    expect(corrected?.updated).toBe(createClock(50)().toISOString());
    const renames = [{ from: 'statement/words', to: 'said' }];
    await importInto(store, buildStatementDossier('the vote is won', { renames }, 'said'), {
      now: createClock(51),
    });
    const elsewhere = await createApp(store, { publicUrl: 'http://other.example/base' });
    const [renamed, ...more] = await fetchEntries(elsewhere, url);
    expect([renamed?.id, more]).toEqual([before?.id, []]);
    expect(renamed?.url).toBe('http://other.example/base/statements/said');
    const changes = await fetchEntries(elsewhere, `/v1/changes.${extension}?type=statement`);
    const earlier = await fetchEntries(statementApp, `/v1/changes.${extension}?type=statement&asOf=2`);
    expect(changes).toHaveLength(3);
    expect(changes.slice(1).map(({ id }) => id)).toEqual(earlier.map(({ id }) => id));
    expect(changes.map(({ id }) => id)).not.toContain(before?.id);
  });

  it('escapes HTML in texts', async () => {
    const { app: hostile } = await createHistoryApp([buildXssDossier()]);
    for (const path of ['statements', 'changes']) {
      const entries = await fetchEntries(hostile, `/v1/${path}.${extension}`);
      expect(entries.length).toBeGreaterThan(0);
      for (const { html } of entries) {
        const { elements, attributes } = parseMarkup(html);
        expect(new Set(elements)).not.toContain('script');
        expect(new Set(elements)).not.toContain('img');
        expect(attributes.every(({ element, name }) => element === 'blockquote' && name === 'dir')).toBe(
          true,
        );
      }
    }
    const [entry] = await fetchEntries(hostile, `/v1/statements.${extension}`);
    const { text } = parseMarkup(entry?.html ?? '');
    expect(text).toContain('</p></blockquote><script>alert("1")</script>&amp;<img src=x');
    expect(text).toContain(XSS_NAME);
    expect(text).toContain(XSS_TITLE);
    expect(entry?.title).toContain(XSS_NAME.slice(0, 20));
    expect(entry?.tags).toEqual(['<i>"topic" & more']);
  });

  it('is linked from the list, and selected by Accept', async () => {
    const type = extension === 'atom' ? 'application/atom+xml' : 'application/feed+json';
    for (const [path, query] of [
      ['changes', '?cause=correction'],
      ['statements', '?mode=direct'],
    ]) {
      const { headers } = await get(app, `/v1/${path}${query}&limit=1`);
      expect(headers['link']).toContain(
        `<${PUBLIC_URL}/v1/${path}.${extension}${query}>; rel="alternate"; type="${type}"`,
      );
      const elsewhere = await get(app, `/v1/${path}${query}`, { accept: type });
      expect([elsewhere.status, elsewhere.headers['location']]).toEqual([
        307,
        `/v1/${path}.${extension}${query}`,
      ]);
      const feed = await get(app, `/v1/${path}.${extension}${query}`);
      expect(feed.headers['content-type']).toBe(`${type}; charset=utf-8`);
    }
    expect((await get(app, '/v1/corrections', { accept: type })).status).toBe(200);
  });
});

it('a truncated feed is invalid', async () => {
  const { app } = await createHistoryApp();
  const { items } = (await get(app, '/v1/statements.feed.json?limit=2')).body;
  const entries = items.map(({ id, url, title, date_modified, tags, _summit_facts }: Json) => ({
    ...{ id, url, dataUrl: url, title, published: date_modified, updated: date_modified, tags },
    ...{ content: html`<p>Words</p>`, fact: _summit_facts },
  }));
  const feedFields = {
    title: 'A',
    description: 'B',
    selfUrl: 'C',
    listUrl: 'D',
    pageUrl: 'P',
    publicUrl: 'E',
    revision: 1,
    id: 'F',
  };
  const feed = { ...feedFields, updated: createClock(1)().toISOString() };
  async function* createFailingEntries() {
    yield entries;
    throw new Error('the store has gone');
  }
  const readPieces = async (pieces: AsyncIterable<string>) => {
    let text = '';
    await expect(
      (async () => {
        for await (const piece of pieces) text += piece;
      })(),
    ).rejects.toThrow('the store has gone');
    return text;
  };
  const xml = await readPieces(serializeAtom(feed, createFailingEntries()));
  expect(xml.match(/<\/entry>/g)).toHaveLength(2);
  expect(xml).not.toContain('</feed>');
  const json = await readPieces(serializeJsonFeed(feed, createFailingEntries()));
  expect(json).toContain(items[1].id);
  expect(() => JSON.parse(json)).toThrow();
});

describe('links', () => {
  const FEEDS = [
    'statements.feed.json?limit=3',
    'statements.feed.json?speaker=jens-stoltenberg&sort=id&asOf=1&include=retracted',
    'statements.feed.json?q=never,%20ever&from=2022-01-01&limit=3',
    'changes.feed.json?limit=3',
    'changes.feed.json?cause=correction&asOf=4',
  ];

  it.each(FEEDS)('of %s lead readers to pages and programs to the API', async (path) => {
    const { app } = await createHistoryApp();
    const { body } = await get(app, `/v1/${path}`);
    const page = await follow(app, body.home_page_url);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    const { asOf } = parseQuery(path);
    if (asOf !== undefined) expect(page.body).toContain(`This page shows revision ${asOf},`);
    const list = await follow(app, body._summit_facts.listUrl);
    expect(list.headers['content-type']).toBe('application/json; charset=utf-8');
    const requested = Object.entries(parseQuery(path)).filter(([name]) => name !== 'limit');
    expect(parseQuery(body._summit_facts.listUrl)).toMatchObject(Object.fromEntries(requested));
    expect(parseQuery(body._summit_facts.listUrl)).not.toHaveProperty('limit');
    for (const { url } of body.items)
      expect((await follow(app, url)).headers['content-type']).toBe('text/html; charset=utf-8');

    const atom = parseAtomFeed((await get(app, `/v1/${path.replace('feed.json', 'atom')}`)).body) as Json;
    const links = [...atom.links, ...(atom.entries ?? []).flatMap((entry: Json) => entry.links)];
    for (const { rel, type, href } of links) {
      if (rel === 'self') continue;
      expect(type).toBe(rel === 'alternate' ? 'text/html' : 'application/json');
      expect((await follow(app, href)).headers['content-type']).toBe(`${type}; charset=utf-8`);
    }
  });

  it('to the page show the same facts as the feed', async () => {
    const { app } = await createHistoryApp();
    const { body } = await get(app, '/v1/statements.feed.json?speaker=jens-stoltenberg&mode=direct');
    const page = await follow(app, body.home_page_url);
    expect(body.items.length).toBeGreaterThan(0);
    for (const { url } of body.items) expect(page.body).toContain(`href="${url.slice(PUBLIC_URL.length)}"`);
    expect(page.body).not.toContain('href="/statements/kallas-stop-the-war-criminal"');
  });
});

const parseQuery = (url: string) => Object.fromEntries(new URLSearchParams(url.split('?')[1]));

const follow = (app: FastifyInstance, url: string) => {
  expect(url.startsWith(`${PUBLIC_URL}/`), url).toBe(true);
  return get(app, url.slice(PUBLIC_URL.length));
};

it.each([
  'statements',
  'changes',
])('the ids in the feed of %s are the same at another address', async (path) => {
  const { store, app } = await createHistoryApp();
  const moved = await createApp(store, { publicUrl: 'https://moved.example/facts' });
  const [ids, movedIds] = await Promise.all(
    [app, moved].map(async (each) => {
      const { id, entries } = parseAtomFeed((await get(each, `/v1/${path}.atom?limit=3`)).body);
      return [id, ...(entries as Json[]).map((entry) => entry.id)];
    }),
  );
  expect(ids).toHaveLength(4);
  expect(movedIds).toEqual(ids);
});

it('entries are dated by the day on which something was said or, if that is unknown, reported', async () => {
  const { app } = await createHistoryApp();
  const { data } = (await get(app, '/v1/statements?limit=200&sort=-reportedOn')).body;
  const expected = data.map(({ saidOn, reportedOn, recordedAt }: Json) =>
    saidOn || reportedOn ? `${saidOn ?? reportedOn}T00:00:00.000Z` : recordedAt,
  );
  expect(data.some(({ saidOn }: Json) => saidOn === null)).toBe(true);
  const { items } = (await get(app, '/v1/statements.feed.json')).body;
  expect(items.map(({ date_published }: Json) => date_published)).toEqual(expected);
  const { entries } = parseAtomFeed((await get(app, '/v1/statements.atom')).body);
  expect((entries as Json[]).map(({ published }) => published)).toEqual(expected);
});

describe('Atom', () => {
  it('has links to itself and the list, the author and the time', async () => {
    const { app } = await createHistoryApp();
    const { body, headers } = await get(app, '/v1/statements.atom?mode=direct&limit=1000');
    const feed = parseAtomFeed(body) as Json;
    expect(feed.links).toEqual([
      {
        rel: 'self',
        type: 'application/atom+xml',
        href: `${PUBLIC_URL}/v1/statements.atom?limit=1000&mode=direct`,
      },
      {
        rel: 'alternate',
        type: 'text/html',
        href: `${PUBLIC_URL}/explore?collection=statements&mode=direct&sort=-reportedOn`,
      },
      {
        rel: 'related',
        type: 'application/json',
        href: `${PUBLIC_URL}/v1/statements?mode=direct&sort=-reportedOn`,
      },
    ]);
    expect(feed.updated).toBe(createClock(6)().toISOString());
    expect(feed.authors[0].name).toBe('Summit Facts');
    expect(headers['summit-facts-revision']).toBe('7');
  });

  it('replaces characters that XML does not allow', async () => {
    const { app } = await createHistoryApp([buildXssDossier()]);
    for (const path of ['statements', 'changes']) {
      const { body } = await get(app, `/v1/${path}.atom`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern is meant to match them
      expect(body).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
      expect(body).toContain('\u202egnp.exe \ufffd\ufffd\ufffd javascript');
      expect(body).toMatch(/<\/feed>\n$/);
    }
  });
});

describe('JSON Feed', () => {
  it('has the fact of an entry in an extension for programs', async () => {
    const { app } = await createHistoryApp();
    const { body } = await get(app, '/v1/statements.feed.json?limit=1');
    expect(body).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      feed_url: `${PUBLIC_URL}/v1/statements.feed.json?limit=1`,
      home_page_url: `${PUBLIC_URL}/explore?collection=statements&sort=-reportedOn`,
      _summit_facts: {
        listUrl: `${PUBLIC_URL}/v1/statements?sort=-reportedOn`,
        revision: 7,
        recordedAt: createClock(6)().toISOString(),
      },
    });
    const about = body.items[0]._summit_facts;
    const { body: fact } = await get(app, `/v1/statements/${about.id}`);
    const { type, id, version, revision, evidence } = fact;
    expect(about).toEqual({ type, id, version, revision, evidence });
    const changes = await get(app, '/v1/changes.feed.json?fact=battle-group-deployment/nato-slovakia');
    const [item] = changes.body.items;
    expect(item.date_published).toBe(item.date_modified);
    expect(item._summit_facts).toMatchObject({ id: 'nato-slovakia', version: 2, revision: 4 });
  });
});

it('responds to HEAD as to GET, also if only the store can detect an invalid parameter', async () => {
  const app = await createSeededApp();
  for (const url of [
    '/v1/changes.atom?after=5',
    '/v1/changes.feed.json?after=5',
    '/v1/statements.atom?asOf=9',
  ]) {
    const get = await app.inject(url);
    const head = await app.inject({ method: 'HEAD', url });
    const notModified = await app.inject({ url, headers: { 'if-none-match': '*' } });
    expect([url, get.statusCode, head.statusCode, notModified.statusCode]).toEqual([url, 400, 400, 400]);
  }
});
