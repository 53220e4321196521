/** Reader by mouse, by keyboard, on a phone, in print and without scripts. */
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDossier } from '../../src/dossier/files.ts';
import { createStore, importInto } from '../support/app.ts';
import {
  expectEventually,
  getFocusedText,
  getHorizontalOverflow,
  hasVisibleFocus,
  pressTabUntil,
  visit,
} from '../support/browser.ts';
import { buildDossier, SAMPLE_DOSSIER_FOLDERS } from '../support/dossier-builder.ts';
import { BRUSSELS, HIDDEN_SENTENCE, startHistorySite, startSite } from './test-sites.ts';

const READER_PATH = `/documents/${BRUSSELS}`;
const NARROW = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

// biome-ignore lint/suspicious/noExplicitAny: responses of any operation
type Json = any;

let url: string;
let eventful: string;
let text: string;

beforeAll(async () => {
  const store = await createStore();
  for (const dossier of [readDossier(SAMPLE_DOSSIER_FOLDERS[0]), buildUnicodeDossier(), buildLongDossier()])
    await importInto(store, dossier);
  [url, eventful] = [await startSite(store), await startHistorySite()];
  text = await fetchText(BRUSSELS);
});

/** Surrogate pairs and characters of several code points precede the relevant words. */
const buildUnicodeDossier = () =>
  buildDossier({
    id: 'paper',
    source: '🗞️ 𝔗he 𝔓aper 🎉👩‍👩‍👧 writes: Ilze Ābele 👍 chairs the council of Cēsis.',
    facts: [
      {
        type: 'person',
        id: 'ilze-abele',
        name: 'Ilze Ābele',
        evidence: [
          { quote: '🗞️ 𝔗he 𝔓aper 🎉👩‍👩‍👧 writes: Ilze Ābele 👍 chairs', supports: ['name'] },
          { quote: 'Ilze Ābele', supports: ['name'] },
        ],
      },
    ],
  });

/** Too long for one page. */
const buildLongDossier = () => {
  const source = Array.from({ length: 900 }, (_, n) => `🗳️ Vote ${n} of the record was held.`).join('\n');
  const meeting = { type: 'event', name: 'Votes', kind: 'meeting', status: 'held' };
  const supports = ['name', 'kind', 'status'];
  return buildDossier({
    id: 'record',
    source,
    facts: [
      { ...meeting, id: 'votes', evidence: [{ quote: source, supports }] },
      { ...meeting, id: 'vote-700', evidence: [{ quote: 'Vote 700 of', supports }] },
    ],
  });
};

const fetchText = async (id: string): Promise<string> =>
  (await fetch(`${url}/v1/documents/${id}/text`)).text();

interface Range {
  start: number;
  end: number;
}

/** Facts that a passage supports, according to the API. */
async function fetchFactsInRange({ start, end }: Range, id = BRUSSELS): Promise<string[]> {
  const response = await fetch(`${url}/v1/documents/${id}/facts?start=${start}&end=${end}&limit=200`);
  const { data } = (await response.json()) as Json;
  return data.map((fact: Json) => `${fact.type}/${fact.id}`).sort();
}

/** Range of the words in code points. */
function findRange(words: string, source = text): Range {
  const start = Array.from(source.slice(0, source.indexOf(words))).length;
  return { start, end: start + Array.from(words).length };
}

const getShownFacts = async (page: Page): Promise<string[]> =>
  (
    await page.locator('.fact-item:visible').evaluateAll((all) => all.map((each) => each.dataset['fact']))
  ).sort();

const fetchAllFacts = (): Promise<string[]> => fetchFactsInRange({ start: 0, end: Array.from(text).length });

/** Segment that contains the words. */
const findSegment = (page: Page, words: string): Locator =>
  page.locator('.segment', { hasText: words }).first();

const getSegmentRange = async (segment: Locator): Promise<Range> => ({
  start: Number(await segment.getAttribute('data-start')),
  end: Number(await segment.getAttribute('data-end')),
});

const removeSpaces = (words: string): string => words.replaceAll(/\s/g, '');

const getHighlightedText = async (page: Page): Promise<string> =>
  removeSpaces((await page.locator('.source .highlighted').allTextContents()).join(''));

