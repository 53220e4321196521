/** Home page in a browser: every entry links to its fact and its evidence. */
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectEventually,
  getFocusedText,
  getHorizontalOverflow,
  hasVisibleFocus,
  pressTabUntil,
  visit,
} from '../support/browser.ts';
import {
  BRUSSELS,
  startEmptySite,
  startHistorySite,
  startOneDossierSite,
  startThreeDossierSite,
} from './test-sites.ts';

// biome-ignore lint/suspicious/noExplicitAny: responses of any operation
type Json = any;

let oneDossierUrl: string;
let threeDossiersUrl: string;
let eventful: string;
let empty: string;
beforeAll(async () => {
  [oneDossierUrl, threeDossiersUrl, eventful, empty] = [
    await startOneDossierSite(),
    await startThreeDossierSite(),
    await startHistorySite(),
    await startEmptySite(),
  ];
});

const fetchJson = async (url: string): Promise<Json> => (await fetch(url)).json();

/** Sorted paths of the pages of all facts in a list. */
async function fetchPagePaths(url: string): Promise<string[]> {
  const { data } = await fetchJson(url);
  return data.map(({ links }: Json) => links.html).sort();
}

const getHrefs = async (links: Locator): Promise<string[]> => [
  ...new Set((await links.evaluateAll((all) => all.map((each) => String(each.getAttribute('href'))))).sort()),
];

/** Texts that overlap each other or leave the chart. */
const findCollisions = (page: Page, picture: string, texts: string): Promise<string[]> =>
  page.evaluate(`(() => {
    const found = [];
    for (const picture of document.querySelectorAll(${JSON.stringify(picture)})) {
      const frame = picture.getBoundingClientRect();
      const boxes = [...picture.querySelectorAll(${JSON.stringify(texts)})].map((text) => ({ text: text.textContent, ...text.getBoundingClientRect().toJSON() }));
      for (const [at, a] of boxes.entries()) {
        if (a.left < frame.left - 1 || a.right > frame.right + 1) found.push(a.text + ' is beyond the picture');
        for (const b of boxes.slice(at + 1))
          if (a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom) found.push(a.text + ' on ' + b.text);
      }
    }
    return found;
  })()`);

describe('content', () => {
  it('has links to all events, deployments, rounds and stances', async () => {
    const { page, issues } = await visit(`${oneDossierUrl}/`);
    for (const [part, collection, query] of [
      ['timeline', 'events', ''],
      ['deployments', 'battle-group-deployments', ''],
      ['sanctions', 'sanctions-rounds', ''],
      ['stances', 'stances', ''],
      ['quotes', 'statements', '&mode=direct,mixed&sort=-reportedOn&limit=6'],
    ]) {
      const limit = query?.includes('limit') ? '' : '&limit=200';
      const expectedPaths = await fetchPagePaths(
        `${oneDossierUrl}/v1/${collection}?${limit}${query}`.replace('?&', '?'),
      );
      const links = page.locator(`#${part} a[href^="/${collection}/"]`);
      expect([part, await getHrefs(links)]).toEqual([part, expectedPaths]);
      expect([part, await links.first().isVisible()]).toEqual([part, true]);
    }
    expect(issues).toEqual([]);
  });

  it.each([1280, 768, 360])('has no overlapping text at %i pixels', async (width) => {
    const { page } = await visit(`${threeDossiersUrl}/`, { viewport: { width, height: 800 } });
    expect(await findCollisions(page, '.map svg', 'text')).toEqual([]);
    expect(await findCollisions(page, '.lane-axis svg', 'text')).toEqual([]);
    expect(await getHorizontalOverflow(page)).toBeLessThanOrEqual(0);
  });

  it('has no broken links', async () => {
    for (const site of [threeDossiersUrl, eventful]) {
      const { page } = await visit(`${site}/`);
      const links = (await getHrefs(page.locator('a[href]'))).filter((href) => !href.startsWith('#'));
      const responses = await Promise.all(
        links.map(async (href) => {
          const { status, body } = await fetch(new URL(href, site));
          await body?.cancel();
          return [href, status] as const;
        }),
      );
      expect(responses.filter(([, status]) => status !== 200)).toEqual([]);
      const anchors = await getHrefs(page.locator('a[href^="#"]'));
      for (const anchor of anchors) expect([anchor, await page.locator(anchor).count()]).toEqual([anchor, 1]);
    }
  });

  it('shows corrections with their reason, or says that there are none', async () => {
    const { page } = await visit(`${threeDossiersUrl}/`);
    const correctionsSection = page.locator('#corrections');
    expect(await correctionsSection.locator('del time').first().getAttribute('datetime')).toBe('2022-03-23');
    expect(await correctionsSection.locator('ins time').first().getAttribute('datetime')).toBe('2022-03-22');
    const { data } = await fetchJson(`${threeDossiersUrl}/v1/corrections`);
    expect(await correctionsSection.innerText()).toContain(data[0].reason);
    await page.goto(`${oneDossierUrl}/`);
    expect(await correctionsSection.innerText()).toContain('No corrections so far');
  });

  it('says that nothing has been imported', async () => {
    const { page, issues } = await visit(`${empty}/`);
    expect(await page.locator('main').innerText()).toContain('Nothing has been imported yet');
    expect(issues).toEqual([]);
  });

  it('shows a past revision, and links to the latest one', async () => {
    const { page } = await visit(`${threeDossiersUrl}/?asOf=1`);
    expect(await page.locator('#corrections').innerText()).toContain('No corrections so far');
    await page.getByRole('link', { name: /View the latest revision/ }).click();
    await page.waitForURL(`${threeDossiersUrl}/`);
    expect(await page.locator('#corrections del').count()).toBeGreaterThan(0);
  });
});

