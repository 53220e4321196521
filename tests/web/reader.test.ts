/** HTML of the reader, which is complete without scripts. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { redactDocument } from '../../src/store/import/redact.ts';
import { createApp, createSeededStore, createStore, get, importInto, type Json } from '../support/app.ts';
import { buildDossier, buildEventDossier } from '../support/dossier-builder.ts';
import {
  fetchPage,
  findCspViolations,
  getAttributes,
  getTexts,
  type HtmlPage,
} from '../support/html-page.ts';

const READER_PATH = '/documents/brussels-2022-03-24';

let app: FastifyInstance;
let text: string;
let readerPage: HtmlPage;
beforeAll(async () => {
  app = await createApp(await createSeededStore());
  text = (await get(app, `/v1${READER_PATH}/text`)).body;
  readerPage = await fetchPage(app, READER_PATH);
});

/** Facts of all types except documents, with their spans in the text. */
async function fetchAllFacts(): Promise<Json[]> {
  const { body } = await get(app, `/v1${READER_PATH}/facts?limit=200`);
  return body.data;
}

/** Types and ids of the visible facts in the panel. */
const getVisibleFacts = ({ root }: HtmlPage): string[] =>
  root.querySelectorAll('.fact-item:not([hidden])').map((item) => item.getAttribute('data-fact') ?? '');

describe('reader', () => {
  it('has the exact text, line by line', () => {
    const lines = getTexts(readerPage, '.line').map((line) => line.replace(/ ¶$/, ''));
    expect(lines).toEqual(text.split('\n').filter(Boolean));
  });

  it('highlights every span of every fact by its type', async () => {
    const facts = await fetchAllFacts();
    const numbers = new Map(
      readerPage.root
        .querySelectorAll('.fact-item')
        .map((item) => [item.getAttribute('data-fact'), item.getAttribute('data-index')]),
    );
    expect(numbers.size).toBe(facts.length);
    for (const { type, id, evidence } of facts) {
      const n = numbers.get(`${type}/${id}`) as string;
      const segments = readerPage.root
        .querySelectorAll('.segment')
        .filter((segment) => segment.getAttribute('data-facts')?.split(' ').includes(n));
      const markedLength = segments.reduce((sum, { text: words }) => sum + Array.from(words).length, 0);
      const expected = new Set<number>();
      for (const { start, end } of evidence)
        for (let index = start; index < end; index += 1) if (text[index] !== '\n') expected.add(index);
      expect([id, markedLength]).toEqual([id, expected.size]);
      for (const segment of segments) expect(segment.querySelector(`.type-${type}`)).not.toBeNull();
    }
  });

  it('marks the gaps of the coverage', async () => {
    const { body } = await get(app, `/v1${READER_PATH}/coverage`);
    expect(body.gaps.length).toBeGreaterThan(0);
    expect(readerPage.root.querySelectorAll('.gap').map(({ text: words }) => words)).toEqual(
      body.gaps.map(({ exact }: { exact: string }) => exact),
    );
  });

  it('shows all evidence of a fact with the supported fields, and its inferences', () => {
    const item = readerPage.root.querySelector('[data-fact="event/eu-summit-2022-03-24"]');
    const itemText = item?.text ?? '';
    expect(item?.querySelectorAll('blockquote').length).toBe(4);
    expect(itemText).toContain('end date');
    expect(itemText).toContain('the European Council met on 24 and 25 March 2022');
    expect(itemText).toContain('common knowledge');
    expect(item?.querySelector('blockquote a')?.getAttribute('href')).toMatch(
      /^\/documents\/brussels.*\?end=\d+&start=\d+#passage$/,
    );
  });

  it('has no inline scripts and styles', () => {
    expect(findCspViolations(readerPage)).toEqual([]);
  });
});