/** Text of all evidence of a fact, in the order of the text, without repetitions. */
async function fetchEvidenceText(fact: string): Promise<string> {
  const { evidence } = (await (await fetch(`${url}/v1/${fact}`)).json()) as Json;
  const points = Array.from(text);
  const evidenceCodePoints = points.filter((_, at) =>
    evidence.some(({ start, end }: Range) => start <= at && at < end),
  );
  return removeSpaces(evidenceCodePoints.join(''));
}

const getQuery = (page: Page): Record<string, string> =>
  Object.fromEntries(new URL(page.url()).searchParams.entries());

/** Screen position of the character at a code point, by the page's offsets; `scroll` brings it into view. */
const getCharacterBox = (
  page: Page,
  at: number,
  scroll = false,
): Promise<{ left: number; right: number; middle: number }> =>
  page.evaluate(`(() => {
    for (const stretch of document.querySelectorAll('.source [data-start]')) {
      const letters = Array.from(stretch.textContent);
      const within = ${at} - Number(stretch.dataset.start);
      if (within < 0 || within >= letters.length) continue;
      if (${scroll}) stretch.scrollIntoView({ block: 'center', behavior: 'instant' });
      let unit = letters.slice(0, within).join('').length;
      const texts = document.createTreeWalker(stretch, NodeFilter.SHOW_TEXT);
      while (texts.nextNode().length <= unit) unit -= texts.currentNode.length;
      const range = document.createRange();
      range.setStart(texts.currentNode, unit);
      range.setEnd(texts.currentNode, unit + letters[within].length);
      const { left, right, top, height } = range.getBoundingClientRect();
      return { left, right, middle: top + height / 2 };
    }
  })()`);

/** Selects the words by dragging the mouse over them. */
async function selectText(page: Page, { start, end }: Range): Promise<void> {
  const [from, to] = [await getCharacterBox(page, start, true), await getCharacterBox(page, end - 1)];
  await page.mouse.move(from.left + 1, from.middle);
  await page.mouse.down();
  await page.mouse.move((from.left + to.right) / 2, (from.middle + to.middle) / 2, { steps: 5 });
  await page.mouse.move(to.right, to.middle, { steps: 5 });
  await page.mouse.up();
}

describe('highlights', () => {
  it('match the facts that the API returns for each segment', async () => {
    const { page, issues } = await visit(url + READER_PATH);
    const segments = await page.locator('.segment').evaluateAll((all) =>
      all.map(({ dataset, textContent }) => ({
        start: Number(dataset['start']),
        end: Number(dataset['end']),
        facts: String(dataset['facts']).split(' '),
        words: String(textContent),
      })),
    );
    const names = await page
      .locator('.fact-item')
      .evaluateAll((all) => all.map(({ dataset }) => String(dataset['fact'])));
    const points = Array.from(text);
    for (const { start, end, facts, words } of segments) {
      expect(words).toBe(points.slice(start, end).join(''));
      expect(facts.map((n) => names[Number(n)]).sort()).toEqual(await fetchFactsInRange({ start, end }));
    }
    expect(segments.length).toBeGreaterThan(50);
    expect(removeSpaces((await page.locator('.source [data-start]').allTextContents()).join(''))).toBe(
      removeSpaces(text),
    );
    expect(await getShownFacts(page)).toEqual(await fetchAllFacts());
    expect(issues).toEqual([]);
  });
});

