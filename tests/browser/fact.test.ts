/** Fact pages in a browser: evidence, references, history, citation and embed code. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectEventually,
  getFocusedText,
  getHorizontalOverflow,
  hasVisibleFocus,
  pressTabUntil,
  visit,
} from '../support/browser.ts';
import { startHistorySite, startThreeDossierSite } from './test-sites.ts';

const CORRECTED = '/battle-group-deployments/nato-slovakia';
const STATEMENT = '/statements/stoltenberg-use-of-chemical-weapons';
/** Fact with many references and much evidence. */
const COUNTRY = '/countries/russia';

// biome-ignore lint/suspicious/noExplicitAny: responses of any operation
type Json = any;

let url: string;
let eventful: string;
beforeAll(async () => {
  [url, eventful] = [await startThreeDossierSite(), await startHistorySite()];
});

const fetchJson = async (path: string): Promise<Json> => (await fetch(url + path)).json();

const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };
const readClipboard = (page: Page): Promise<string> => page.evaluate('navigator.clipboard.readText()');

const removeSpaces = (words: string): string => words.replaceAll(/\s/g, '');

/** Expects the reader to be open at the passage, with the passage in view. */
async function expectReaderAtPassage(page: Page, { document, start, end, exact }: Json): Promise<void> {
  await page.waitForURL(`${url}/documents/${document.id}?*`);
  const { searchParams } = new URL(page.url());
  expect([searchParams.get('start'), searchParams.get('end')]).toEqual([`${start}`, `${end}`]);
  const highlighted = page.locator('.source .highlighted');
  expect(removeSpaces((await highlighted.allTextContents()).join(''))).toBe(removeSpaces(exact));
  await expectEventually(() =>
    highlighted.first().evaluate((element) => element.getBoundingClientRect().top),
  ).toBeLessThan(720);
}

describe('evidence', () => {
  it.each([
    true,
    false,
  ])('links each quotation to its position in the source (scripts: %s)', async (javaScriptEnabled) => {
    const { page, issues } = await visit(url + CORRECTED, { javaScriptEnabled });
    const { evidence } = await fetchJson(`/v1${CORRECTED}`);
    for (const span of evidence) {
      await page
        .locator(`.fields blockquote a[href*="/${span.document.id}?end=${span.end}&start=${span.start}#"]`)
        .first()
        .click();
      await expectReaderAtPassage(page, span);
      await page.goBack();
    }
    expect(issues).toEqual([]);
  });

  it('has evidence or an inference for every field with a value', async () => {
    const { page } = await visit(url + CORRECTED);
    const fact = await fetchJson(`/v1${CORRECTED}`);
    for (const item of await page.locator('.field').all()) {
      expect(await item.locator('blockquote, .inference').count()).toBeGreaterThan(0);
    }
    const highlights = await page.locator('.fields mark').allInnerTexts();
    expect([...new Set(highlights)].sort()).toEqual(
      [...new Set(fact.evidence.map(({ exact }: Json) => exact))].sort(),
    );
    for (const { note } of fact.inferences) {
      expect(await page.locator('.inference').allInnerTexts()).toContainEqual(expect.stringContaining(note));
    }
  });

  it('starts with the words of a statement', async () => {
    const { page } = await visit(url + STATEMENT);
    const { parts, speakers } = await fetchJson(`/v1${STATEMENT}`);
    const words = await page.locator('.statement-text').innerText();
    for (const { exact } of parts.filter(({ role }: Json) => role === 'content'))
      expect(words).toContain(exact);
    expect(await page.locator('.speakers').innerText()).toBe(speakers[0].label);
  });

  it('collapses long lists of quotations, and expands them without scripts', async () => {
    const { page } = await visit(url + COUNTRY, { javaScriptEnabled: false });
    const foldedDetails = page.locator('.fields details').first();
    const count = Number(/\d+/.exec(await foldedDetails.locator('summary').innerText())?.[0]);
    expect(await foldedDetails.locator('blockquote').first().isVisible()).toBe(false);
    await foldedDetails.locator('summary').click();
    expect(await foldedDetails.locator('blockquote:visible').count()).toBe(count);
  });
});

