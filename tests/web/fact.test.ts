/** Fact pages, as the server renders them. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { citationStyles } from '../../src/formats/citations/index.ts';
import { getFormats } from '../../src/formats/index.ts';
import { factTypes } from '../../src/model/types/index.ts';
import type { Store } from '../../src/store/open.ts';
import { humanize } from '../../src/web/format-values.ts';
import { createApp, createSeededStore, createStore, get, importInto, type Json } from '../support/app.ts';
import { buildDossier, buildDossierHistory } from '../support/dossier-builder.ts';
import {
  fetchPage,
  findCspViolations,
  getAttributes,
  getTexts,
  type HtmlPage,
} from '../support/html-page.ts';
import { buildXssDossier } from '../support/xss-fixtures.ts';

const PUBLIC_URL = 'https://facts.example';
const { 'csl-json': _, ...otherStyles } = citationStyles;

let app: FastifyInstance;
/** App with a store whose imports contain every kind of change. */
let eventful: FastifyInstance;
beforeAll(async () => {
  app = await createApp(await createSeededStore(), { publicUrl: PUBLIC_URL });
  const store: Store = await createStore();
  for (const dossier of buildDossierHistory()) await importInto(store, dossier);
  eventful = await createApp(store, { publicUrl: PUBLIC_URL });
});

const evidencedTypes = factTypes.filter(({ hasEvidence }) => hasEvidence !== false);

/** Rows of the list of fields, by name. */
function getFieldRows(page: HtmlPage): Map<string, string> {
  return new Map(
    page.root.querySelectorAll('.field').map((row) => [row.querySelector('dt')?.text ?? '', row.text]),
  );
}

describe.each(evidencedTypes)('fact pages of $collection', ({ collection, fieldNames }) => {
  it('show every field with its evidence, and name the fields that are not stated', async () => {
    const { body } = await get(app, `/v1/${collection}?limit=200`);
    for (const fact of body.data as Json[]) {
      const page = await fetchPage(app, fact.links.html);
      expect([fact.id, page.status, findCspViolations(page)]).toEqual([fact.id, 200, []]);
      const rows = getFieldRows(page);
      const namedFields = fieldNames.filter(
        (name) => ![null, undefined].includes(fact[name]) && String(fact[name]) !== '',
      );
      expect(rows.size).toBe(namedFields.length);
      for (const { exact, supports } of fact.evidence as Json[]) {
        for (const name of supports)
          expect(
            [...rows.values()].some((row) => row.includes(exact)),
            `${fact.id} ${name}`,
          ).toBe(true);
      }
      for (const { note } of fact.inferences as Json[]) expect(page.root.text).toContain(note);
      for (const words of rows.values()) expect(words).not.toContain('No supporting evidence');
    }
  });
});

