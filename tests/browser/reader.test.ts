/** The reading room: a text with its facts, read by mouse, by keyboard, on a telephone, on paper and without scripts. */
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDossier } from '../../src/dossier/files.ts';
import { emptyStore, importInto } from '../support/app.ts';
import { eventually, focusedOn, focusIsSeen, overflowOf, tabTo, visit } from '../support/browser.ts';
import { dossierOf, SHARED_DOSSIERS } from '../support/dossier-builder.ts';
import { BRUSSELS, eventfulSite, SECRET, siteOn } from './test-sites.ts';

const ROOM = `/documents/${BRUSSELS}`;
const NARROW = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

// biome-ignore lint/suspicious/noExplicitAny: answers of any operation
type Json = any;

let url: string;
let eventful: string;
let text: string;

beforeAll(async () => {
  const store = await emptyStore();
  for (const dossier of [readDossier(SHARED_DOSSIERS[0]), paper(), record()])
    await importInto(store, dossier);
  [url, eventful] = [await siteOn(store), await eventfulSite()];
  text = await textOf(BRUSSELS);
});

/** Signs that take two units of UTF-16, and some that take several code points, before the words that matter. */
const paper = () =>
  dossierOf({
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
const record = () => {
  const source = Array.from({ length: 900 }, (_, n) => `🗳️ Vote ${n} of the record was held.`).join('\n');
  const meeting = { type: 'event', name: 'Votes', kind: 'meeting', status: 'held' };
  const supports = ['name', 'kind', 'status'];
  return dossierOf({
    id: 'record',
    source,
    facts: [
      { ...meeting, id: 'votes', evidence: [{ quote: source, supports }] },
      { ...meeting, id: 'vote-700', evidence: [{ quote: 'Vote 700 of', supports }] },
    ],
  });
};

const textOf = async (id: string): Promise<string> => (await fetch(`${url}/v1/documents/${id}/text`)).text();

interface Passage {
  start: number;
  end: number;
}

/** What the API says of the facts in a passage. */
async function factsIn({ start, end }: Passage, id = BRUSSELS): Promise<string[]> {
  const answer = await fetch(`${url}/v1/documents/${id}/facts?start=${start}&end=${end}&limit=200`);
  const { data } = (await answer.json()) as Json;
  return data.map((fact: Json) => `${fact.type}/${fact.id}`).sort();
}

/** Where the words stand, in code points. */
function passageOf(words: string, whole = text): Passage {
  const start = Array.from(whole.slice(0, whole.indexOf(words))).length;
  return { start, end: start + Array.from(words).length };
}

const shownFacts = async (page: Page): Promise<string[]> =>
  (await page.locator('.f:visible').evaluateAll((all) => all.map((each) => each.dataset['fact']))).sort();

const allFacts = (): Promise<string[]> => factsIn({ start: 0, end: Array.from(text).length });

/** The segment in which the words stand, or begin. */
const segmentWith = (page: Page, words: string): Locator => page.locator('.seg', { hasText: words }).first();

const passageIn = async (segment: Locator): Promise<Passage> => ({
  start: Number(await segment.getAttribute('data-start')),
  end: Number(await segment.getAttribute('data-end')),
});

const withoutSpace = (words: string): string => words.replaceAll(/\s/g, '');

const litWords = async (page: Page): Promise<string> =>
  withoutSpace((await page.locator('.source .lit').allTextContents()).join(''));

/** All words that carry a fact, in the order of the text, each once. */
async function wordsOf(fact: string): Promise<string> {
  const { evidence } = (await (await fetch(`${url}/v1/${fact}`)).json()) as Json;
  const points = Array.from(text);
  const carried = points.filter((_, at) =>
    evidence.some(({ start, end }: Passage) => start <= at && at < end),
  );
  return withoutSpace(carried.join(''));
}

const queryOf = (page: Page): Record<string, string> =>
  Object.fromEntries(new URL(page.url()).searchParams.entries());

/** Where on the screen the letter at a code point of the text is, by what the page says of its stretches; `scroll` brings it there. */
const placeOf = (
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

/** Draws the mouse over the words, as a reader does who marks them. */
async function mark(page: Page, { start, end }: Passage): Promise<void> {
  const [from, to] = [await placeOf(page, start, true), await placeOf(page, end - 1)];
  await page.mouse.move(from.left + 1, from.middle);
  await page.mouse.down();
  await page.mouse.move((from.left + to.right) / 2, (from.middle + to.middle) / 2, { steps: 5 });
  await page.mouse.move(to.right, to.middle, { steps: 5 });
  await page.mouse.up();
}

describe('what is marked', () => {
  it('is what the API says of each stretch of the text', async () => {
    const { page, complaints } = await visit(url + ROOM);
    const segments = await page.locator('.seg').evaluateAll((all) =>
      all.map(({ dataset, textContent }) => ({
        start: Number(dataset['start']),
        end: Number(dataset['end']),
        facts: String(dataset['facts']).split(' '),
        words: String(textContent),
      })),
    );
    const names = await page
      .locator('.f')
      .evaluateAll((all) => all.map(({ dataset }) => String(dataset['fact'])));
    const points = Array.from(text);
    for (const { start, end, facts, words } of segments) {
      expect(words).toBe(points.slice(start, end).join(''));
      expect(facts.map((n) => names[Number(n)]).sort()).toEqual(await factsIn({ start, end }));
    }
    expect(segments.length).toBeGreaterThan(50);
    expect(withoutSpace((await page.locator('.source [data-start]').allTextContents()).join(''))).toBe(
      withoutSpace(text),
    );
    expect(await shownFacts(page)).toEqual(await allFacts());
    expect(complaints).toEqual([]);
  });
});

describe('by mouse', () => {
  it('shows the facts of the words that it rests on, and all again when it has gone', async () => {
    const { page, complaints } = await visit(url + ROOM);
    for (const words of ['chemical weapons', 'Slovakia', 'two-day']) {
      const segment = segmentWith(page, words);
      await segment.hover();
      await eventually(() => shownFacts(page)).toEqual(await factsIn(await passageIn(segment)));
    }
    await page.locator('h1').hover();
    await eventually(() => shownFacts(page)).toEqual(await allFacts());
    expect(new URL(page.url()).search).toBe('');
    expect(complaints).toEqual([]);
  });

  it('keeps the facts of the words that are clicked, at an address that shows others the same', async () => {
    const { page, complaints } = await visit(url + ROOM);
    const segment = segmentWith(page, 'chemical weapons');
    const passage = await passageIn(segment);
    const words = Array.from(text).slice(passage.start, passage.end).join('');
    await segment.click();
    await page.locator('h1').hover();
    expect(queryOf(page)).toEqual({ start: `${passage.start}`, end: `${passage.end}` });
    const facts = await factsIn(passage);
    await eventually(() => shownFacts(page)).toEqual(facts);
    expect(await litWords(page)).toBe(withoutSpace(words));
    expect(await page.locator('#facts-title').innerText()).toContain(`${facts.length} fact`);

    const other = await visit(page.url());
    expect(await shownFacts(other.page)).toEqual(facts);
    expect(await litWords(other.page)).toBe(withoutSpace(words));
    expect(complaints).toEqual([]);
  });

  it('lets go by the key Escape and by a button, and goes back where it was', async () => {
    const { page } = await visit(url + ROOM);
    const [first, second] = [segmentWith(page, 'Slovakia'), segmentWith(page, 'dismissed')];
    const [ofFirst, ofSecond] = [await passageIn(first), await passageIn(second)];
    await first.click();
    await second.click();
    await page.locator('h1').hover();
    await eventually(() => shownFacts(page)).toEqual(await factsIn(ofSecond));
    await page.goBack();
    expect(queryOf(page)).toEqual({ start: `${ofFirst.start}`, end: `${ofFirst.end}` });
    await eventually(() => shownFacts(page)).toEqual(await factsIn(ofFirst));
    await page.keyboard.press('Escape');
    expect(new URL(page.url()).search).toBe('');
    await eventually(() => shownFacts(page)).toEqual(await allFacts());
    expect(await litWords(page)).toBe('');
    await page.goBack();
    await eventually(() => shownFacts(page)).toEqual(await factsIn(ofFirst));
    await page.getByRole('button', { name: 'All facts' }).click();
    await eventually(() => shownFacts(page)).toEqual(await allFacts());
  });

  it('makes a link of words that are marked in the text', async () => {
    const { page } = await visit(url + ROOM, { viewport: { width: 1280, height: 1400 } });
    // From within one stretch of facts into another, and within one alone.
    for (const words of ['NATO Secretary General Jens Stoltenberg announced', 'repeatedly dismissed']) {
      const passage = passageOf(words);
      await mark(page, passage);
      expect(await page.evaluate('getSelection().toString()')).toBe(words);
      const link = page.getByRole('link', { name: /the marked words/ });
      await link.waitFor();
      const { searchParams, hash } = new URL(String(await link.getAttribute('href')), page.url());
      expect(Object.fromEntries(searchParams)).toEqual({ start: `${passage.start}`, end: `${passage.end}` });
      const other = await visit(`${url}${ROOM}?${searchParams}${hash}`);
      expect(await litWords(other.page)).toBe(withoutSpace(words));
      expect(await shownFacts(other.page)).toEqual(await factsIn(passage));
    }
    // Nobody who marks words wants to leave what is in view.
    expect(new URL(page.url()).search).toBe('');
  });

  it.each([
    ['paper', 'Ilze Ābele 👍 chairs'],
    ['record', 'Vote 700 of'],
  ])('counts the letters of the text %s as the API does', async (id, words) => {
    const whole = await textOf(id);
    const passage = passageOf(words, whole);
    const { page } = await visit(`${url}/documents/${id}?start=${passage.start}&end=${passage.end}`);
    expect(await litWords(page)).toBe(withoutSpace(words));
    expect(await shownFacts(page)).toEqual(await factsIn(passage, id));
    await mark(page, passage);
    expect(await page.evaluate('getSelection().toString()')).toBe(words);
    const href = await page.getByRole('link', { name: /the marked words/ }).getAttribute('href');
    const { searchParams } = new URL(String(href), page.url());
    expect([searchParams.get('start'), searchParams.get('end')]).toEqual([
      `${passage.start}`,
      `${passage.end}`,
    ]);
  });

  it('shows all the words of a fact that is opened, and the words of one in the address', async () => {
    const { page } = await visit(url + ROOM);
    for (const [fact, path] of [
      ['person/volodymyr-zelensky', 'people/volodymyr-zelensky'],
      ['country/russia', 'countries/russia'],
    ] as const) {
      await page.locator(`.f[data-fact="${fact}"] summary`).click();
      // They stay so while it is open: nobody can look at them with the pointer on the fact.
      await page.locator('h1').hover();
      await eventually(() => litWords(page)).toBe(await wordsOf(path));
      const other = await visit(`${url}${ROOM}?fact=${fact}`);
      expect(await shownFacts(other.page)).toEqual([fact]);
      expect(await litWords(other.page)).toBe(await wordsOf(path));
      expect(await other.page.locator(`.f[data-fact="${fact}"] blockquote`).first().isVisible()).toBe(true);
    }
  });

  it('leads from the words of a fact to their place', async () => {
    const { page } = await visit(url + ROOM);
    const fact = page.locator('.f[data-fact="stance/germany-fifth-round"]');
    await fact.locator('summary').click();
    const link = fact.locator('blockquote a').first();
    const words = await link.innerText();
    await link.click();
    await page.waitForURL(/start=/);
    expect(await litWords(page)).toBe(withoutSpace(words));
    expect(await page.locator('.lit').first().isVisible()).toBe(true);
  });
});

describe('a fact in the address', () => {
  it('is in view under the id that it had, and the way back leads to all', async () => {
    const { page } = await visit(`${eventful}/documents/wedding?fact=person/ilze`);
    await page.locator('h1').hover();
    expect(await shownFacts(page)).toEqual(['person/ilze-abele']);
    expect(await litWords(page)).toBe('IlzeĀbeleisIlzeKalniņa');
    await page.getByRole('button', { name: 'All facts' }).click();
    await eventually(() => litWords(page)).toBe('');
    expect(queryOf(page)).toEqual({});
  });

  it('that has no words in the text says so, and leads to those that have', async () => {
    const { page } = await visit(`${eventful}/documents/vote?fact=person/joe-biden`);
    expect(await shownFacts(page)).toEqual([]);
    expect(await page.locator('.panel .none').innerText()).toContain('No words of this text carry Joe Biden');
    await page.getByRole('button', { name: 'All facts' }).click();
    await eventually(async () => (await shownFacts(page)).length).toBeGreaterThan(1);
  });
});

describe('by types', () => {
  const box = (page: Page, type: string) => page.locator(`.types input[value="${type}"]`);
  const marksOf = (page: Page, type: string) =>
    page
      .locator(`.source .t-${type}`)
      .evaluateAll((all) => all.filter((each) => !each.matches('.off')).length);

  it('hides facts and marks, at an address that shows others the same', async () => {
    const { page, complaints } = await visit(url + ROOM);
    const left = (await allFacts()).filter((fact) => !fact.startsWith('statement/'));
    expect(await marksOf(page, 'statement')).toBeGreaterThan(0);
    await box(page, 'statement').uncheck();
    expect(await shownFacts(page)).toEqual(left);
    expect(await marksOf(page, 'statement')).toBe(0);
    expect(await marksOf(page, 'person')).toBeGreaterThan(0);
    const { type } = queryOf(page);
    expect(type?.split(',')).toContain('person');
    expect(type?.split(',')).not.toContain('statement');

    const other = await visit(page.url());
    expect(await shownFacts(other.page)).toEqual(left);
    expect(await marksOf(other.page, 'statement')).toBe(0);
    expect(await box(other.page, 'statement').isChecked()).toBe(false);
    expect(await box(other.page, 'person').isChecked()).toBe(true);
    // And who wants to see them after all gets them.
    await box(other.page, 'statement').check();
    await eventually(() => shownFacts(other.page)).toEqual(await allFacts());
    expect(complaints).toEqual([]);
  });

  it('keeps to them in what the words show', async () => {
    const { page } = await visit(url + ROOM);
    await box(page, 'statement').uncheck();
    const segment = segmentWith(page, 'chemical weapons');
    const passage = await passageIn(segment);
    await segment.click();
    await page.locator('h1').hover();
    const wanted = (await factsIn(passage)).filter((fact) => !fact.startsWith('statement/'));
    await eventually(() => shownFacts(page)).toEqual(wanted);
    const other = await visit(page.url());
    expect(await shownFacts(other.page)).toEqual(wanted);
  });

  it('has an address that can be opened even where none is left', async () => {
    const { page } = await visit(url + ROOM);
    for (const each of await page.locator('.types input').all()) await each.uncheck();
    expect(await shownFacts(page)).toEqual([]);
    const { complaints } = await visit(page.url());
    expect(complaints).toEqual([]);
  });
});

describe('by keyboard', () => {
  it('shows the facts of the words that have the focus, keeps them, and lets them go', async () => {
    const { page } = await visit(url + ROOM);
    await page.keyboard.press('Tab');
    expect(await focusedOn(page)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await tabTo(page, '.seg');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await focusIsSeen(page)).toBe(true);
    const segment = page.locator('.seg:focus');
    const passage = await passageIn(segment);
    await eventually(() => shownFacts(page)).toEqual(await factsIn(passage));
    await page.keyboard.press('Enter');
    expect(queryOf(page)).toEqual({ start: `${passage.start}`, end: `${passage.end}` });
    // The keyboard stays where it was.
    expect(await passageIn(segment)).toEqual(passage);
    await page.keyboard.press('Escape');
    expect(new URL(page.url()).search).toBe('');
    expect(await passageIn(segment)).toEqual(passage);
  });

  it('gets to the facts without going through the text, opens one, and chooses types', async () => {
    const { page } = await visit(url + ROOM);
    await tabTo(page, 'a[href="#facts"]');
    await page.keyboard.press('Enter');
    await tabTo(page, '.types input[value="person"]');
    await page.keyboard.press('Space');
    await eventually(() => shownFacts(page)).not.toContain('person/jens-stoltenberg');
    await page.keyboard.press('Space');
    await eventually(() => shownFacts(page)).toContain('person/jens-stoltenberg');
    await tabTo(page, '.f summary');
    expect(await focusIsSeen(page)).toBe(true);
    await page.keyboard.press('Enter');
    expect(await page.locator('.f details[open]').count()).toBe(1);
    await tabTo(page, '.f blockquote a');
    await page.keyboard.press('Enter');
    await page.waitForURL(/start=\d+/);
    await eventually(() => litWords(page)).not.toBe('');
  });
});

describe('on a telephone', () => {
  it('brings the facts up over the foot of the page, and leaves the words in view', async () => {
    const { page, complaints } = await visit(url + ROOM, NARROW);
    for (const words of ['Secretary General', 'no-fly zone', 'majority']) {
      const segment = segmentWith(page, words);
      const passage = await passageIn(segment);
      await segment.evaluate((element) => element.scrollIntoView({ block: 'end' }));
      await segment.tap();
      await eventually(() => shownFacts(page)).toEqual(await factsIn(passage));
      const panel = await page.locator('.panel').boundingBox();
      expect(Math.round((panel?.y ?? 0) + (panel?.height ?? 0))).toBe(740);
      expect(panel?.width).toBe(360);
      await eventually(async () => {
        const { y = -1, height = 0 } = (await segment.boundingBox()) ?? {};
        return y >= 0 && y + height <= (panel?.y ?? 0);
      }).toBe(true);
      expect(await overflowOf(page)).toBe(0);
    }
    await page.getByRole('button', { name: 'All facts' }).tap();
    await eventually(() => shownFacts(page)).toEqual(await allFacts());
    expect(complaints).toEqual([]);
  });

  it('opens a fact over the foot of the page', async () => {
    const { page } = await visit(url + ROOM, NARROW);
    await segmentWith(page, 'Slovakia').tap();
    const fact = page.locator('.f:visible').first();
    await fact.locator('summary').tap();
    const quotation = fact.locator('blockquote').first();
    await quotation.scrollIntoViewIfNeeded();
    expect(await quotation.isVisible()).toBe(true);
    expect(await overflowOf(page)).toBe(0);
  });
});

describe('on paper', () => {
  it('has the text and the facts with their words, and no navigation', async () => {
    const { page } = await visit(url + ROOM);
    await page.emulateMedia({ media: 'print' });
    for (const selector of [
      'header.site nav',
      '.find',
      '.skip',
      '.permalink >> nth=0',
      '.types button',
      '.panel button.all',
      '.paste button >> nth=0',
    ]) {
      expect([selector, await page.locator(selector).isVisible()]).toEqual([selector, false]);
    }
    expect(withoutSpace(await page.locator('.source').innerText())).toContain(
      withoutSpace(text.split('\n')[3] ?? ''),
    );
    expect(await shownFacts(page)).toEqual(await allFacts());
    const heights = await page
      .locator('.f .detail')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
    expect(Math.min(...heights)).toBeGreaterThan(10);
    const panel = page.locator('.panel');
    expect(await panel.evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(0);
  });
});

describe('without scripts', () => {
  const bare = { javaScriptEnabled: false };

  it('shows the facts of the words that are followed, and all again', async () => {
    const { page, complaints } = await visit(url + ROOM, bare);
    const segment = segmentWith(page, 'chemical weapons');
    const passage = await passageIn(segment);
    await segment.click();
    await page.waitForURL(/start=/);
    expect(await shownFacts(page)).toEqual(await factsIn(passage));
    expect(await litWords(page)).toBe(
      withoutSpace(Array.from(text).slice(passage.start, passage.end).join('')),
    );
    await page.getByRole('link', { name: 'All facts of the text' }).click();
    await page.waitForURL(url + ROOM);
    expect(await shownFacts(page)).toEqual(await allFacts());
    expect(complaints).toEqual([]);
  });

  it('chooses types, opens facts, and links to paragraphs', async () => {
    const { page } = await visit(url + ROOM, bare);
    await page.locator('.types input[value="statement"]').uncheck();
    await page.getByRole('button', { name: 'Show these' }).click();
    await page.waitForURL(/type=/);
    expect(await shownFacts(page)).toEqual(
      (await allFacts()).filter((fact) => !fact.startsWith('statement/')),
    );
    const fact = page.locator('.f[data-fact="person/jens-stoltenberg"]');
    await fact.locator('summary').click();
    expect(await fact.locator('blockquote').first().isVisible()).toBe(true);
    const paragraph = page.locator('.line', { hasText: 'The White House' });
    await paragraph.hover();
    await paragraph.locator('.permalink').click();
    await page.waitForURL(/start=/);
    expect(await litWords(page)).toBe(withoutSpace((text.split('\n')[9] ?? '').trim()));
  });

  it('goes through a long text part by part', async () => {
    const { page } = await visit(`${url}/documents/record`, bare);
    const [first] = await page.locator('.line').allInnerTexts();
    expect(first).toContain('Vote 0 of');
    const seen: string[] = await page.locator('.line').allTextContents();
    for (;;) {
      const on = page.getByRole('link', { name: 'Read on' });
      if ((await on.count()) === 0) break;
      await on.click();
      await page.waitForLoadState();
      seen.push(...(await page.locator('.line').allTextContents()));
    }
    expect(seen.map((line) => line.replace(/\s*¶\s*$/, '').trim())).toEqual(
      (await textOf('record')).split('\n'),
    );
    await page.getByRole('link', { name: 'Back', exact: true }).click();
    expect(queryOf(page)['part']).toBeDefined();
  });
});

describe('a text that may not be shown', () => {
  it('gives the words that carry facts and nothing else where only excerpts may be seen', async () => {
    const { page, complaints } = await visit(`${eventful}/documents/excerpts`);
    expect(await page.locator('.source').innerText()).toContain('Ilze Ābele');
    expect(await page.locator('.source [role=note]').isVisible()).toBe(true);
    expect(await page.content()).not.toContain(SECRET);
    await page.locator('.seg').first().hover();
    await eventually(() => shownFacts(page)).toEqual(['person/ilze-abele']);
    expect(complaints).toEqual([]);
  });

  it('says why there is none where it was taken out', async () => {
    const { page, complaints } = await visit(`${eventful}/documents/gone`);
    expect(await page.locator('main').innerText()).toContain('Its holder asked for that');
    expect(await page.content()).not.toContain(SECRET);
    expect(await page.locator('.seg').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});
