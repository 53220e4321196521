/** Hostile texts: no page runs them, links to their URLs, or breaks its layout. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../src/model/types/index.ts';
import { createStore, importInto } from '../support/app.ts';
import { findAxeViolations, getHorizontalOverflow, visit } from '../support/browser.ts';
import { buildXssDossier, buildXssHistory, XSS_NOTE } from '../support/xss-fixtures.ts';
import { startSite } from './test-sites.ts';

let url: string;
/** Paths of the pages of all facts. */
let facts: string[];

beforeAll(async () => {
  const store = await createStore();
  const options = { author: XSS_NOTE, reviewer: XSS_NOTE, note: XSS_NOTE };
  for (const dossier of buildXssHistory()) await importInto(store, dossier, options);
  await importInto(store, buildXssDossier(), options);
  url = await startSite(store);
  const lists = factTypes
    .filter(({ hasEvidence }) => hasEvidence !== false)
    .map(async ({ collection }) => {
      const response = await fetch(`${url}/v1/${collection}?limit=200&include=retracted`);
      const { data } = (await response.json()) as { data: { links: { html: string } }[] };
      return data.map(({ links }) => links.html);
    });
  facts = (await Promise.all(lists)).flat();
});

/** URLs on the page with other schemes than HTTP and HTTPS. */
const findNonHttpUrls = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const found = [];
    for (const element of document.querySelectorAll('*'))
      for (const name of ['href', 'src', 'srcdoc', 'action', 'formaction', 'xlink:href', 'data', 'poster'])
        if (element.hasAttribute(name)) {
          const { protocol } = new URL(element.getAttribute(name), location.href);
          if (name === 'srcdoc' || !['http:', 'https:'].includes(protocol)) found.push(element.outerHTML.slice(0, 200));
        }
    return found;
  })()`);

/** Elements and attributes that hostile texts have injected. */
const findInjectedElements = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('*')]
    .filter((each) => each.matches('img, script:not([src]):not([type="application/ld+json"]), body svg[onload], [style], iframe:not(.preview)') || [...each.attributes].some(({ name }) => name.startsWith('on')))
    .map((each) => each.outerHTML.slice(0, 200))`);

/** Words of the page itself that a preceding right-to-left text has reversed. */
const findReversedText = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const found = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const leftOf = (node, at) => {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      return range.getBoundingClientRect();
    };
    while (texts.nextNode()) {
      const node = texts.currentNode;
      // Texts of sources are isolated, and may have any direction inside.
      if (node.parentElement.closest('bdi, [dir], code, script, style, svg')) continue;
      for (const { index, 0: word } of node.data.matchAll(/[A-Za-z]{3,}/g)) {
        const [first, last] = [leftOf(node, index), leftOf(node, index + word.length - 1)];
        if (first.width > 0 && first.top === last.top && first.left > last.left) found.push(word + ' in ' + node.parentElement.outerHTML.slice(0, 200));
      }
    }
    return found.slice(0, 5);
  })()`);

/** Violations of each page in a narrow and a wide window, by path. */
async function findViolations(paths: string[], { axe = false } = {}): Promise<Record<string, unknown>> {
  const violationsByPath: Record<string, unknown> = {};
  const { page, issues, responses } = await visit(url + paths[0]);
  page.on('dialog', (dialog) => {
    issues.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  for (const path of paths) {
    issues.splice(0);
    const note = (title: string, violations: unknown[] | number) => {
      if (Array.isArray(violations) ? violations.length > 0 : violations > 0)
        violationsByPath[`${path} ${title}`] = violations;
    };
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(url + path);
    // The server responds with 304 if the browser has cached the page.
    const status = responses.findLast((each) => each.url().startsWith(url + path))?.status();
    if (status !== 200 && status !== 304) violationsByPath[`${path} has the status`] = status;
    await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
    note('has URLs with other schemes', await findNonHttpUrls(page));
    note('has injected elements', await findInjectedElements(page));
    note('has reversed text', await findReversedText(page));
    note('is too wide at 1280', await getHorizontalOverflow(page));
    if (axe) note('is not accessible at 1280', await findAxeViolations(page));
    await page.setViewportSize({ width: 360, height: 740 });
    note('is too wide at 360', await getHorizontalOverflow(page));
    if (axe) note('is not accessible at 360', await findAxeViolations(page));
    note(
      'ran injected script',
      (await page.evaluate('"hacked" in window')) ? [await page.evaluate('hacked')] : [],
    );
    note('has issues', [...issues]);
  }
  return violationsByPath;
}

describe('hostile texts do not affect', () => {
  it('the home page and the reader', async () => {
    const paths = [
      '/',
      '/?document=traps',
      '/documents/traps',
      '/documents/traps?fact=person/endless',
      '/documents/traps?start=0&end=100',
      '/documents/traps-later',
      '/documents/hostile',
    ];
    expect(await findViolations(paths, { axe: true })).toEqual({});
  });

  it('fact pages', async () => {
    expect(facts.length).toBeGreaterThanOrEqual(14);
    expect(await findViolations([...facts, '/people/scheme?asOf=1'])).toEqual({});
  });

  it('cards', async () => {
    const cards = [...facts, '/documents/traps'].map((path) => `/embed${path}`);
    expect(await findViolations(cards)).toEqual({});
  });

  it('tables', async () => {
    const tables = factTypes.map(
      ({ collection, hasEvidence }) =>
        `/explore?collection=${collection}${hasEvidence === false ? '' : '&include=retracted'}`,
    );
    expect(await findViolations(tables)).toEqual({});
  });

  it('search results and search words', async () => {
    const words = encodeURIComponent('"><script>window.hacked=9</script>\u202e');
    const paths = [
      '/explore?collection=all&q=script',
      `/explore?collection=all&q=${words}`,
      `/explore?collection=people&q=${words}`,
      `/explore?collection=statements&topic=${words}&q=${'Q'.repeat(200)}`,
      `/explore?collection=people&postTitle=${words}`,
    ];
    expect(await findViolations(paths)).toEqual({});
  });

  it('error pages', async () => {
    const { page, issues } = await visit(`${url}/people/oneill`, {
      viewport: { width: 360, height: 740 },
    });
    for (const path of [
      '/explore?collection=<script>window.hacked=10</script>',
      `/explore?${'x'.repeat(1_000)}="><img src=x onerror=window.hacked=11>`,
      '/people/<svg onload=window.hacked=12>',
      `/nowhere/${'n'.repeat(1_000)}/%E2%80%AE"><script>window.hacked=13</script>`,
    ]) {
      issues.splice(0);
      await page.goto(url + path);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.evaluate('"hacked" in window')).toBe(false);
      expect([path, await getHorizontalOverflow(page)]).toEqual([path, 0]);
      expect(issues).toEqual([expect.stringMatching(/status of 4\d\d/)]);
    }
  });
});
