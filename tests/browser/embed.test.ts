/** Card of a fact, in a frame on another site. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../src/model/types/index.ts';
import { visit } from '../support/browser.ts';
import { onTestFileEnd } from '../support/cleanup.ts';
import { BRUSSELS, HIDDEN_SENTENCE, startHistorySite, startThreeDossierSite } from './test-sites.ts';

const STATEMENT = '/statements/stoltenberg-use-of-chemical-weapons';
const CARDS = factTypes.map(({ collection, exampleId }) => `/${collection}/${exampleId}`);
const CORRECTED = '/battle-group-deployments/nato-slovakia';

// biome-ignore lint/suspicious/noExplicitAny: responses of any operation
type Json = any;

let url: string;
let eventful: string;
let newspaper: string;
beforeAll(async () => {
  [url, eventful] = [await startThreeDossierSite(), await startHistorySite()];
  newspaper = await startOtherOrigin();
});

const fetchJson = async (path: string): Promise<Json> => (await fetch(url + path)).json();

/** Starts a server on another origin, whose page frames the URL in its query. */
async function startOtherOrigin(): Promise<string> {
  const server = createServer((request, response) => {
    const card = new URL(request.url ?? '', 'http://x').searchParams.get('card');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><html lang="en"><title>A newspaper</title><link rel="icon" href="data:,"><h1>News</h1><iframe title="A card" width="550" height="400" src="${card}"></iframe>`,
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFileEnd(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Smallest font size of visible text, in pixels. */
const getMinFontSizePx = (page: Page): Promise<number> =>
  page.evaluate(`(() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const sizes = [];
    while (texts.nextNode()) {
      if (texts.currentNode.data.trim() === '') continue;
      sizes.push(parseFloat(getComputedStyle(texts.currentNode.parentElement).fontSize));
    }
    return Math.min(...sizes);
  })()`);

describe('a card', () => {
  it.each(CARDS)('%s is legible at 280 pixels, and loads no scripts', async (path) => {
    const { page, issues, responses } = await visit(`${url}/embed${path}`, {
      viewport: { width: 280, height: 400 },
    });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(280);
    expect(await getMinFontSizePx(page)).toBeGreaterThanOrEqual(12);
    expect(await page.locator('script').count()).toBe(0);
    const types = responses.map((response) => response.headers()['content-type']);
    expect(types.filter((type) => type?.includes('javascript'))).toEqual([]);
    const { label } = await fetchJson(`/v1${path}`);
    expect(await page.title()).toBe(label);
    expect(issues).toEqual([]);
  });

  it('has the words, the speaker and the source of a statement, and links to its evidence', async () => {
    const { page } = await visit(`${url}/embed${STATEMENT}`);
    const { parts, speakers, evidence } = await fetchJson(`/v1${STATEMENT}`);
    const mainText = await page.locator('main').innerText();
    for (const { exact } of parts.filter(({ role }: Json) => role === 'content'))
      expect(mainText).toContain(exact);
    expect(mainText).toContain(speakers[0].label);
    expect(mainText).toContain(evidence[0].document.label);
    expect(await page.getByRole('link').last().getAttribute('href')).toBe(`${url}${STATEMENT}`);
  });

  it('shows corrections, retractions and redactions', async () => {
    const { page } = await visit(`${url}/embed${CORRECTED}`);
    expect(await page.locator('.notice').innerText()).toContain('Corrected');
    await page.goto(`${eventful}/embed/people/biruta`);
    expect(await page.locator('.notice').innerText()).toMatch(/Retracted.*Nobody knows her/);
    for (const id of ['gone', 'excerpts']) {
      await page.goto(`${eventful}/embed/documents/${id}`);
      expect(await page.locator('main').innerText()).toContain(`Of the ${id}`);
      expect(await page.content()).not.toContain(HIDDEN_SENTENCE);
    }
  });

  it('shows a past revision with later corrections', async () => {
    const { page } = await visit(`${url}/embed${CORRECTED}?asOf=1`);
    expect(await page.locator('.notice.corrected').innerText()).toMatch(/^Corrected later/);
    expect(await page.getByRole('link').last().getAttribute('href')).toBe(`${url}${CORRECTED}?asOf=1`);
  });
});

describe('in a frame on another site', () => {
  it.each([
    STATEMENT,
    CORRECTED,
    `/documents/${BRUSSELS}`,
  ])('%s shows its words, and opens the fact page in a new tab', async (path) => {
    const { page } = await visit(`${newspaper}/?card=${encodeURIComponent(`${url}/embed${path}`)}`);
    const card = page.frameLocator('iframe');
    const main = card.locator('main');
    await main.waitFor();
    const { label, parts } = await fetchJson(`/v1${path}`);
    const words = parts?.find(({ role }: Json) => role === 'content').exact ?? label;
    expect(await main.innerText()).toContain(words);
    const opening = page.context().waitForEvent('page');
    await card.getByRole('link').last().click();
    const openedPage = await opening;
    await openedPage.waitForURL(url + path);
    expect(page.url()).toContain(newspaper);
    // The opened page has no access to the page of the newspaper.
    expect(await openedPage.evaluate('opener')).toBe(null);
  });

  it('only cards can be framed', async () => {
    for (const path of ['/', STATEMENT, '/explore']) {
      const { page, issues } = await visit(`${newspaper}/?card=${encodeURIComponent(url + path)}`);
      expect(issues.join(' ')).toMatch(/frame-ancestors|refused to connect/i);
      expect(await page.frameLocator('iframe').locator('header.site').count()).toBe(0);
    }
  });
});

describe('by keyboard', () => {
  it('has one link, with a visible focus', async () => {
    const { page } = await visit(`${url}/embed${STATEMENT}`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.href')).toBe(`${url}${STATEMENT}`);
    expect(
      await page.evaluate('parseFloat(getComputedStyle(document.activeElement).outlineWidth)'),
    ).toBeGreaterThanOrEqual(2);
  });
});
