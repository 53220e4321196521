/** The explorer: narrowed, searched, sorted and paged by its address alone, so by mouse, by keyboard and without scripts alike. */
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually, focusIsSeen, overflowOf, tabTo, visit } from '../support/browser.ts';
import { emptySite, eventfulSite, siteOfOne } from './test-sites.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers of any operation
type Json = any;

const STATEMENTS = '/explore?collection=statements';

let url: string;
let eventful: string;
let empty: string;
beforeAll(async () => {
  [url, eventful, empty] = [await siteOfOne(), await eventfulSite(), await emptySite()];
});

const json = async (path: string): Promise<Json> => (await fetch(url + path)).json();

/** The pages of the facts of a list, in its order. */
const listed = async (path: string): Promise<string[]> =>
  (await json(path)).data.map(({ links }: Json) => links.html);

/** Those that the page shows. */
const shown = (page: Page): Promise<string[]> =>
  page
    .locator('table.facts tbody th > a.fact')
    .evaluateAll((all) => all.map((each) => String(each.getAttribute('href'))));

const queryOf = (page: Page): Record<string, string> => {
  const { collection: _, ...others } = Object.fromEntries(new URL(page.url()).searchParams.entries());
  return others;
};

/** A value to choose; on narrow screens the filters are folded. */
async function facet(page: Page, name: string, value: string): Promise<Locator> {
  const link = page.getByRole('list', { name, exact: true }).getByRole('link', { name: value, exact: true });
  if (!(await link.isVisible()))
    await page
      .locator('summary', { hasText: /^Filters/ })
      .first()
      .click();
  return link;
}

/** What changes the address, once the page there is drawn. */
async function going(page: Page, act: () => Promise<unknown>): Promise<void> {
  const navigated = page.waitForEvent('framenavigated');
  await act();
  await navigated;
  await page.waitForLoadState();
}

