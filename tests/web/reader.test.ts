/** The reading room, as the server draws it: it is whole without scripts. */
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

/** Facts of all types but documents, with the spans that they have in the text. */
async function fetchAllFacts(): Promise<Json[]> {
  const { body } = await get(app, `/v1${READER_PATH}/facts?limit=200`);
  return body.data;
}

/** The numbers of the facts in the panel that can be seen, with what they are. */
const getVisibleFacts = ({ root }: HtmlPage): string[] =>
  root.querySelectorAll('.fact-item:not([hidden])').map((item) => item.getAttribute('data-fact') ?? '');

describe('the reading room', () => {
  it('has the text to the letter, line by line', () => {
    const lines = getTexts(readerPage, '.line').map((line) => line.replace(/ ¶$/, ''));
    expect(lines).toEqual(text.split('\n').filter(Boolean));
  });

  it('marks every span of every fact, in the type that it is of', async () => {
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

  it('shows where no fact is drawn from', async () => {
    const { body } = await get(app, `/v1${READER_PATH}/coverage`);
    expect(body.gaps.length).toBeGreaterThan(0);
    expect(readerPage.root.querySelectorAll('.gap').map(({ text: words }) => words)).toEqual(
      body.gaps.map(({ exact }: { exact: string }) => exact),
    );
  });

  it('tells of a fact all its words, what each carries, and why what is inferred', () => {
    const item = readerPage.root.querySelector('[data-fact="event/eu-summit-2022-03-24"]');
    const itemText = item?.text ?? '';
    expect(item?.querySelectorAll('blockquote').length).toBe(4);
    expect(itemText).toContain('end date');
    expect(itemText).toContain('the European Council met on 24 and 25 March 2022');
    expect(itemText).toContain('Common knowledge');
    expect(item?.querySelector('blockquote a')?.getAttribute('href')).toMatch(
      /^\/documents\/brussels.*\?end=\d+&start=\d+#passage$/,
    );
  });

  it('runs nothing and styles nothing inside the page', () => {
    expect(findCspViolations(readerPage)).toEqual([]);
  });
});

describe('a passage', () => {
  it('is lit, and its facts alone are seen, as the API finds them', async () => {
    const page = await fetchPage(app, `${READER_PATH}?start=1222&end=1263`);
    const lit = page.root
      .querySelectorAll('.highlighted')
      .map(({ text: words }) => words)
      .join('');
    expect(lit).toBe(text.slice(1222, 1263));
    expect(page.root.querySelectorAll('#passage').length).toBe(1);
    const { body } = await get(app, `/v1${READER_PATH}/facts?start=1222&end=1263&limit=200`);
    expect(getVisibleFacts(page).sort()).toEqual(
      body.data.map(({ type, id }: Json) => `${type}/${id}`).sort(),
    );
    expect(getTexts(page, '#facts-title')).toEqual([`${body.data.length} facts in these words`]);
  });

  it('can be reached by marks, and by every paragraph', async () => {
    const hrefs = [
      ...getAttributes(readerPage, '.segment', 'href').filter((_, n) => n % 10 === 0),
      ...getAttributes(readerPage, '.permalink', 'href'),
    ];
    for (const href of hrefs) {
      const { status, root } = await fetchPage(app, READER_PATH + href.replace(/#.*/, ''));
      const lit = root
        .querySelectorAll('.highlighted')
        .map(({ text: words }) => words)
        .join('');
      const { searchParams } = new URL(href, 'http://x');
      const exact = text.slice(Number(searchParams.get('start')), Number(searchParams.get('end')));
      expect([href, status, lit]).toEqual([href, 200, exact]);
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
  ])('that is nowhere is refused: %s', async (query, parameter) => {
    const page = await fetchPage(app, `${READER_PATH}?${query}`);
    expect([page.status, getTexts(page, '.problem li code')]).toEqual([400, [parameter]]);
  });
});

describe('a fact in view', () => {
  it('has all its words lit', async () => {
    const page = await fetchPage(app, `${READER_PATH}?fact=person/volodymyr-zelensky`);
    expect(getVisibleFacts(page)).toEqual(['person/volodymyr-zelensky']);
    const lit = page.root
      .querySelectorAll('.highlighted')
      .map(({ text: words }) => words)
      .join('|');
    expect(lit.replaceAll('|', '')).toBe('Ukrainian President Volodymyr ZelenskyThe Ukrainian leader');
    expect(page.root.querySelector('.fact-item:not([hidden]) details')?.hasAttribute('open')).toBe(true);
  });

  it('that is not there is no page', async () => {
    expect((await fetchPage(app, `${READER_PATH}?fact=person/nobody`)).status).toBe(404);
  });
});

it('shows the types that are asked for', async () => {
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

describe('texts that may not be shown whole', () => {
  it('are shown as what stands around evidence, and nothing else of them', async () => {
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
    expect(getTexts(page, '.source .notice')[0]).toContain('let only the words be shown');
  });

  it('that were taken out say so, with the reason', async () => {
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
        .find(({ text: name }) => name === 'Read on')
        ?.getAttribute('href');
    }
    expect(lines.join('\n')).toBe((await get(long, '/v1/documents/long/text')).body);
    expect(facts).toEqual(events.map(({ id }) => `event/${id}`));
    const last = await fetchPage(long, '/documents/long?fact=event/gathering-699');
    expect(getTexts(last, '.part-nav span')).toEqual(['Part 3 of 3']);
    expect(getVisibleFacts(last)).toEqual(['event/gathering-699']);
  });
});

describe('what is rare', () => {
  const person = (id: string, name: string, quote = name) => ({
    type: 'person',
    id,
    name,
    evidence: [{ quote, supports: ['name'] }],
  });

  it('a fact that has another id by now is found by the one that it had', async () => {
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

  it('excerpts that are longer than a part, and lie over each other, are cut to it', async () => {
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

  it('many spans on one line are all marked', async () => {
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

  it('a text without facts, or without the words of the fact in view, says so', async () => {
    const store = await createSeededStore();
    const uncovered = [{ quote: 'Nothing.', reason: 'Nothing in it' }];
    await importInto(store, buildDossier({ id: 'nothing', source: 'Nothing.', uncovered }));
    const sparse = await createApp(store);
    const empty = await fetchPage(sparse, '/documents/nothing');
    expect(getTexts(empty, '.panel')).toEqual(['0 facts drawn from the text No fact is drawn from it.']);
    const other = await fetchPage(sparse, '/documents/nothing?fact=person/joe-biden');
    expect(getTexts(other, '.panel .none')).toEqual(['No words of this text carry Joe Biden.']);
  });

  it.each([
    ['part=2', 'part'],
    ['part=1&start=3', 'part'],
    ['part=1&fact=person/joe-biden', 'part'],
  ])('a part that is not there, or is told by something else, is refused: %s', async (query, parameter) => {
    const page = await fetchPage(app, `${READER_PATH}?${query}`);
    expect([page.status, getTexts(page, '.problem li code')]).toEqual([400, [parameter]]);
  });
});