describe('by mouse', () => {
  it('previews the facts of hovered words, then shows all again', async () => {
    const { page, issues } = await visit(url + READER_PATH);
    for (const words of ['chemical weapons', 'Slovakia', 'two-day']) {
      const segment = findSegment(page, words);
      await segment.hover();
      await expectEventually(() => getShownFacts(page)).toEqual(
        await fetchFactsInRange(await getSegmentRange(segment)),
      );
    }
    await page.locator('h1').hover();
    await expectEventually(() => getShownFacts(page)).toEqual(await fetchAllFacts());
    expect(new URL(page.url()).search).toBe('');
    expect(issues).toEqual([]);
  });

  it('pins the facts of clicked words, at a URL that reproduces the view', async () => {
    const { page, issues } = await visit(url + READER_PATH);
    const segment = findSegment(page, 'chemical weapons');
    const passage = await getSegmentRange(segment);
    const words = Array.from(text).slice(passage.start, passage.end).join('');
    await segment.click();
    await page.locator('h1').hover();
    expect(getQuery(page)).toEqual({ start: `${passage.start}`, end: `${passage.end}` });
    const facts = await fetchFactsInRange(passage);
    await expectEventually(() => getShownFacts(page)).toEqual(facts);
    expect(await getHighlightedText(page)).toBe(removeSpaces(words));
    expect(await page.locator('#facts-title').innerText()).toContain(`${facts.length} fact`);

    const other = await visit(page.url());
    expect(await getShownFacts(other.page)).toEqual(facts);
    expect(await getHighlightedText(other.page)).toBe(removeSpaces(words));
    expect(issues).toEqual([]);
  });

  it('unpins with Escape and a button, and follows the browser history', async () => {
    const { page } = await visit(url + READER_PATH);
    const [first, second] = [findSegment(page, 'Slovakia'), findSegment(page, 'dismissed')];
    const [ofFirst, ofSecond] = [await getSegmentRange(first), await getSegmentRange(second)];
    await first.click();
    await second.click();
    await page.locator('h1').hover();
    await expectEventually(() => getShownFacts(page)).toEqual(await fetchFactsInRange(ofSecond));
    await page.goBack();
    expect(getQuery(page)).toEqual({ start: `${ofFirst.start}`, end: `${ofFirst.end}` });
    await expectEventually(() => getShownFacts(page)).toEqual(await fetchFactsInRange(ofFirst));
    await page.keyboard.press('Escape');
    expect(new URL(page.url()).search).toBe('');
    await expectEventually(() => getShownFacts(page)).toEqual(await fetchAllFacts());
    expect(await getHighlightedText(page)).toBe('');
    await page.goBack();
    await expectEventually(() => getShownFacts(page)).toEqual(await fetchFactsInRange(ofFirst));
    await page.getByRole('button', { name: 'All facts' }).click();
    await expectEventually(() => getShownFacts(page)).toEqual(await fetchAllFacts());
  });

  it('offers a link to selected words', async () => {
    const { page } = await visit(url + READER_PATH, { viewport: { width: 1280, height: 1400 } });
    // Across several segments, and within one.
    for (const words of ['NATO Secretary General Jens Stoltenberg announced', 'repeatedly dismissed']) {
      const passage = findRange(words);
      await selectText(page, passage);
      expect(await page.evaluate('getSelection().toString()')).toBe(words);
      const link = page.getByRole('link', { name: /the selected text/ });
      await link.waitFor();
      const { searchParams, hash } = new URL(String(await link.getAttribute('href')), page.url());
      expect(Object.fromEntries(searchParams)).toEqual({ start: `${passage.start}`, end: `${passage.end}` });
      const other = await visit(`${url}${READER_PATH}?${searchParams}${hash}`);
      expect(await getHighlightedText(other.page)).toBe(removeSpaces(words));
      expect(await getShownFacts(other.page)).toEqual(await fetchFactsInRange(passage));
    }
    // Selecting words does not change the view.
    expect(new URL(page.url()).search).toBe('');
  });

  it.each([
    ['paper', 'Ilze Ābele 👍 chairs'],
    ['record', 'Vote 700 of'],
  ])('counts code points of the text %s as the API does', async (id, words) => {
    const documentText = await fetchText(id);
    const passage = findRange(words, documentText);
    const { page } = await visit(`${url}/documents/${id}?start=${passage.start}&end=${passage.end}`);
    expect(await getHighlightedText(page)).toBe(removeSpaces(words));
    expect(await getShownFacts(page)).toEqual(await fetchFactsInRange(passage, id));
    await selectText(page, passage);
    expect(await page.evaluate('getSelection().toString()')).toBe(words);
    const href = await page.getByRole('link', { name: /the selected text/ }).getAttribute('href');
    const { searchParams } = new URL(String(href), page.url());
    expect([searchParams.get('start'), searchParams.get('end')]).toEqual([
      `${passage.start}`,
      `${passage.end}`,
    ]);
  });

  it('highlights all evidence of an opened fact, and of a fact in the URL', async () => {
    const { page } = await visit(url + READER_PATH);
    for (const [fact, path] of [
      ['person/volodymyr-zelensky', 'people/volodymyr-zelensky'],
      ['country/russia', 'countries/russia'],
    ] as const) {
      await page.locator(`.fact-item[data-fact="${fact}"] summary`).click();
      // The highlights stay while the fact is open, so that the reader can move the pointer to the text.
      await page.locator('h1').hover();
      await expectEventually(() => getHighlightedText(page)).toBe(await fetchEvidenceText(path));
      const other = await visit(`${url}${READER_PATH}?fact=${fact}`);
      expect(await getShownFacts(other.page)).toEqual([fact]);
      expect(await getHighlightedText(other.page)).toBe(await fetchEvidenceText(path));
      expect(await other.page.locator(`.fact-item[data-fact="${fact}"] blockquote`).first().isVisible()).toBe(
        true,
      );
    }
  });

  it('links quotations of a fact to their position', async () => {
    const { page } = await visit(url + READER_PATH);
    const fact = page.locator('.fact-item[data-fact="stance/germany-fifth-round"]');
    await fact.locator('summary').click();
    const link = fact.locator('blockquote a').first();
    const words = await link.innerText();
    await link.click();
    await page.waitForURL(/start=/);
    expect(await getHighlightedText(page)).toBe(removeSpaces(words));
    expect(await page.locator('.highlighted').first().isVisible()).toBe(true);
  });
});

