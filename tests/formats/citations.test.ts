/** Citations, parsed with a third-party library. */
import '@citation-js/plugin-bibtex';
import '@citation-js/plugin-csl';
import '@citation-js/plugin-ris';
import { Cite } from '@citation-js/core';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../src/model/types/index.ts';
import { createApp, createStore, get, importInto, type Json } from '../support/app.ts';
import { buildDossier, buildDossierHistory } from '../support/dossier-builder.ts';
import { buildXssDossier, XSS_TITLE } from '../support/xss-fixtures.ts';

const PUBLIC_URL = 'https://facts.example.org';
const NOW = () => new Date('2031-05-02T10:00:00Z');

let app: FastifyInstance;
let revision: number;
beforeAll(async () => {
  const store = await createStore();
  const history = [...buildDossierHistory(), buildXssDossier()];
  for (const files of history) await importInto(store, files, { now: NOW });
  revision = history.length;
  app = await createApp(store, { publicUrl: PUBLIC_URL });
});

async function fetchCitation(path: string, style: string, query = ''): Promise<string> {
  const { status, body, headers } = await get(app, `/v1/${path}/cite?style=${style}${query}`);
  expect([path, style, status]).toEqual([path, style, 200]);
  expect(headers['content-type']).toBe('text/plain; charset=utf-8');
  return body;
}

const fetchCslItems = async (path: string, query = ''): Promise<Json[]> =>
  JSON.parse(await fetchCitation(path, 'csl-json', query));

