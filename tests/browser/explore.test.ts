/** Explore page in a browser, with and without scripts. */
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectEventually,
  getHorizontalOverflow,
  hasVisibleFocus,
  pressTabUntil,
  visit,
} from '../support/browser.ts';
import { startEmptySite, startHistorySite, startOneDossierSite } from './test-sites.ts';

// biome-ignore lint/suspicious/noExplicitAny: responses of any operation
type Json = any;

const STATEMENTS = '/explore?collection=statements';

let url: string;
let eventful: string;
let empty: string;
beforeAll(async () => {
  [url, eventful, empty] = [await startOneDossierSite(), await startHistorySite(), await startEmptySite()];
});

const fetchJson = async (path: string): Promise<Json> => (await fetch(url + path)).json();

/** Paths of the pages of the facts in a list, in order. */
const fetchPageUrls = async (path: string): Promise<string[]> =>
  (await fetchJson(path)).data.map(({ links }: Json) => links.html);

/** Paths of the facts that the page shows. */
const getShownUrls = (page: Page): Promise<string[]> =>
  page
    .locator('table.facts tbody th > a.fact')
    .evaluateAll((all) => all.map((each) => String(each.getAttribute('href'))));

const getQuery = (page: Page): Record<string, string> => {
  const { collection: _, ...others } = Object.fromEntries(new URL(page.url()).searchParams.entries());
  return others;
};

/** Link of a facet value; on narrow screens the filters are collapsed. */
async function findFacetLink(page: Page, name: string, value: string): Promise<Locator> {
  const link = page.getByRole('list', { name, exact: true }).getByRole('link', { name: value, exact: true });
  if (!(await link.isVisible()))
    await page
      .locator('summary', { hasText: /^Filters/ })
      .first()
      .click();
  return link;
}