describe('a fact in the URL', () => {
  it('is found by its previous id, with a way back to all facts', async () => {
    const { page } = await visit(`${eventful}/documents/wedding?fact=person/ilze`);
    await page.locator('h1').hover();
    expect(await getShownFacts(page)).toEqual(['person/ilze-abele']);
    expect(await getHighlightedText(page)).toBe('IlzeĀbeleisIlzeKalniņa');
    await page.getByRole('button', { name: 'All facts' }).click();
    await expectEventually(() => getHighlightedText(page)).toBe('');
    expect(getQuery(page)).toEqual({});
  });

  it('has a message if the text has no evidence for it', async () => {
    const { page } = await visit(`${eventful}/documents/vote?fact=person/joe-biden`);
    expect(await getShownFacts(page)).toEqual([]);
    expect(await page.locator('.panel .none').innerText()).toContain(
      'No evidence for Joe Biden in this text',
    );
    await page.getByRole('button', { name: 'All facts' }).click();
    await expectEventually(async () => (await getShownFacts(page)).length).toBeGreaterThan(1);
  });
});

describe('type filter', () => {
  const box = (page: Page, type: string) => page.locator(`.types input[value="${type}"]`);
  const countMarks = (page: Page, type: string) =>
    page
      .locator(`.source .type-${type}`)
      .evaluateAll((all) => all.filter((each) => !each.matches('.off')).length);

  it('hides facts and highlights, at a URL that reproduces the view', async () => {
    const { page, issues } = await visit(url + READER_PATH);
    const left = (await fetchAllFacts()).filter((fact) => !fact.startsWith('statement/'));
    expect(await countMarks(page, 'statement')).toBeGreaterThan(0);
    await box(page, 'statement').uncheck();
    expect(await getShownFacts(page)).toEqual(left);
    expect(await countMarks(page, 'statement')).toBe(0);
    expect(await countMarks(page, 'person')).toBeGreaterThan(0);
    const { type } = getQuery(page);
    expect(type?.split(',')).toContain('person');
    expect(type?.split(',')).not.toContain('statement');

    const other = await visit(page.url());
    expect(await getShownFacts(other.page)).toEqual(left);
    expect(await countMarks(other.page, 'statement')).toBe(0);
    expect(await box(other.page, 'statement').isChecked()).toBe(false);
    expect(await box(other.page, 'person').isChecked()).toBe(true);
    // Checking the box again shows them.
    await box(other.page, 'statement').check();
    await expectEventually(() => getShownFacts(other.page)).toEqual(await fetchAllFacts());
    expect(issues).toEqual([]);
  });

  it('applies to pinned words as well', async () => {
    const { page } = await visit(url + READER_PATH);
    await box(page, 'statement').uncheck();
    const segment = findSegment(page, 'chemical weapons');
    const passage = await getSegmentRange(segment);
    await segment.click();
    await page.locator('h1').hover();
    const expectedFacts = (await fetchFactsInRange(passage)).filter((fact) => !fact.startsWith('statement/'));
    await expectEventually(() => getShownFacts(page)).toEqual(expectedFacts);
    const other = await visit(page.url());
    expect(await getShownFacts(other.page)).toEqual(expectedFacts);
  });

  it('has a valid URL even without any type', async () => {
    const { page } = await visit(url + READER_PATH);
    for (const each of await page.locator('.types input').all()) await each.uncheck();
    expect(await getShownFacts(page)).toEqual([]);
    const { issues } = await visit(page.url());
    expect(issues).toEqual([]);
  });
});