/** CSL-JSON fields that citations use, without those that the parser adds. */
const CSL_FIELDS = [
  'id',
  'title',
  'author',
  'publisher',
  'container-title',
  'version',
  'issued',
  'language',
  'note',
  'URL',
];
const pickFields = (item: Json, names = CSL_FIELDS) =>
  Object.fromEntries(
    names.flatMap((name) => {
      // BibTeX has no mark for organizations but braces, so the parser takes the name for a family name.
      const value = name === 'author' ? getAuthorName(item) : item[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
const getAuthorName = ({ author }: Json) => author?.[0].literal ?? author?.[0].family;

/** Parses RIS strictly: each line has a tag, two spaces, a hyphen, a space and a value. */
function parseRis(text: string): Record<string, string>[] {
  expect(text).toMatch(/\r\n$/);
  const records: Record<string, string>[] = [];
  for (const line of text.slice(0, -2).split('\r\n')) {
    const [, tag = '', value = ''] = /^([A-Z][A-Z0-9]) {2}- (.*)$/u.exec(line) ?? [];
    expect(tag, line).not.toBe('');
    if (tag === 'TY') records.push({});
    const record = records.at(-1) as Record<string, string>;
    expect(record['ER'], line).toBeUndefined();
    record[tag] = value;
  }
  return records;
}

const formatIssued = (item: Json) =>
  item.issued?.['date-parts'][0].map((part: number) => String(part).padStart(2, '0')).join('/');

describe('a citation', () => {
  it('names the fact at its revision, and its source documents', async () => {
    expect(await fetchCslItems('battle-group-deployments/nato-slovakia')).toEqual([
      {
        id: 'battle-group-deployment-nato-slovakia',
        type: 'dataset',
        title: 'NATO battle group in Slovakia',
        author: [{ literal: 'Summit Facts' }],
        publisher: 'Summit Facts',
        'container-title': 'Summit Facts',
        version: '2',
        issued: { 'date-parts': [[2031, 5, 2]] },
        URL: `${PUBLIC_URL}/battle-group-deployments/nato-slovakia?asOf=${revision}`,
      },
      {
        id: 'source-brussels-2022-03-24',
        type: 'article-newspaper',
        title: 'Biden joins NATO, EU leaders in show of unity against Russia',
        issued: { 'date-parts': [[2022, 3, 24]] },
        language: 'en',
      },
      expect.objectContaining({
        id: 'source-correcting-2022-03-26',
        title: '\u201cWe had it wrong\u201d 🗞️',
        issued: { 'date-parts': [[2022, 3, 26]] },
      }),
    ]);
    const [fact, ...sources] = await fetchCslItems('battle-group-deployments/nato-slovakia', '&asOf=1');
    expect(fact).toMatchObject({ version: '1', URL: expect.stringMatching(/nato-slovakia\?asOf=1$/) });
    expect(sources.map(({ id }) => id)).toEqual(['source-brussels-2022-03-24']);
    const page = await get(app, fact.URL.slice(PUBLIC_URL.length));
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.body).toContain('This page shows revision 1,');
  });

  it('of a document has an item for the record and one for the document, without unknown fields', async () => {
    const [record, document, ...more] = await fetchCslItems('documents/wedding');
    expect(more).toEqual([]);
    expect([record.id, record.type]).toEqual(['document-wedding', 'dataset']);
    expect(document).toEqual({
      id: 'source-wedding',
      type: 'article-newspaper',
      title: 'Ministers meet in Riga',
      language: 'en',
    });
    expect(await fetchCitation('documents/wedding', 'text')).toMatch(
      /\nSource: "Ministers meet in Riga"\.\n$/,
    );
  });

  it('of a retracted fact notes the retraction and its reason', async () => {
    const [{ note }] = await fetchCslItems('people/biruta');
    expect(note).toBe('Retracted in revision 5: Nobody knows her');
    for (const style of ['bibtex', 'ris', 'text'])
      expect(await fetchCitation('people/biruta', style)).toContain(note);
  });

  it('as text has one sentence for each item', async () => {
    expect(await fetchCitation('figures/new-battle-groups', 'text')).toBe(
      '"New battle groups whose deployment was announced: 4 battle groups", Summit Facts, version 1, recorded on ' +
        `2031-05-02. ${PUBLIC_URL}/figures/new-battle-groups?asOf=${revision}\n` +
        'Source: "Biden joins NATO, EU leaders in show of unity against Russia", 2022-03-24.\n',
    );
    expect((await get(app, '/v1/figures/new-battle-groups/cite')).body).toBe(
      await fetchCitation('figures/new-battle-groups', 'text'),
    );
  });
});

describe('citations of every fact', () => {
  it.each(
    factTypes.map(({ collection }) => collection),
  )('%s: BibTeX and RIS have the same content as CSL-JSON', async (collection) => {
    const { body } = await get(app, `/v1/${collection}?include=retracted&limit=200`);
    const facts = body.data as Json[];
    expect(facts.length).toBeGreaterThan(0);
    for (const { id } of facts) await expectSameInAllStyles(`${collection}/${id}`);
  });

  it('agree if texts contain special characters of LaTeX, BibTeX and RIS', async () => {
    const [fact, source] = await fetchCslItems('statements/hostile-words');
    expect(fact.title).toContain(
      'O\'Neill & "Sons" <b onmouseover=alert(4)>\u202e 100% {x} $5 #1 a_b ~ ^ \\end:',
    );
    expect(source).toMatchObject({
      title: XSS_TITLE,
      publisher: 'Ādaži & Co_50% {Zeitung}',
      'container-title': 'Ādaži & Co_50% {Zeitung}',
      URL: 'https://news.example/a_b?x=1&y=%20#z~t',
    });
    await expectSameInAllStyles('statements/hostile-words');
    const bibtex = await fetchCitation('statements/hostile-words', 'bibtex');
    expect(bibtex).toContain('publisher = {Ādaži \\& Co\\_50\\% \\textbraceleft{}Zeitung\\textbraceright{}}');
    expect(bibtex.match(/{/g)?.length).toBe(bibtex.match(/}/g)?.length);
  });

  it('agree if a text contains line breaks and the end of a record', async () => {
    const store = await createStore();
    const title = 'One\r\nER  - \r\n\r\nTY  - EVIL\nTI  - \u0085Two\u2028@misc{x,\n}';
    await importInto(
      store,
      buildDossier({
        id: 'lines',
        source: 'Nothing.',
        document: { title },
        uncovered: [{ quote: 'Nothing', reason: 'A test' }],
      }),
    );
    const lines = await createApp(store, { publicUrl: PUBLIC_URL });
    const misleadingTitle = 'One ER - TY - EVIL TI - Two @misc{x, }';
    const ris = (await get(lines, '/v1/documents/lines/cite?style=ris')).body;
    expect(parseRis(ris).map(({ TY, TI }) => [TY, TI])).toEqual([
      ['DATA', misleadingTitle],
      ['NEWS', misleadingTitle],
    ]);
    const bibtex = (await get(lines, '/v1/documents/lines/cite?style=bibtex')).body;
    expect(new Cite(bibtex).data.map((item) => item['title'])).toEqual([misleadingTitle, misleadingTitle]);
  });
});

async function expectSameInAllStyles(path: string): Promise<void> {
  const items = await fetchCslItems(path);
  const fromBibtex = new Cite(await fetchCitation(path, 'bibtex')).data;
  expect(fromBibtex.map((item) => pickFields(item))).toEqual(
    // The journal of an article is its publisher; BibTeX has no container field for a dataset.
    items.map((item) =>
      pickFields(item.type === 'dataset' ? { ...item, 'container-title': undefined } : item),
    ),
  );
  const ris = await fetchCitation(path, 'ris');
  expect(parseRis(ris)).toEqual(
    items.map((item) => {
      const day = formatIssued(item);
      return {
        TY: item.type === 'dataset' ? 'DATA' : 'NEWS',
        ID: item.id,
        TI: item.title,
        ...(item.author && { AU: item.author[0].literal }),
        ...(item['container-title'] && { T2: item['container-title'] }),
        ...(item.publisher && { PB: item.publisher }),
        ...(item.version && { ET: item.version }),
        ...(day && { PY: day.slice(0, 4), DA: `${day}/` }),
        ...(item.language && { LA: item.language }),
        ...(item.note && { N1: item.note }),
        ...(item.URL && { UR: item.URL }),
        ER: '',
      };
    }),
  );
  // The parser reads only the year of a date, and no container of a dataset.
  const names = ['id', 'title', 'publisher', 'language', 'note', 'URL'];
  expect(new Cite(ris).data.map((item) => pickFields(item, names))).toEqual(
    items.map((item) => pickFields(item, names)),
  );
}

describe('styles', () => {
  const STYLES = ['apa', 'harvard1', 'vancouver'];

  it.each(
    factTypes.map(({ collection }) => collection),
  )('print the title of each of the %s and of its sources once', async (collection) => {
    const { body } = await get(app, `/v1/${collection}?include=retracted&limit=200`);
    for (const { id } of body.data as Json[]) {
      for (const item of await fetchCslItems(`${collection}/${id}`)) {
        for (const template of STYLES) {
          // Styles change the quotation marks, and the case of the first letters.
          const { URL: _, ...printed } = item;
          const [text, title] = [formatReference(printed, template), item.title].map(normalizeTitle);
          expect(text?.split(title as string).length, text).toBe(2);
        }
      }
    }
  });

  it('begin with the organization, and have its name as it is', async () => {
    const [fact, source] = await fetchCslItems('statements/hostile-words');
    for (const template of ['apa', 'harvard1']) {
      expect(formatReference(fact, template)).toMatch(/^Summit Facts /);
      expect(formatReference(source, template)).toMatch(/^Ādaži & Co_50% {Zeitung} /);
    }
    expect(fact.author).toEqual([{ literal: 'Summit Facts' }]);
    expect(source.author).toEqual([{ literal: source.publisher }]);
  });
});

/** Formats the reference with a real style, without periods, which some styles put after names. */
const formatReference = (item: Json, template: string): string =>
  new Cite([item])
    .format('bibliography', { template, format: 'text', lang: 'en-US' })
    .replace(/^1\. /, '')
    .replace(/^([^.(]*)\. /, '$1 ');

const normalizeTitle = (text: string) => text.toLowerCase().replaceAll(/["'\u2018-\u201d]/g, '');

describe('the response', () => {
  it('has a file name, supports conditional requests, and is the same for the same revision', async () => {
    const url = '/v1/people/jens-stoltenberg/cite';
    for (const [style, name] of [
      ['bibtex', 'jens-stoltenberg.bib'],
      ['ris', 'jens-stoltenberg.ris'],
      ['csl-json', 'jens-stoltenberg.json'],
      ['text', 'jens-stoltenberg.txt'],
    ]) {
      const { headers, body } = await get(app, `${url}?style=${style}`);
      expect(headers['content-disposition']).toBe(`inline; filename="${name}"`);
      const etag = headers['etag'] as string;
      expect((await get(app, `${url}?style=${style}`, { 'if-none-match': etag })).status).toBe(304);
      expect((await get(app, `${url}?style=${style}&asOf=${revision}`)).body).toBe(body);
    }
  });

  it('is 404, 308 or 400 as for other requests about a fact', async () => {
    expect((await get(app, '/v1/people/missing/cite')).status).toBe(404);
    const redirect = await get(app, '/v1/people/ilze/cite?style=ris');
    expect([redirect.status, redirect.headers['location']]).toEqual([
      308,
      '/v1/people/ilze-abele/cite?style=ris',
    ]);
    const { status, body } = await get(app, '/v1/people/jens-stoltenberg/cite?style=apa');
    expect([status, body.errors[0].detail]).toEqual([
      400,
      'must be one of bibtex, ris, csl-json, text (given: "apa")',
    ]);
  });
});