/** Runs an action that navigates, and waits until the new page has loaded. */
async function waitForNavigation(page: Page, act: () => Promise<unknown>): Promise<void> {
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

  it('adds and removes facet values', async () => {
    const { page, issues } = await visit(url + STATEMENTS, options);
    expect(await getShownUrls(page)).toEqual(await fetchPageUrls('/v1/statements'));
    await waitForNavigation(page, async () => (await findFacetLink(page, 'Mode', 'direct')).click());
    expect(getQuery(page)).toEqual({ mode: 'direct' });
    expect(await getShownUrls(page)).toEqual(await fetchPageUrls('/v1/statements?mode=direct'));
    // Values of one field are alternatives; values of different fields must all match.
    await waitForNavigation(page, async () => (await findFacetLink(page, 'Mode', 'mixed')).click());
    await waitForNavigation(page, async () => (await findFacetLink(page, 'Speaker', 'Kaja Kallas')).click());
    const both = { mode: 'direct,mixed', speaker: 'person/kaja-kallas' };
    expect(getQuery(page)).toEqual(both);
    expect(await getShownUrls(page)).toEqual(
      await fetchPageUrls('/v1/statements?mode=direct,mixed&speaker=person/kaja-kallas'),
    );
    expect(await getHorizontalOverflow(page)).toBeLessThanOrEqual(0);
    await waitForNavigation(page, () => page.goBack());
    expect(getQuery(page)).toEqual({ mode: 'direct,mixed' });
    await waitForNavigation(page, async () => (await findFacetLink(page, 'Mode', 'Remove direct')).click());
    expect(getQuery(page)).toEqual({ mode: 'mixed' });
    expect(await getShownUrls(page)).toEqual(await fetchPageUrls('/v1/statements?mode=mixed'));
    expect(issues).toEqual([]);
  });

  it('searches, preserves facet values, and sorts', async () => {
    const { page, issues } = await visit(`${url}${STATEMENTS}&mode=direct,indirect`, options);
    await page.getByLabel('Words', { exact: true }).fill('conflict');
    await page.getByLabel('Sort by').selectOption('-text');
    await waitForNavigation(page, () => page.getByRole('button', { name: 'Apply', exact: true }).click());
    const expectedUrls = await fetchPageUrls('/v1/statements?mode=direct,indirect&q=conflict&sort=-text');
    expect(expectedUrls.length).toBeGreaterThan(0);
    expect(await getShownUrls(page)).toEqual(expectedUrls);
    expect(await page.getByLabel('Words', { exact: true }).inputValue()).toBe('conflict');
    expect(await page.getByLabel('Sort by').inputValue()).toBe('-text');
    expect(issues).toEqual([]);
  });

  it('goes through all pages without gaps', async () => {
    const { page, issues } = await visit(`${url}${STATEMENTS}&limit=4&sort=text`, options);
    const shownUrls = await getShownUrls(page);
    expect(shownUrls).toHaveLength(4);
    for (;;) {
      const next = page.getByRole('link', { name: 'Next page' });
      if ((await next.count()) === 0) break;
      await waitForNavigation(page, () => next.click());
      shownUrls.push(...(await getShownUrls(page)));
    }
    expect(shownUrls).toEqual(await fetchPageUrls('/v1/statements?sort=text'));
    await waitForNavigation(page, () => page.getByRole('link', { name: 'First page' }).click());
    expect(await getShownUrls(page)).toEqual(shownUrls.slice(0, 4));
    expect(issues).toEqual([]);
  });

  it('links to facts and to other collections', async () => {
    const { page } = await visit(url + STATEMENTS, options);
    const [first] = await getShownUrls(page);
    await waitForNavigation(page, () => page.locator('table.facts tbody th > a.fact').first().click());
    expect(page.url()).toBe(url + first);
    await waitForNavigation(page, () => page.goBack());
    await waitForNavigation(page, () =>
      page.getByRole('navigation', { name: 'Collections' }).getByRole('link', { name: 'Events' }).click(),
    );
    expect(await getShownUrls(page)).toEqual(await fetchPageUrls('/v1/events'));
  });

  it('searches all collections, and links to the results', async () => {
    const { page } = await visit(`${url}/explore?collection=all`, options);
    await page.getByLabel('Words', { exact: true }).fill('chemical');
    await waitForNavigation(page, () =>
      page.getByRole('button', { name: 'Search', exact: true }).last().click(),
    );
    const { data } = await fetchJson('/v1/search?q=chemical');
    const hits = page.locator('.hits a.fact');
    expect(await hits.evaluateAll((all) => all.map((each) => each.getAttribute('href')))).toEqual(
      data.map(({ links }: Json) => links.html),
    );
    const highlights = (await page.locator('.hits mark').allInnerTexts()).map((words) => words.toLowerCase());
    expect(highlights).toContain('chemical');
    await waitForNavigation(page, () => hits.first().click());
    expect(page.url()).toBe(url + data[0].links.html);
  });
});

describe('the table', () => {
  it('is sorted by its headings, in ascending and then in descending order', async () => {
    const { page } = await visit(url + STATEMENTS);
    const head = () => page.getByRole('columnheader', { name: 'Mode' });
    await waitForNavigation(page, () => head().getByRole('link').click());
    expect(await head().getAttribute('aria-sort')).toBe('ascending');
    expect(await getShownUrls(page)).toEqual(await fetchPageUrls('/v1/statements?sort=mode'));
    await waitForNavigation(page, () => head().getByRole('link').click());
    expect(await head().getAttribute('aria-sort')).toBe('descending');
    expect(await getShownUrls(page)).toEqual(await fetchPageUrls('/v1/statements?sort=-mode'));
  });

  it('is still a table for screen readers on a phone', async () => {
    const { page } = await visit(url + STATEMENTS, { viewport: { width: 360, height: 740 } });
    const rows = (await fetchPageUrls('/v1/statements')).length;
    expect(await page.getByRole('table').getByRole('rowheader').count()).toBe(rows);
    expect(await page.getByRole('table').getByRole('cell').count()).toBeGreaterThan(rows);
  });

  it('includes retracted facts on request, with the reason', async () => {
    const { page } = await visit(`${eventful}/explore?collection=people`);
    expect(await getShownUrls(page)).not.toContain('/people/biruta');
    await page.getByLabel('Include retracted facts').check();
    await waitForNavigation(page, () => page.getByRole('button', { name: 'Apply', exact: true }).click());
    expect(await getShownUrls(page)).toContain('/people/biruta');
    const row = page.getByRole('row', { name: /Biruta/ });
    expect(await row.innerText()).toContain('Nobody knows her');
  });
});