describe.each([
  ['wide', 1280, true],
  ['wide', 1280, false],
  ['narrow', 360, true],
  ['narrow', 360, false],
])('on a %s screen (%i pixels, scripts: %s)', (_, width, javaScriptEnabled) => {
  const options = { viewport: { width, height: 800 }, javaScriptEnabled };

  it('narrows by what is chosen, and widens again', async () => {
    const { page, complaints } = await visit(url + STATEMENTS, options);
    expect(await shown(page)).toEqual(await listed('/v1/statements'));
    await going(page, async () => (await facet(page, 'Mode', 'direct')).click());
    expect(queryOf(page)).toEqual({ mode: 'direct' });
    expect(await shown(page)).toEqual(await listed('/v1/statements?mode=direct'));
    // Another value of the same field is one more that fits, one of another field one more to be fulfilled.
    await going(page, async () => (await facet(page, 'Mode', 'mixed')).click());
    await going(page, async () => (await facet(page, 'Speaker', 'Kaja Kallas')).click());
    const both = { mode: 'direct,mixed', speaker: 'person/kaja-kallas' };
    expect(queryOf(page)).toEqual(both);
    expect(await shown(page)).toEqual(
      await listed('/v1/statements?mode=direct,mixed&speaker=person/kaja-kallas'),
    );
    expect(await overflowOf(page)).toBeLessThanOrEqual(0);
    await going(page, () => page.goBack());
    expect(queryOf(page)).toEqual({ mode: 'direct,mixed' });
    await going(page, async () => (await facet(page, 'Mode', 'Without direct')).click());
    expect(queryOf(page)).toEqual({ mode: 'mixed' });
    expect(await shown(page)).toEqual(await listed('/v1/statements?mode=mixed'));
    expect(complaints).toEqual([]);
  });

  it('finds words, keeps what was chosen, and sorts', async () => {
    const { page, complaints } = await visit(`${url}${STATEMENTS}&mode=direct,indirect`, options);
    await page.getByLabel('Words', { exact: true }).fill('conflict');
    await page.getByLabel('Sort by').selectOption('-text');
    await going(page, () => page.getByRole('button', { name: 'Show', exact: true }).click());
    const wanted = await listed('/v1/statements?mode=direct,indirect&q=conflict&sort=-text');
    expect(wanted.length).toBeGreaterThan(0);
    expect(await shown(page)).toEqual(wanted);
    expect(await page.getByLabel('Words', { exact: true }).inputValue()).toBe('conflict');
    expect(await page.getByLabel('Sort by').inputValue()).toBe('-text');
    expect(complaints).toEqual([]);
  });

  it('goes through all pages, and skips nothing', async () => {
    const { page, complaints } = await visit(`${url}${STATEMENTS}&limit=4&sort=text`, options);
    const seen = await shown(page);
    expect(seen).toHaveLength(4);
    for (;;) {
      const next = page.getByRole('link', { name: 'Next page' });
      if ((await next.count()) === 0) break;
      await going(page, () => next.click());
      seen.push(...(await shown(page)));
    }
    expect(seen).toEqual(await listed('/v1/statements?sort=text'));
    await going(page, () => page.getByRole('link', { name: 'First page' }).click());
    expect(await shown(page)).toEqual(seen.slice(0, 4));
    expect(complaints).toEqual([]);
  });

  it('leads to the facts, and from collection to collection', async () => {
    const { page } = await visit(url + STATEMENTS, options);
    const [first] = await shown(page);
    await going(page, () => page.locator('table.facts tbody th > a.fact').first().click());
    expect(page.url()).toBe(url + first);
    await going(page, () => page.goBack());
    await going(page, () =>
      page.getByRole('navigation', { name: 'Collections' }).getByRole('link', { name: 'Events' }).click(),
    );
    expect(await shown(page)).toEqual(await listed('/v1/events'));
  });

  it('searches everything, and leads to what is found', async () => {
    const { page } = await visit(`${url}/explore?collection=all`, options);
    await page.getByLabel('Words', { exact: true }).fill('chemical');
    await going(page, () => page.getByRole('button', { name: 'Search', exact: true }).last().click());
    const { data } = await json('/v1/search?q=chemical');
    const hits = page.locator('.hits a.fact');
    expect(await hits.evaluateAll((all) => all.map((each) => each.getAttribute('href')))).toEqual(
      data.map(({ links }: Json) => links.html),
    );
    const marked = (await page.locator('.hits mark').allInnerTexts()).map((words) => words.toLowerCase());
    expect(marked).toContain('chemical');
    await going(page, () => hits.first().click());
    expect(page.url()).toBe(url + data[0].links.html);
  });
});

describe('the table', () => {
  it('is sorted by its heads, up and then down', async () => {
    const { page } = await visit(url + STATEMENTS);
    const head = () => page.getByRole('columnheader', { name: 'Mode' });
    await going(page, () => head().getByRole('link').click());
    expect(await head().getAttribute('aria-sort')).toBe('ascending');
    expect(await shown(page)).toEqual(await listed('/v1/statements?sort=mode'));
    await going(page, () => head().getByRole('link').click());
    expect(await head().getAttribute('aria-sort')).toBe('descending');
    expect(await shown(page)).toEqual(await listed('/v1/statements?sort=-mode'));
  });

  it('is still a table for those who hear it on a telephone', async () => {
    const { page } = await visit(url + STATEMENTS, { viewport: { width: 360, height: 740 } });
    const rows = (await listed('/v1/statements')).length;
    expect(await page.getByRole('table').getByRole('rowheader').count()).toBe(rows);
    expect(await page.getByRole('table').getByRole('cell').count()).toBeGreaterThan(rows);
  });

  it('has what was withdrawn only where that is wanted, and says so', async () => {
    const { page } = await visit(`${eventful}/explore?collection=people`);
    expect(await shown(page)).not.toContain('/people/biruta');
    await page.getByLabel('With what was withdrawn').check();
    await going(page, () => page.getByRole('button', { name: 'Show', exact: true }).click());
    expect(await shown(page)).toContain('/people/biruta');
    const row = page.getByRole('row', { name: /Biruta/ });
    expect(await row.innerText()).toContain('Nobody knows her');
  });
});

