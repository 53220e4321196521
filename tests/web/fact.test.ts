/** The page of a fact, as the server draws it. */
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
/** After imports in which every kind of change came about. */
let eventful: FastifyInstance;
beforeAll(async () => {
  app = await createApp(await createSeededStore(), { publicUrl: PUBLIC_URL });
  const store: Store = await createStore();
  for (const dossier of buildDossierHistory()) await importInto(store, dossier);
  eventful = await createApp(store, { publicUrl: PUBLIC_URL });
});

const evidencedTypes = factTypes.filter(({ hasEvidence }) => hasEvidence !== false);

/** The rows of the list of fields, by name. */
function getFieldRows(page: HtmlPage): Map<string, string> {
  return new Map(
    page.root.querySelectorAll('.field').map((row) => [row.querySelector('dt')?.text ?? '', row.text]),
  );
}

describe.each(evidencedTypes)('the page of each of $collection', ({ collection, fieldNames }) => {
  it('has every field with what carries it, and names those that are not stated', async () => {
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
      for (const words of rows.values()) expect(words).not.toContain('Carried by no words');
    }
  });
});

describe('the page of a fact', () => {
  it('leads to the passage that carries a value', async () => {
    const page = await fetchPage(app, '/battle-group-deployments/nato-romania');
    const [first = ''] = getAttributes(page, '.field blockquote a', 'href');
    const passage = await fetchPage(app, first.replace(/#.*/, ''));
    const lit = passage.root
      .querySelectorAll('.highlighted')
      .map(({ text }) => text)
      .join('');
    expect(lit).toBe(page.root.querySelector('.field blockquote mark')?.text);
  });

  it('has what refers to it, and the way to all of that', async () => {
    const { body } = await get(app, '/v1/events/war-in-ukraine/references?limit=200');
    const page = await fetchPage(app, '/events/war-in-ukraine');
    const links = getAttributes(page, '.backlink-groups li a', 'href');
    expect(links.sort()).toEqual(body.data.map(({ links: { html } }: Json) => html).sort());
    for (const explore of getAttributes(page, '.backlink-groups .small a', 'href')) {
      expect([explore, (await fetchPage(app, explore)).status]).toEqual([explore, 200]);
    }
  });

  it('cites as the API cites, and is to be had in every format', async () => {
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

  it('tells programs where else it is, and what it is', async () => {
    const page = await fetchPage(app, '/statements/kallas-stop-the-war-criminal');
    const card = page.root.querySelector('link[type="application/json+oembed"]')?.getAttribute('href') ?? '';
    const oembed = await get(app, card.replace(PUBLIC_URL, '').replaceAll('&amp;', '&'));
    expect([oembed.status, oembed.body.author_name]).toEqual([200, 'Kaja Kallas']);
    const { body } = await get(app, '/v1/statements/kallas-stop-the-war-criminal.jsonld');
    const [data = ''] = page.root
      .querySelectorAll('script[type="application/ld+json"]')
      .map(({ text }) => text);
    expect(JSON.parse(data)).toEqual(body);
    expect(getAttributes(page, 'link[rel=canonical]', 'href')).toEqual([
      `${PUBLIC_URL}/statements/kallas-stop-the-war-criminal`,
    ]);
    expect(getAttributes(page, 'meta[property="og:url"]', 'content')).toEqual([
      `${PUBLIC_URL}/statements/kallas-stop-the-war-criminal`,
    ]);
  });

  it('offers a frame with the card', async () => {
    const page = await fetchPage(app, '/figures/new-battle-groups');
    expect(getAttributes(page, 'iframe', 'src')).toEqual(['/embed/figures/new-battle-groups']);
    expect(page.root.querySelector('[data-copy-label="the code of the frame"] code')?.text).toContain(
      `src="${PUBLIC_URL}/embed/figures/new-battle-groups"`,
    );
  });
});

describe('what has changed', () => {
  it('is said first where the record was wrong, with what it said before', async () => {
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

  it('is said first where a fact was withdrawn', async () => {
    const { body } = await get(eventful, '/v1/corrections?limit=200');
    const withdrawn = body.data.filter(({ cause }: Json) => cause === 'retraction');
    expect(withdrawn.length).toBeGreaterThan(0);
    for (const { fact, reason } of withdrawn as Json[]) {
      const page = await fetchPage(eventful, fact.links.html);
      expect(getTexts(page, '.notice.retracted').join()).toContain(reason);
      expect(page.html.indexOf('Withdrawn')).toBeLessThan(page.html.indexOf('class="fields"'));
    }
  });

  it('has every version, by whom and why, and leads to what it was then', async () => {
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
      expect(getTexts(first, '.notice.as-of').join()).toContain('As it was recorded at revision');
    }
  });

  it('leads from an id that a fact had to the one that it has', async () => {
    const page = await fetchPage(eventful, '/people/ilze?utm_source=mail');
    const clean = await fetchPage(eventful, page.headers['location'] as string);
    expect([page.status, clean.status, clean.headers['location']]).toEqual([302, 308, '/people/ilze-abele']);
    const card = await fetchPage(eventful, '/embed/people/ilze');
    expect([card.status, card.headers['location']]).toEqual([308, '/embed/people/ilze-abele']);
    const old = await fetchPage(eventful, '/people/ilze?asOf=3');
    expect(old.status).toBe(200);
  });
});

it('cannot be broken out of', async () => {
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

describe('what is named in very many texts', () => {
  it('is told in words that have an end, and corrected first', async () => {
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
    expect(getTexts(named, '.field details > p')).toEqual(['and 31 in the fact as JSON']);
    expect(named.root.querySelectorAll('script[type="application/ld+json"]').length).toBe(0);
    expect(getTexts(named, '#history ~ .none')).toEqual(['Nothing so far.']);
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

it('is described in the words of its source, quoted only where the source quotes', async () => {
  const fetchDescription = async (id: string) =>
    getAttributes(await fetchPage(app, `/statements/${id}`), 'meta[property="og:description"]', 'content')[0];
  expect(await fetchDescription('leaders-nato-would-not-back-down')).toBe(
    'Leaders: NATO would not back down',
  );
  expect(await fetchDescription('kallas-steps-to-make-us-afraid')).toBe(
    'Kaja Kallas: The Kremlin leader is taking steps \u201cto make us afraid\u201d and \u201cdeter us from helping Ukraine further or making additional steps\u201d',
  );
});