describe.each([true, false])('by mouse (scripts: %s)', (javaScriptEnabled) => {
  it('follows links to the source, to facts and to quotations', async () => {
    const { page, issues } = await visit(`${oneDossierUrl}/`, { javaScriptEnabled });
    await page.getByRole('link', { name: /Read the source with its facts/ }).click();
    await page.waitForURL(`${oneDossierUrl}/documents/${BRUSSELS}`);
    for (const selector of [
      '#timeline a.fact',
      '#deployments svg a',
      '#deployments ol a.fact',
      '#sanctions a.fact',
      '#stances td a',
    ]) {
      await page.goto(`${oneDossierUrl}/`);
      const link = page.locator(selector).first();
      const href = String(await link.getAttribute('href'));
      await link.click();
      await page.waitForURL(oneDossierUrl + href);
    }
    await page.goto(`${oneDossierUrl}/`);
    const quote = page.locator('#quotes li').first();
    const words = await quote.locator('q').first().innerText();
    await quote.locator(`a[href^="/documents/"]`).click();
    await page.waitForURL(/start=/);
    const highlightedText = (await page.locator('.source .highlighted').allTextContents()).join('');
    expect(highlightedText).toContain(words.replaceAll(/^["“”]|["“”]$/g, ''));
    expect(issues).toEqual([]);
  });

  it('shows one source alone, then all of them', async () => {
    const { page } = await visit(`${threeDossiersUrl}/`, { javaScriptEnabled });
    await page.locator(`#sources a[href="/?document=${BRUSSELS}"]`).first().click();
    await page.waitForURL(`${threeDossiersUrl}/?document=${BRUSSELS}`);
    const expectedPaths = await fetchPagePaths(
      `${threeDossiersUrl}/v1/events?document=${BRUSSELS}&limit=200`,
    );
    expect(await getHrefs(page.locator('#timeline a[href^="/events/"]'))).toEqual(expectedPaths);
    await page.getByRole('link', { name: 'Show all sources' }).click();
    await page.waitForURL(`${threeDossiersUrl}/`);
  });

  it('searches all facts', async () => {
    const { page } = await visit(`${oneDossierUrl}/`, { javaScriptEnabled });
    await page.getByLabel('Search all facts').fill('chemical');
    await page.getByLabel('Search all facts').press('Enter');
    await page.waitForURL(/explore/);
    const { data } = await fetchJson(`${oneDossierUrl}/v1/search?q=chemical`);
    expect(await page.locator('.hits a.fact').count()).toBe(data.length);
  });
});

describe('by keyboard', () => {
  it('reaches the points of the map and follows their links', async () => {
    const { page } = await visit(`${oneDossierUrl}/`);
    await page.keyboard.press('Tab');
    expect(await getFocusedText(page)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await pressTabUntil(page, '#timeline a.fact');
    expect(await hasVisibleFocus(page)).toBe(true);
    await pressTabUntil(page, '#deployments svg a');
    expect(await getFocusedText(page)).toMatch(/battle group/i);
    const href = await page.evaluate('document.activeElement.getAttribute("href")');
    await page.keyboard.press('Enter');
    await page.waitForURL(oneDossierUrl + href);
  });

  it('shows which point of the map has the focus', async () => {
    const { page } = await visit(`${oneDossierUrl}/`);
    const deploymentLink = page.locator('#deployments svg a').first();
    const before = await deploymentLink.screenshot();
    await page.locator('#timeline a.fact').last().focus();
    await pressTabUntil(page, '#deployments svg a');
    expect(before.equals(await deploymentLink.screenshot())).toBe(false);
  });

  it('scrolls the table of positions if it is wider than the page', async () => {
    const { page } = await visit(`${oneDossierUrl}/`, { viewport: { width: 360, height: 740 } });
    const table = page.locator('#stances .scrollable');
    if ((await table.evaluate((element) => element.scrollWidth - element.clientWidth)) <= 0) return;
    await table.focus();
    await page.keyboard.press('ArrowRight');
    await expectEventually(() => table.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
  });
});

describe('user preferences', () => {
  it.each([
    ['reduce', 'auto'],
    ['no-preference', 'smooth'],
  ] as const)('respects reduced motion (%s)', async (reducedMotion, behaviour) => {
    const { page } = await visit(`${oneDossierUrl}/`, { reducedMotion });
    await page.keyboard.press('Tab');
    expect(await page.evaluate('getComputedStyle(document.documentElement).scrollBehavior')).toBe(behaviour);
    if (reducedMotion === 'reduce') expect(await page.evaluate('document.getAnimations().length')).toBe(0);
  });

  it('draws charts in forced colors', async () => {
    const { page } = await visit(`${oneDossierUrl}/`, { forcedColors: 'active' });
    expect(await page.locator('#timeline svg').first().isVisible()).toBe(true);
  });

  it('prints everything but the navigation', async () => {
    const { page } = await visit(`${threeDossiersUrl}/`);
    await page.emulateMedia({ media: 'print' });
    for (const selector of ['header.site nav', '.site-search'])
      expect([selector, await page.locator(selector).isVisible()]).toEqual([selector, false]);
    for (const part of ['timeline', 'deployments', 'sanctions', 'stances', 'quotes'])
      expect([part, await page.locator(`#${part}`).isVisible()]).toEqual([part, true]);
  });
});
