/** Texts that try to break out of whatever they are put into: no page runs them, follows them, or loses its shape. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../src/model/types/index.ts';
import { emptyStore, importInto } from '../support/app.ts';
import { barriersIn, overflowOf, visit } from '../support/browser.ts';
import { HOSTILE_NOTE, hostileDossier, hostileHistory } from '../support/xss-fixtures.ts';
import { siteOn } from './test-sites.ts';

let url: string;
/** The pages of all facts. */
let facts: string[];

beforeAll(async () => {
  const store = await emptyStore();
  const options = { author: HOSTILE_NOTE, reviewer: HOSTILE_NOTE, note: HOSTILE_NOTE };
  for (const dossier of hostileHistory()) await importInto(store, dossier, options);
  await importInto(store, hostileDossier(), options);
  url = await siteOn(store);
  const lists = resources
    .filter(({ sourced }) => sourced !== false)
    .map(async ({ collection }) => {
      const answer = await fetch(`${url}/v1/${collection}?limit=200&include=retracted`);
      const { data } = (await answer.json()) as { data: { links: { html: string } }[] };
      return data.map(({ links }) => links.html);
    });
  facts = (await Promise.all(lists)).flat();
});

/** Addresses on the page that lead elsewhere than by HTTP. */
const strangeAddresses = (page: Page): Promise<string[]> =>
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

/** What a text has made of itself that is no text. */
const strangeElements = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('*')]
    .filter((each) => each.matches('img, script:not([src]):not([type="application/ld+json"]), body svg[onload], [style], iframe:not(.preview)') || [...each.attributes].some(({ name }) => name.startsWith('on')))
    .map((each) => each.outerHTML.slice(0, 200))`);

/** Words of the page's own that are drawn from right to left, since a text before them has turned the line around. */
const turnedWords = (page: Page): Promise<string[]> =>
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
      // What is foreign is isolated, and may run as it likes within.
      if (node.parentElement.closest('bdi, [dir], code, script, style, svg')) continue;
      for (const { index, 0: word } of node.data.matchAll(/[A-Za-z]{3,}/g)) {
        const [first, last] = [leftOf(node, index), leftOf(node, index + word.length - 1)];
        if (first.width > 0 && first.top === last.top && first.left > last.left) found.push(word + ' in ' + node.parentElement.outerHTML.slice(0, 200));
      }
    }
    return found.slice(0, 5);
  })()`);

/** Goes to each page in a narrow and a wide window; what is wrong with it, by its path. */
async function wrongAt(paths: string[], { axe = false } = {}): Promise<Record<string, unknown>> {
  const wrong: Record<string, unknown> = {};
  const { page, complaints, responses } = await visit(url + paths[0]);
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog says ${dialog.message()}`);
    dialog.dismiss();
  });
  for (const path of paths) {
    complaints.splice(0);
    const note = (what: string, found: unknown[] | number) => {
      if (Array.isArray(found) ? found.length > 0 : found > 0) wrong[`${path} ${what}`] = found;
    };
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(url + path);
    // A page that the browser has already is not sent once more.
    const status = responses.findLast((each) => each.url().startsWith(url + path))?.status();
    if (status !== 200 && status !== 304) wrong[`${path} is answered with`] = status;
    await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
    note('has addresses', await strangeAddresses(page));
    note('has elements', await strangeElements(page));
    note('is turned around', await turnedWords(page));
    note('is too wide at 1280', await overflowOf(page));
    if (axe) note('has barriers at 1280', await barriersIn(page));
    await page.setViewportSize({ width: 360, height: 740 });
    note('is too wide at 360', await overflowOf(page));
    if (axe) note('has barriers at 360', await barriersIn(page));
    note('was hacked', (await page.evaluate('"hacked" in window')) ? [await page.evaluate('hacked')] : []);
    note('complains', [...complaints]);
  }
  return wrong;
}

describe('with hostile texts everywhere', () => {
  it('the front page and the reading room stay what they are, for everybody', async () => {
    const paths = [
      '/',
      '/?document=traps',
      '/documents/traps',
      '/documents/traps?fact=person/endless',
      '/documents/traps?start=0&end=100',
      '/documents/traps-later',
      '/documents/hostile',
    ];
    expect(await wrongAt(paths, { axe: true })).toEqual({});
  });

  it('so does the page of every fact', async () => {
    expect(facts.length).toBeGreaterThanOrEqual(14);
    expect(await wrongAt([...facts, '/people/scheme?asOf=1'])).toEqual({});
  });

  it('so does every card', async () => {
    const cards = [...facts, '/documents/traps'].map((path) => `/embed${path}`);
    expect(await wrongAt(cards)).toEqual({});
  });

  it('so does every table', async () => {
    const tables = resources.map(
      ({ collection, sourced }) =>
        `/explore?collection=${collection}${sourced === false ? '' : '&include=retracted'}`,
    );
    expect(await wrongAt(tables)).toEqual({});
  });

  it('so does what is found, and what somebody searched for', async () => {
    const words = encodeURIComponent('"><script>window.hacked=9</script>\u202e');
    const paths = [
      '/explore?collection=all&q=script',
      `/explore?collection=all&q=${words}`,
      `/explore?collection=people&q=${words}`,
      `/explore?collection=statements&topic=${words}&q=${'Q'.repeat(200)}`,
      `/explore?collection=people&postTitle=${words}`,
    ];
    expect(await wrongAt(paths)).toEqual({});
  });

  it('so do pages that say what is wrong', async () => {
    const { page, complaints } = await visit(`${url}/people/oneill`, {
      viewport: { width: 360, height: 740 },
    });
    for (const path of [
      '/explore?collection=<script>window.hacked=10</script>',
      `/explore?${'x'.repeat(1_000)}="><img src=x onerror=window.hacked=11>`,
      '/people/<svg onload=window.hacked=12>',
      `/nowhere/${'n'.repeat(1_000)}/%E2%80%AE"><script>window.hacked=13</script>`,
    ]) {
      complaints.splice(0);
      await page.goto(url + path);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.evaluate('"hacked" in window')).toBe(false);
      expect([path, await overflowOf(page)]).toEqual([path, 0]);
      expect(complaints).toEqual([expect.stringMatching(/status of 4\d\d/)]);
    }
  });
});