describe('without matches', () => {
  it('explains the result, and suggests removing filters', async () => {
    const { page } = await visit(`${url}${STATEMENTS}&q=zeppelin&mode=direct`);
    expect(await page.locator('.empty').innerText()).toContain('never “false”');
    await waitForNavigation(page, () => page.getByRole('link', { name: /^without words/ }).click());
    expect(await getShownUrls(page)).toEqual(await fetchPageUrls('/v1/statements?mode=direct'));
  });

  it('says that nothing has been imported', async () => {
    const { page, issues } = await visit(`${empty}${STATEMENTS}`);
    expect(await page.locator('main').innerText()).toContain('Nothing has been imported yet');
    expect(issues).toEqual([]);
  });

  it('names an invalid parameter, and links to the page without it', async () => {
    const { page } = await visit(`${url}${STATEMENTS}&mode=loud`);
    expect(await page.locator('.problem').innerText()).toMatch(/mode/);
    await waitForNavigation(page, () => page.getByRole('link', { name: /without parameters/ }).click());
    expect(new URL(page.url()).pathname).toBe('/explore');
  });

  it('redirects the URL of a fact without its id to the table', async () => {
    const { page } = await visit(`${url}/sanctions-rounds`);
    expect(page.url()).toBe(`${url}/explore?collection=sanctions-rounds`);
    expect(await getShownUrls(page)).toEqual(await fetchPageUrls('/v1/sanctions-rounds'));
  });
});

describe('export URLs', () => {
  it('work, have the filters of the view, and can be copied', async () => {
    const { page, issues } = await visit(`${url}/explore?collection=events&status=scheduled`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await page.getByText('Export this view').click();
    const snippets = await page.locator('#paste .copyable code').allInnerTexts();
    const urls = [...new Set(snippets.flatMap((text) => /https?:\/\/[^\s"')]+/.exec(text) ?? []))];
    expect(urls.length).toBeGreaterThan(5);
    for (const each of urls) {
      expect([each, (await fetch(each)).status]).toEqual([each, 200]);
      expect(each).toContain('status=scheduled');
    }
    await page.locator('#paste .copyable button').first().click();
    await expectEventually(() => page.evaluate('navigator.clipboard.readText()')).toBe(snippets[0]);
    expect(issues).toEqual([]);
  });

  it('are opened by the link at the top of the page', async () => {
    const { page } = await visit(url + STATEMENTS);
    await page.getByRole('link', { name: 'Export URLs' }).click();
    await expectEventually(() => page.locator('#paste .copyable code').first().isVisible()).toBe(true);
  });
});

describe('by keyboard', () => {
  it('filters, searches, sorts and goes to the next page', async () => {
    const { page } = await visit(`${url}${STATEMENTS}&limit=2`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await pressTabUntil(page, '#q');
    await page.keyboard.type('NATO');
    await waitForNavigation(page, () => page.keyboard.press('Enter'));
    expect(getQuery(page)).toMatchObject({ q: 'NATO', limit: '2' });
    const link = '.facets a[href*="mode=direct"]';
    if (!(await page.locator(link).isVisible())) {
      await pressTabUntil(page, '.facets summary', 100);
      await page.keyboard.press('Enter');
    }
    await pressTabUntil(page, link, 100);
    expect(await hasVisibleFocus(page)).toBe(true);
    await waitForNavigation(page, () => page.keyboard.press('Enter'));
    expect(getQuery(page)).toMatchObject({ q: 'NATO', mode: 'direct' });

    await page.goto(`${url}${STATEMENTS}&limit=2`);
    await pressTabUntil(page, 'th a.sort', 150);
    expect(await hasVisibleFocus(page)).toBe(true);
    await waitForNavigation(page, () => page.keyboard.press('Enter'));
    expect(getQuery(page)).toMatchObject({ sort: 'label' });
    await pressTabUntil(page, 'a[rel~="next"]', 250);
    expect(await hasVisibleFocus(page)).toBe(true);
    await waitForNavigation(page, () => page.keyboard.press('Enter'));
    expect(await getShownUrls(page)).toEqual((await fetchPageUrls('/v1/statements?sort=label')).slice(2, 4));
  });
});