describe('by keyboard', () => {
  it('previews the facts of focused words, pins and unpins them', async () => {
    const { page } = await visit(url + READER_PATH);
    await page.keyboard.press('Tab');
    expect(await getFocusedText(page)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await pressTabUntil(page, '.segment');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await hasVisibleFocus(page)).toBe(true);
    const segment = page.locator('.segment:focus');
    const passage = await getSegmentRange(segment);
    await expectEventually(() => getShownFacts(page)).toEqual(await fetchFactsInRange(passage));
    await page.keyboard.press('Enter');
    expect(getQuery(page)).toEqual({ start: `${passage.start}`, end: `${passage.end}` });
    // The focus stays on the segment.
    expect(await getSegmentRange(segment)).toEqual(passage);
    await page.keyboard.press('Escape');
    expect(new URL(page.url()).search).toBe('');
    expect(await getSegmentRange(segment)).toEqual(passage);
  });

  it('reaches the facts without passing through the text, opens one, and selects types', async () => {
    const { page } = await visit(url + READER_PATH);
    await pressTabUntil(page, 'a[href="#facts"]');
    await page.keyboard.press('Enter');
    await pressTabUntil(page, '.types input[value="person"]');
    await page.keyboard.press('Space');
    await expectEventually(() => getShownFacts(page)).not.toContain('person/jens-stoltenberg');
    await page.keyboard.press('Space');
    await expectEventually(() => getShownFacts(page)).toContain('person/jens-stoltenberg');
    await pressTabUntil(page, '.fact-item summary');
    expect(await hasVisibleFocus(page)).toBe(true);
    await page.keyboard.press('Enter');
    expect(await page.locator('.fact-item details[open]').count()).toBe(1);
    await pressTabUntil(page, '.fact-item blockquote a');
    await page.keyboard.press('Enter');
    await page.waitForURL(/start=\d+/);
    await expectEventually(() => getHighlightedText(page)).not.toBe('');
  });
});

describe('on a phone', () => {
  it('shows the facts at the bottom of the screen, and keeps the words in view', async () => {
    const { page, issues } = await visit(url + READER_PATH, NARROW);
    for (const words of ['Secretary General', 'no-fly zone', 'majority']) {
      const segment = findSegment(page, words);
      const passage = await getSegmentRange(segment);
      await segment.evaluate((element) => element.scrollIntoView({ block: 'end' }));
      await segment.tap();
      await expectEventually(() => getShownFacts(page)).toEqual(await fetchFactsInRange(passage));
      const panel = await page.locator('.panel').boundingBox();
      expect(Math.round((panel?.y ?? 0) + (panel?.height ?? 0))).toBe(740);
      expect(panel?.width).toBe(360);
      await expectEventually(async () => {
        const { y = -1, height = 0 } = (await segment.boundingBox()) ?? {};
        return y >= 0 && y + height <= (panel?.y ?? 0);
      }).toBe(true);
      expect(await getHorizontalOverflow(page)).toBe(0);
    }
    await page.getByRole('button', { name: 'All facts' }).tap();
    await expectEventually(() => getShownFacts(page)).toEqual(await fetchAllFacts());
    expect(issues).toEqual([]);
  });

  it('opens a fact at the bottom of the screen', async () => {
    const { page } = await visit(url + READER_PATH, NARROW);
    await findSegment(page, 'Slovakia').tap();
    const fact = page.locator('.fact-item:visible').first();
    await fact.locator('summary').tap();
    const quotation = fact.locator('blockquote').first();
    await quotation.scrollIntoViewIfNeeded();
    expect(await quotation.isVisible()).toBe(true);
    expect(await getHorizontalOverflow(page)).toBe(0);
  });
});