describe('references', () => {
  it('are complete, with links to the facts', async () => {
    const { page, issues } = await visit(url + COUNTRY);
    const { data } = await fetchJson(`/v1${COUNTRY}/references?limit=100`);
    const section = page.locator('section', {
      has: page.getByRole('heading', { name: 'Referenced by' }),
    });
    const links = await section
      .locator('a.fact')
      .evaluateAll((all) => all.map((each) => each.getAttribute('href')));
    expect(links.sort()).toEqual(
      data
        .map(({ links }: Json) => links.self.replace('/v1', ''))
        .slice(0, 100)
        .sort(),
    );
    await section.locator('a.fact').first().click();
    await page.waitForURL((to) => to.pathname === links[0] || links.includes(to.pathname));
    await page.goBack();
    // If the field has a filter, a link leads to a table with the same facts.
    const explore = section.getByRole('link', { name: 'Explore all of these' }).first();
    const group = section.locator('div', { has: explore }).last();
    const labels = await group.locator('a.fact').allInnerTexts();
    await explore.click();
    await page.waitForURL(/explore/);
    expect((await page.locator('table.facts tbody a.fact').allInnerTexts()).length).toBeGreaterThanOrEqual(
      labels.length,
    );
    expect(issues).toEqual([]);
  });
});

describe('history', () => {
  it('shows corrections above the details, with the values before and after and the reason', async () => {
    const { page } = await visit(url + CORRECTED);
    const { data } = await fetchJson(`/v1${CORRECTED}/versions`);
    const correction = data.find(({ cause }: Json) => cause === 'correction');
    for (const place of [page.locator('.notice.corrected'), page.locator('.versions .cause-correction')]) {
      expect(await place.locator('del').first().innerText()).toBe('2022-03-23');
      expect(await place.locator('ins').first().innerText()).toBe('2022-03-22');
      expect(await place.innerText()).toContain(correction.reason);
    }
    expect(await page.locator('.versions > li').count()).toBe(data.length);
    const notice = await page.locator('.notice.corrected').boundingBox();
    const fields = await page.locator('.fields').boundingBox();
    expect(notice?.y).toBeLessThan(fields?.y ?? 0);
  });

  it('links to a past revision, which links back to the latest one', async () => {
    const { page, issues } = await visit(url + CORRECTED);
    await page.locator('.versions .cause-addition a').click();
    await page.waitForURL(/asOf=1$/);
    expect(await page.locator('.fields').innerText()).toContain('2022-03-23');
    // Historical pages show later corrections.
    expect(await page.locator('.notice.corrected').innerText()).toMatch(/^Corrected later/);
    await page.getByRole('link', { name: /View the latest revision/ }).click();
    await page.waitForURL(url + CORRECTED);
    expect(await page.locator('.notice.corrected').innerText()).toMatch(/^Corrected at/);
    expect(issues).toEqual([]);
  });

  it('starts with a retraction and its reason', async () => {
    const { page } = await visit(`${eventful}/people/biruta`);
    expect(await page.locator('.notice.retracted').innerText()).toMatch(/Retracted.*Nobody knows her/);
  });

  it('redirects from a previous id', async () => {
    const { page } = await visit(`${eventful}/people/ilze`);
    expect(page.url()).toBe(`${eventful}/people/ilze-abele`);
  });
});