describe('where nothing is found', () => {
  it('says what that means, and what to leave out', async () => {
    const { page } = await visit(`${url}${STATEMENTS}&q=zeppelin&mode=direct`);
    expect(await page.locator('.empty').innerText()).toContain('never “false”');
    await going(page, () => page.getByRole('link', { name: /^without words/ }).click());
    expect(await shown(page)).toEqual(await listed('/v1/statements?mode=direct'));
  });

  it('says so before anything is imported', async () => {
    const { page, complaints } = await visit(`${empty}${STATEMENTS}`);
    expect(await page.locator('main').innerText()).toContain('Nothing has been imported yet');
    expect(complaints).toEqual([]);
  });

  it('names what is wrong with an address, and leads out of it', async () => {
    const { page } = await visit(`${url}${STATEMENTS}&mode=loud`);
    expect(await page.locator('.problem').innerText()).toMatch(/mode/);
    await going(page, () => page.getByRole('link', { name: /Begin again/ }).click());
    expect(new URL(page.url()).pathname).toBe('/explore');
  });

  it('gets whoever takes the id off the address of a fact to the others', async () => {
    const { page } = await visit(`${url}/sanctions-rounds`);
    expect(page.url()).toBe(`${url}/explore?collection=sanctions-rounds`);
    expect(await shown(page)).toEqual(await listed('/v1/sanctions-rounds'));
  });
});

describe('what can be pasted', () => {
  it('answers, is of the very view, and can be copied', async () => {
    const { page, complaints } = await visit(`${url}/explore?collection=events&status=scheduled`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByText('Put this view into your tool').click();
    const pasted = await page.locator('#paste .paste code').allInnerTexts();
    const urls = [...new Set(pasted.flatMap((text) => /https?:\/\/[^\s"')]+/.exec(text) ?? []))];
    expect(urls.length).toBeGreaterThan(5);
    for (const each of urls) {
      expect([each, (await fetch(each)).status]).toEqual([each, 200]);
      expect(each).toContain('status=scheduled');
    }
    await page.locator('#paste .paste button').first().click();
    await eventually(() => page.evaluate('navigator.clipboard.readText()')).toBe(pasted[0]);
    expect(complaints).toEqual([]);
  });

  it('opens by the link at the head of the page', async () => {
    const { page } = await visit(url + STATEMENTS);
    await page.getByRole('link', { name: 'URLs to paste' }).click();
    await eventually(() => page.locator('#paste .paste code').first().isVisible()).toBe(true);
  });
});

describe('by keyboard', () => {
  it('chooses, types, sorts and goes on to the next page', async () => {
    const { page } = await visit(`${url}${STATEMENTS}&limit=2`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await tabTo(page, '#q');
    await page.keyboard.type('NATO');
    await going(page, () => page.keyboard.press('Enter'));
    expect(queryOf(page)).toMatchObject({ q: 'NATO', limit: '2' });
    const link = '.facets a[href*="mode=direct"]';
    if (!(await page.locator(link).isVisible())) {
      await tabTo(page, '.facets summary', 100);
      await page.keyboard.press('Enter');
    }
    await tabTo(page, link, 100);
    expect(await focusIsSeen(page)).toBe(true);
    await going(page, () => page.keyboard.press('Enter'));
    expect(queryOf(page)).toMatchObject({ q: 'NATO', mode: 'direct' });

    await page.goto(`${url}${STATEMENTS}&limit=2`);
    await tabTo(page, 'th a.sort', 150);
    expect(await focusIsSeen(page)).toBe(true);
    await going(page, () => page.keyboard.press('Enter'));
    expect(queryOf(page)).toMatchObject({ sort: 'label' });
    await tabTo(page, 'a[rel~="next"]', 250);
    expect(await focusIsSeen(page)).toBe(true);
    await going(page, () => page.keyboard.press('Enter'));
    expect(await shown(page)).toEqual((await listed('/v1/statements?sort=label')).slice(2, 4));
  });
});