describe('fact page', () => {
  it('links to the passage that supports a value', async () => {
    const page = await fetchPage(app, '/battle-group-deployments/nato-romania');
    const [first = ''] = getAttributes(page, '.field blockquote a', 'href');
    const passage = await fetchPage(app, first.replace(/#.*/, ''));
    const highlights = passage.root
      .querySelectorAll('.highlighted')
      .map(({ text }) => text)
      .join('');
    expect(highlights).toBe(page.root.querySelector('.field blockquote mark')?.text);
  });

  it('lists the references to the fact, with links to tables of all of them', async () => {
    const { body } = await get(app, '/v1/events/war-in-ukraine/references?limit=200');
    const page = await fetchPage(app, '/events/war-in-ukraine');
    const links = getAttributes(page, '.backlink-groups li a', 'href');
    expect(links.sort()).toEqual(
      body.data.map(({ links: { html } }: Json) => html.replace('https://facts.example', '')).sort(),
    );
    for (const explore of getAttributes(page, '.backlink-groups .small a', 'href')) {
      expect([explore, (await fetchPage(app, explore)).status]).toEqual([explore, 200]);
    }
  });

  it('has the same citation as the API, and links to every format', async () => {
    const page = await fetchPage(app, '/statements/kallas-stop-the-war-criminal');
    const { body } = await get(app, '/v1/statements/kallas-stop-the-war-criminal/cite');
    expect(page.root.querySelector('[data-copy-label="the citation"] code')?.text).toBe(body.trim());
    const links = [
      ...getAttributes(page, '.formats a', 'href'),
      ...getAttributes(page, '#use ~ p a', 'href'),
    ];
    const statements = factTypes.find(({ type }) => type === 'statement');
    expect(links.length).toBe(2 + getFormats(statements as never).length + Object.keys(otherStyles).length);
    for (const url of links) expect([url, (await get(app, url)).status]).toEqual([url, 200]);
  });

  it('has oEmbed, JSON-LD and canonical URL in its head', async () => {
    const page = await fetchPage(app, '/statements/kallas-stop-the-war-criminal');
    const card = page.root.querySelector('link[type="application/json+oembed"]')?.getAttribute('href') ?? '';
    const oembed = await get(app, card.replace(PUBLIC_URL, '').replaceAll('&amp;', '&'));
    expect([oembed.status, oembed.body.author_name]).toEqual([200, 'Kaja Kallas']);
    const { body } = await get(app, '/v1/statements/kallas-stop-the-war-criminal.jsonld');
    const [data = ''] = page.root
      .querySelectorAll('script[type="application/ld+json"]')
      .map(({ text }) => text);
    const { '@context': context, ...node } = JSON.parse(data);
    expect({ ...node, '@context': body['@context'] }).toEqual(body);
    expect(context[0]).toBe('https://schema.org');
    expect(getAttributes(page, 'link[rel=canonical]', 'href')).toEqual([
      `${PUBLIC_URL}/statements/kallas-stop-the-war-criminal`,
    ]);
    expect(getAttributes(page, 'meta[property="og:url"]', 'content')).toEqual([
      `${PUBLIC_URL}/statements/kallas-stop-the-war-criminal`,
    ]);
  });

  it('offers embed code and a preview of the card', async () => {
    const page = await fetchPage(app, '/figures/new-battle-groups');
    expect(getAttributes(page, 'iframe', 'src')).toEqual(['/embed/figures/new-battle-groups']);
    expect(page.root.querySelector('[data-copy-label="the embed code"] code')?.text).toContain(
      `src="${PUBLIC_URL}/embed/figures/new-battle-groups"`,
    );
  });
});

describe('changed facts', () => {
  it('start with a correction notice that has the previous values', async () => {
    const { body } = await get(eventful, '/v1/corrections?limit=200');
    const corrections = body.data.filter(({ cause }: Json) => cause === 'correction');
    expect(corrections.length).toBeGreaterThan(0);
    for (const { fact, reason, fields } of corrections as Json[]) {
      const page = await fetchPage(eventful, fact.links.html);
      const [notice = ''] = getTexts(page, '.notice.corrected');
      expect(notice).toContain(reason);
      for (const { field } of fields.filter(({ field }: Json) => !['evidence', 'inferences'].includes(field)))
        expect(notice).toContain(humanize(field));
      expect(page.root.querySelectorAll('.notice del, .notice ins').length).toBeGreaterThan(0);
    }
  });

  it('start with a notice if the fact was retracted', async () => {
    const { body } = await get(eventful, '/v1/corrections?limit=200');
    const withdrawn = body.data.filter(({ cause }: Json) => cause === 'retraction');
    expect(withdrawn.length).toBeGreaterThan(0);
    for (const { fact, reason } of withdrawn as Json[]) {
      const page = await fetchPage(eventful, fact.links.html);
      expect(getTexts(page, '.notice.retracted').join()).toContain(reason);
      expect(page.html.indexOf('Retracted')).toBeLessThan(page.html.indexOf('class="fields"'));
    }
  });

  it('list every version, with links to the fact at that revision', async () => {
    const { body } = await get(eventful, '/v1/changes?limit=200');
    const modifications = body.data.filter(({ op }: Json) => op === 'modify');
    for (const { fact } of modifications.slice(0, 5) as Json[]) {
      const { body: versions } = await get(eventful, `${fact.links.self}/versions`);
      const page = await fetchPage(eventful, fact.links.html);
      expect(getAttributes(page, '.versions > li', 'value').map(Number)).toEqual(
        versions.data.map(({ version }: Json) => version).reverse(),
      );
      const pastLinks = getAttributes(page, '.versions a[rel=nofollow]', 'href');
      const first = await fetchPage(eventful, pastLinks.at(-1) as string);
      expect(first.status).toBe(200);
      expect(getTexts(first, '.notice.as-of').join()).toContain('This page shows revision');
    }
  });

  it('redirect from a previous id to the current one', async () => {
    const page = await fetchPage(eventful, '/people/ilze?utm_source=mail');
    const clean = await fetchPage(eventful, page.headers['location'] as string);
    expect([page.status, clean.status, clean.headers['location']]).toEqual([302, 308, '/people/ilze-abele']);
    const card = await fetchPage(eventful, '/embed/people/ilze');
    expect([card.status, card.headers['location']]).toEqual([308, '/embed/people/ilze-abele']);
    const old = await fetchPage(eventful, '/people/ilze?asOf=3');
    expect(old.status).toBe(200);
  });
});

it('escapes hostile texts', async () => {
  const store = await createStore();
  await importInto(store, buildXssDossier());
  const hostile = await createApp(store);
  for (const url of [
    '/people/oneill',
    '/statements/hostile-words',
    '/documents/hostile',
    '/embed/statements/hostile-words',
    '/embed/people/oneill',
  ]) {
    const page = await fetchPage(hostile, url);
    expect([
      url,
      page.status,
      findCspViolations(page),
      page.root.querySelectorAll('b, i, img').length,
    ]).toEqual([url, 200, [], 0]);
  }
});

describe('a fact with evidence in very many documents', () => {
  it('has a page of limited length, which starts with corrections', async () => {
    const store = await createStore();
    const createWally = (id: string, more: object) =>
      buildDossier({
        id,
        source: 'Wally was there. He was late.',
        uncovered: [{ quote: 'He was late.', reason: 'No fact' }],
        ...more,
      });
    const ownFields = {
      type: 'person',
      id: 'wally',
      name: 'Wally',
      evidence: [{ quote: 'Wally', supports: ['name'] }],
    };
    await importInto(store, createWally('report-0', { facts: [ownFields] }));
    for (let n = 1; n <= 60; n += 1) {
      const adds = [{ fact: 'person/wally', evidence: [{ quote: 'Wally', supports: ['name'] }] }];
      await importInto(store, createWally(`report-${n}`, { adds }));
    }
    const many = await createApp(store);
    const named = await fetchPage(many, '/people/wally');
    expect(named.root.querySelectorAll('.field blockquote').length).toBe(30);
    expect(getTexts(named, '.field details > p')).toEqual(['and 31 more in the JSON version of this fact']);
    expect(named.root.querySelectorAll('script[type="application/ld+json"]').length).toBe(0);
    expect(getTexts(named, '#history ~ .none')).toEqual(['None so far.']);
    const corrects = [
      {
        fact: 'person/wally',
        fields: { name: 'Wally Smith' },
        evidence: [{ quote: 'Wally', supports: ['name'] }],
        reason: 'That is his whole name',
      },
    ];
    await importInto(store, createWally('report-61', { corrects }));
    const page = await fetchPage(many, '/people/wally');
    expect(getTexts(page, '.notice.corrected').join()).toContain('That is his whole name');
    expect(getTexts(page, '.versions li').length).toBe(1);
  });
});

it('has a description in the words of the source, in quotation marks only where the source has them', async () => {
  const fetchDescription = async (id: string) =>
    getAttributes(await fetchPage(app, `/statements/${id}`), 'meta[property="og:description"]', 'content')[0];
  expect(await fetchDescription('leaders-nato-would-not-back-down')).toBe(
    'Leaders: NATO would not back down',
  );
  expect(await fetchDescription('kallas-steps-to-make-us-afraid')).toBe(
    'Kaja Kallas: The Kremlin leader is taking steps \u201cto make us afraid\u201d and \u201cdeter us from helping Ukraine further or making additional steps\u201d',
  );
});