describe('in print', () => {
  it('has the text and the facts with their evidence, and no navigation', async () => {
    const { page } = await visit(url + READER_PATH);
    await page.emulateMedia({ media: 'print' });
    for (const selector of [
      'header.site nav',
      '.site-search',
      '.skip-link',
      '.permalink >> nth=0',
      '.types button',
      '.panel button.show-all',
      '.copyable button >> nth=0',
    ]) {
      expect([selector, await page.locator(selector).isVisible()]).toEqual([selector, false]);
    }
    expect(removeSpaces(await page.locator('.source').innerText())).toContain(
      removeSpaces(text.split('\n')[3] ?? ''),
    );
    expect(await getShownFacts(page)).toEqual(await fetchAllFacts());
    const heights = await page
      .locator('.fact-item .detail')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
    expect(Math.min(...heights)).toBeGreaterThan(10);
    const panel = page.locator('.panel');
    expect(await panel.evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(0);
  });
});

describe('without scripts', () => {
  const withoutScripts = { javaScriptEnabled: false };

  it('shows the facts of clicked words, then all again', async () => {
    const { page, issues } = await visit(url + READER_PATH, withoutScripts);
    const segment = findSegment(page, 'chemical weapons');
    const passage = await getSegmentRange(segment);
    await segment.click();
    await page.waitForURL(/start=/);
    expect(await getShownFacts(page)).toEqual(await fetchFactsInRange(passage));
    expect(await getHighlightedText(page)).toBe(
      removeSpaces(Array.from(text).slice(passage.start, passage.end).join('')),
    );
    await page.getByRole('link', { name: 'All facts in this text' }).click();
    await page.waitForURL(url + READER_PATH);
    expect(await getShownFacts(page)).toEqual(await fetchAllFacts());
    expect(issues).toEqual([]);
  });

  it('selects types, opens facts, and links to paragraphs', async () => {
    const { page } = await visit(url + READER_PATH, withoutScripts);
    await page.locator('.types input[value="statement"]').uncheck();
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.waitForURL(/type=/);
    expect(await getShownFacts(page)).toEqual(
      (await fetchAllFacts()).filter((fact) => !fact.startsWith('statement/')),
    );
    const fact = page.locator('.fact-item[data-fact="person/jens-stoltenberg"]');
    await fact.locator('summary').click();
    expect(await fact.locator('blockquote').first().isVisible()).toBe(true);
    const paragraph = page.locator('.line', { hasText: 'The White House' });
    await paragraph.hover();
    await paragraph.locator('.permalink').click();
    await page.waitForURL(/start=/);
    expect(await getHighlightedText(page)).toBe(removeSpaces((text.split('\n')[9] ?? '').trim()));
  });

  it('shows a long text part by part', async () => {
    const { page } = await visit(`${url}/documents/record`, withoutScripts);
    const [first] = await page.locator('.line').allInnerTexts();
    expect(first).toContain('Vote 0 of');
    const lines: string[] = await page.locator('.line').allTextContents();
    for (;;) {
      const readOnLink = page.getByRole('link', { name: 'Next part' });
      if ((await readOnLink.count()) === 0) break;
      await readOnLink.click();
      await page.waitForLoadState();
      lines.push(...(await page.locator('.line').allTextContents()));
    }
    expect(lines.map((line) => line.replace(/\s*¶\s*$/, '').trim())).toEqual(
      (await fetchText('record')).split('\n'),
    );
    await page.getByRole('link', { name: 'Previous part', exact: true }).click();
    expect(getQuery(page)['part']).toBeDefined();
  });
});

describe('a text that may not be shown completely', () => {
  it('shows only evidence if it is restricted to excerpts', async () => {
    const { page, issues } = await visit(`${eventful}/documents/excerpts`);
    expect(await page.locator('.source').innerText()).toContain('Ilze Ābele');
    expect(await page.locator('.source [role=note]').isVisible()).toBe(true);
    expect(await page.content()).not.toContain(HIDDEN_SENTENCE);
    await page.locator('.segment').first().hover();
    await expectEventually(() => getShownFacts(page)).toEqual(['person/ilze-abele']);
    expect(issues).toEqual([]);
  });

  it('shows the reason if it was redacted', async () => {
    const { page, issues } = await visit(`${eventful}/documents/gone`);
    expect(await page.locator('main').innerText()).toContain('Its holder asked for that');
    expect(await page.content()).not.toContain(HIDDEN_SENTENCE);
    expect(await page.locator('.segment').count()).toBe(0);
    expect(issues).toEqual([]);
  });
});