describe('cite, embed, download', () => {
  it('copies the citation and the embed code', async () => {
    const { page, issues } = await visit(url + STATEMENT, CLIPBOARD);
    await page.getByRole('button', { name: 'Copy the citation' }).click();
    await page.getByText('Copied').waitFor();
    const citation = (await (await fetch(`${url}/v1${STATEMENT}/cite?style=text`)).text()).trim();
    expect(await readClipboard(page)).toBe(citation);
    await page.getByRole('button', { name: 'Copy the embed code' }).click();
    await expectEventually(() => readClipboard(page)).toMatch(
      new RegExp(`^<iframe src="${url}/embed${STATEMENT}" title=`),
    );
    expect(issues).toEqual([]);
  });

  it('selects the text if the clipboard is not available', async () => {
    const { page } = await visit(url + STATEMENT);
    await page.evaluate(
      'navigator.clipboard.writeText = () => Promise.reject(new DOMException("", "NotAllowedError"))',
    );
    await page.getByRole('button', { name: 'Copy the citation' }).click();
    await page.getByText('Press Ctrl+C').waitFor();
    expect(await page.evaluate('getSelection().toString()')).toContain('Summit Facts');
  });

  it('shows a preview of the card', async () => {
    const { page, issues } = await visit(url + STATEMENT);
    await page.locator('iframe.preview').scrollIntoViewIfNeeded();
    const { parts } = await fetchJson(`/v1${STATEMENT}`);
    const words = parts.find(({ role }: Json) => role === 'content').exact;
    const card = page.frameLocator('iframe.preview').locator('blockquote');
    await card.waitFor();
    expect(await card.innerText()).toContain(words);
    expect(issues).toEqual([]);
  });

  it.each([
    CORRECTED,
    STATEMENT,
    COUNTRY,
    '/documents/brussels-2022-03-24',
  ])('has no broken links (%s)', async (path) => {
    const { page } = await visit(url + path);
    const links = await page
      .locator('main a[href], head link[href]')
      .evaluateAll((all) => [...new Set(all.map((each) => String(each.href).replace(/#.*/, '')))]);
    const responses = await Promise.all(
      links.map(async (link) => {
        const { status, body } = await fetch(link);
        await body?.cancel();
        return [link, status] as const;
      }),
    );
    expect(responses.filter(([, status]) => status !== 200)).toEqual([]);
  });
});

describe('by keyboard', () => {
  it('copies, and follows links to the evidence', async () => {
    const { page } = await visit(url + CORRECTED, CLIPBOARD);
    await page.keyboard.press('Tab');
    expect(await getFocusedText(page)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await pressTabUntil(page, '.copyable button', 200);
    expect(await getFocusedText(page)).toBe('Copy the citation');
    expect(await hasVisibleFocus(page)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByText('Copied').waitFor();
    await page.reload();
    await pressTabUntil(page, '.fields blockquote a');
    expect(await hasVisibleFocus(page)).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForURL(/start=/);
    await page.locator('.source .highlighted').first().waitFor();
  });
});

describe('without scripts', () => {
  it('has selectable citation and embed code, and no buttons without function', async () => {
    const { page, issues } = await visit(url + STATEMENT, { javaScriptEnabled: false });
    const citation = (await (await fetch(`${url}/v1${STATEMENT}/cite?style=text`)).text()).trim();
    const snippets = await page.locator('.copyable code').allInnerTexts();
    expect(snippets.map(removeSpaces)).toContain(removeSpaces(citation));
    expect(await page.locator('main button').count()).toBe(0);
    await page.frameLocator('iframe.preview').locator('blockquote').waitFor();
    expect(issues).toEqual([]);
  });
});

describe('dates and times', () => {
  const days = (page: Page) =>
    page
      .locator('.fields time')
      .evaluateAll((all) =>
        all.map(({ textContent, dateTime, title }) => ({ textContent, dateTime, title })),
      );

  it.each([
    ['de-DE', '24. März 2022', 'America/Los_Angeles'],
    ['de-DE', '24. März 2022', 'Pacific/Auckland'],
    ['fr-FR', '24 mars 2022', 'Europe/Brussels'],
    ['en-US', 'March 24, 2022', 'UTC'],
  ])('are formatted for %s: %s, independent of the time zone %s', async (locale, expectedDate, timezoneId) => {
    const { page } = await visit(`${url}/events/eu-summit-2022-03-24`, { locale, timezoneId });
    expect(await days(page)).toContainEqual({
      textContent: expectedDate,
      dateTime: '2022-03-24',
      title: '2022-03-24',
    });
    const { recordedAt } = await fetchJson('/v1/events/eu-summit-2022-03-24');
    const timeElement = page.locator(`time[datetime="${recordedAt}"]`).first();
    const local = new Intl.DateTimeFormat(locale, {
      dateStyle: 'long',
      timeStyle: 'short',
      timeZone: timezoneId,
    });
    expect(removeSpaces(await timeElement.innerText())).toBe(
      removeSpaces(local.format(new Date(recordedAt))),
    );
    expect(await timeElement.getAttribute('title')).toBe(recordedAt);
  });

  it('are in English without scripts', async () => {
    const { page } = await visit(`${url}/events/eu-summit-2022-03-24`, {
      locale: 'de-DE',
      javaScriptEnabled: false,
    });
    expect((await days(page)).map(({ textContent }) => textContent)).toContain('24 March 2022');
  });
});

describe('on a phone and in print', () => {
  it('fits the preview into the page', async () => {
    const { page } = await visit(url + STATEMENT, { viewport: { width: 360, height: 740 } });
    const frame = await page.locator('iframe.preview').boundingBox();
    expect((frame?.x ?? 0) + (frame?.width ?? 0)).toBeLessThanOrEqual(360);
    expect(await getHorizontalOverflow(page)).toBe(0);
  });

  it('prints details and evidence without navigation', async () => {
    const { page } = await visit(url + CORRECTED);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.fields').isVisible()).toBe(true);
    for (const selector of ['header.site nav', '.site-search', '.copyable button >> nth=0'])
      expect([selector, await page.locator(selector).isVisible()]).toEqual([selector, false]);
  });
});