describe('a passage', () => {
  it('is highlighted, and only its facts are visible, as returned by the API', async () => {
    const page = await fetchPage(app, `${READER_PATH}?start=1222&end=1263`);
    const highlights = page.root
      .querySelectorAll('.highlighted')
      .map(({ text: words }) => words)
      .join('');
    expect(highlights).toBe(text.slice(1222, 1263));
    expect(page.root.querySelectorAll('#passage').length).toBe(1);
    const { body } = await get(app, `/v1${READER_PATH}/facts?start=1222&end=1263&limit=200`);
    expect(getVisibleFacts(page).sort()).toEqual(
      body.data.map(({ type, id }: Json) => `${type}/${id}`).sort(),
    );
    expect(getTexts(page, '#facts-title')).toEqual([`${body.data.length} facts in this passage`]);
  });

  it('has links from highlights and from every paragraph', async () => {
    const hrefs = [
      ...getAttributes(readerPage, '.segment', 'href').filter((_, n) => n % 10 === 0),
      ...getAttributes(readerPage, '.permalink', 'href'),
    ];
    for (const href of hrefs) {
      const { status, root } = await fetchPage(app, READER_PATH + href.replace(/#.*/, ''));
      const highlights = root
        .querySelectorAll('.highlighted')
        .map(({ text: words }) => words)
        .join('');
      const { searchParams } = new URL(href, 'http://x');
      const exact = text.slice(Number(searchParams.get('start')), Number(searchParams.get('end')));
      expect([href, status, highlights]).toEqual([href, 200, exact]);
    }
  });

  it.each([
    ['start=3000', 'start'],
    ['end=99999', 'end'],
    ['start=20&end=10', 'start'],
    ['start=x', 'start'],
    ['fact=person', 'fact'],
    ['type=nothing', 'type'],
    ['part=0', 'part'],
  ])('is rejected if it is not valid: %s', async (query, parameter) => {
    const page = await fetchPage(app, `${READER_PATH}?${query}`);
    expect([page.status, getTexts(page, '.problem li code')]).toEqual([400, [parameter]]);
  });
});

describe('a fact in view', () => {
  it('has all its evidence highlighted', async () => {
    const page = await fetchPage(app, `${READER_PATH}?fact=person/volodymyr-zelensky`);
    expect(getVisibleFacts(page)).toEqual(['person/volodymyr-zelensky']);
    const highlights = page.root
      .querySelectorAll('.highlighted')
      .map(({ text: words }) => words)
      .join('|');
    expect(highlights.replaceAll('|', '')).toBe('Ukrainian President Volodymyr ZelenskyThe Ukrainian leader');
    expect(page.root.querySelector('.fact-item:not([hidden]) details')?.hasAttribute('open')).toBe(true);
  });

  it('returns 404 if it does not exist', async () => {
    expect((await fetchPage(app, `${READER_PATH}?fact=person/missing`)).status).toBe(404);
  });
});

it('shows only the requested types', async () => {
  const page = await fetchPage(app, `${READER_PATH}?type=event,figure`);
  expect(new Set(getVisibleFacts(page).map((fact) => fact.split('/')[0]))).toEqual(
    new Set(['event', 'figure']),
  );
  expect(page.root.querySelectorAll('.source .type-person:not(.off)').length).toBe(0);
  expect(page.root.querySelectorAll('.source .type-event:not(.off)').length).toBeGreaterThan(0);
  const none = await fetchPage(app, `${READER_PATH}?type=none`);
  expect([getVisibleFacts(none), none.root.querySelectorAll('.track:not(.off)').length]).toEqual([[], 0]);
  expect(getAttributes(page, '.types input[checked]', 'value')).toEqual(['event', 'figure']);
});

describe('texts that may not be shown completely', () => {
  it('are reduced to evidence with its context', async () => {
    const store = await createStore();
    const filler = 'No fact is drawn from this sentence, which is rather long, and stands between. ';
    await importInto(
      store,
      buildDossier({
        id: 'excerpts',
        source: `Biruta votes in the council. ${filler}${filler}Biruta speaks.`,
        document: { rights: { statement: 'Quotations only', display: 'excerpts' } },
        facts: [
          {
            type: 'person',
            id: 'biruta',
            name: 'Biruta',
            evidence: [
              { quote: 'Biruta', suffix: ' votes', supports: ['name'] },
              { quote: 'Biruta', suffix: ' speaks', supports: ['name'] },
            ],
          },
        ],
        uncovered: [{ quote: `${filler}${filler}`.trim(), reason: 'Nothing in it' }],
      }),
    );
    const page = await fetchPage(await createApp(store), '/documents/excerpts');
    expect(getTexts(page, '.line').map((line) => line.replace(/ ¶$/, ''))).toEqual([
      'Biruta votes in the council. No fact i',
      'ather long, and stands between. Biruta speaks.',
    ]);
    expect(page.html).not.toContain('drawn from this sentence');
    expect(getTexts(page, '.source .notice')[0]).toContain('allow only excerpts');
  });

  it('show the reason if they were redacted', async () => {
    const store = await createSeededStore();
    await redactDocument(store, 'brussels-2022-03-24', {
      author: 'legal desk',
      reason: 'Court order 7 O 12/22',
    });
    const page = await fetchPage(await createApp(store), READER_PATH);
    expect([page.status, page.root.querySelectorAll('.segment').length]).toEqual([200, 0]);
    expect(getTexts(page, '.notice').join()).toContain('Court order 7 O 12/22');
    expect(page.html).not.toContain('is meeting NATO and EU leaders');
  });
});

describe('a long text', () => {
  it('is shown part by part, each with its own facts', async () => {
    const store = await createStore();
    const events = Array.from({ length: 700 }, (_, n) => ({ id: `gathering-${n}` }));
    await importInto(store, buildEventDossier(events, 'long'));
    const long = await createApp(store);
    const facts: string[] = [];
    const lines: string[] = [];
    for (let url: string | undefined = '/documents/long'; url; ) {
      const page: HtmlPage = await fetchPage(long, url);
      expect(page.status).toBe(200);
      facts.push(...getVisibleFacts(page));
      lines.push(...getTexts(page, '.line').map((line) => line.replace(/ ¶$/, '')));
      url = page.root
        .querySelectorAll('.part-nav a')
        .find(({ text: name }) => name === 'Next part')
        ?.getAttribute('href');
    }
    expect(lines.join('\n')).toBe((await get(long, '/v1/documents/long/text')).body);
    expect(facts).toEqual(events.map(({ id }) => `event/${id}`));
    const last = await fetchPage(long, '/documents/long?fact=event/gathering-699');
    expect(getTexts(last, '.part-nav span')).toEqual(['Part 3 of 3']);
    expect(getVisibleFacts(last)).toEqual(['event/gathering-699']);
  });
});

describe('rare cases', () => {
  const person = (id: string, name: string, quote = name) => ({
    type: 'person',
    id,
    name,
    evidence: [{ quote, supports: ['name'] }],
  });

  it('finds a renamed fact by its previous id', async () => {
    const store = await createStore();
    const source = 'Renard speaks. Biruta listens.';
    const facts = (id: string) => [
      person(id, 'Renard', 'Renard speaks'),
      person('biruta', 'Biruta', 'Biruta listens'),
    ];
    await importInto(store, buildDossier({ id: 'renard', source, facts: facts('renard') }));
    const renames = [{ from: 'person/renard', to: 'reynard' }];
    await importInto(store, buildDossier({ id: 'renard', source, facts: facts('reynard'), renames }));
    const page = await fetchPage(await createApp(store), '/documents/renard?fact=person/renard');
    expect([page.status, getVisibleFacts(page)]).toEqual([200, ['person/reynard']]);
    expect(page.root.querySelectorAll('.highlighted').map(({ text: words }) => words)).toEqual([
      'Renard speaks',
    ]);
  });

  it('clips overlapping excerpts that are longer than a part', async () => {
    const store = await createStore();
    const line = `Alpha ${'w '.repeat(12_000)}omega`;
    await importInto(
      store,
      buildDossier({
        id: 'long-excerpts',
        source: line,
        document: { rights: { statement: 'Quotations only', display: 'excerpts' } },
        facts: [person('alpha', 'Alpha', 'Alpha w w w w'), person('all', 'All', line)],
      }),
    );
    const excerpts = await createApp(store);
    const texts = [];
    for (const part of [1, 2, 3]) {
      const page = await fetchPage(excerpts, `/documents/long-excerpts?part=${part}`);
      expect(page.status).toBe(200);
      texts.push(
        page.root
          .querySelectorAll('.segment')
          .map(({ text: words }) => words)
          .join(''),
      );
    }
    expect(texts.join('')).toBe(line);
    expect(texts.map(({ length }) => length)).toEqual([10_000, 10_000, line.length - 20_000]);
  });

  it('ends no highlight between a letter and its mark', async () => {
    const store = await createStore();
    const person = {
      type: 'person',
      id: 'zoe',
      name: 'Zoe',
      evidence: [{ quote: 'Zoe', suffix: '\u0301', supports: ['name'] }],
    };
    const dossier = buildDossier({
      id: 'accents',
      source: 'Zoe\u0301 votes. Renate\u0301 too.',
      facts: [person],
      uncovered: [{ quote: 'Renate\u0301 too', reason: 'Nothing is drawn from it' }],
    });
    await importInto(store, dossier);
    const withMarks = await createApp(store);
    for (const query of ['', '?start=18&end=19']) {
      const { root } = await fetchPage(withMarks, `/documents/accents${query}`);
      const [line] = root.querySelectorAll('.line');
      expect(line?.querySelector('.segment')?.text).toBe('Zoe\u0301');
      expect(line?.innerHTML).not.toContain('>\u0301');
    }
  });

  it('highlights many spans on one line', async () => {
    const store = await createStore();
    const words = Array.from({ length: 1_500 }, (_, n) => `w${n}`);
    const facts = words
      .slice(0, 700)
      .map((word, n) => person(`p-${n}`, word, words.slice(n, n + 4).join(' ')));
    const source = words.join(' ');
    const uncovered = [{ quote: words.slice(710).join(' '), reason: 'Nothing in it' }];
    await importInto(store, buildDossier({ id: 'crowded', source, facts, uncovered }));
    const page = await fetchPage(await createApp(store), '/documents/crowded');
    expect(getVisibleFacts(page).length).toBe(700);
    const highlights = page.root
      .querySelectorAll('.segment')
      .map(({ text: each }) => each)
      .join('');
    expect(highlights).toBe(source.slice(0, source.indexOf(' w703')));
  });

  it('says that a text has no facts, or no evidence for the fact in view', async () => {
    const store = await createSeededStore();
    const uncovered = [{ quote: 'Nothing.', reason: 'Nothing in it' }];
    await importInto(store, buildDossier({ id: 'nothing', source: 'Nothing.', uncovered }));
    const sparse = await createApp(store);
    const empty = await fetchPage(sparse, '/documents/nothing');
    expect(getTexts(empty, '.panel')).toEqual(['0 facts in this text No facts to show.']);
    const other = await fetchPage(sparse, '/documents/nothing?fact=person/joe-biden');
    expect(getTexts(other, '.panel .none')).toEqual(['No evidence for Joe Biden in this text.']);
  });

  it.each([
    ['part=2', 'part'],
    ['part=1&start=3', 'part'],
    ['part=1&fact=person/joe-biden', 'part'],
  ])('rejects a part that does not exist, or that another parameter determines: %s', async (query, parameter) => {
    const page = await fetchPage(app, `${READER_PATH}?${query}`);
    expect([page.status, getTexts(page, '.problem li code')]).toEqual([400, [parameter]]);
  });
});
