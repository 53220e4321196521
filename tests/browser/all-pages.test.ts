/** Every kind of page in light and in dark, on telephones and on wide screens: nobody is kept out, and nothing is loaded from elsewhere. */
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../src/model/types/index.ts';
import { barriersIn, COLOUR_RULES, overflowOf, visit } from '../support/browser.ts';
import { BRUSSELS, emptySite, eventfulSite, siteOfOne, siteOfThree } from './test-sites.ts';

const SITES = { one: siteOfOne, three: siteOfThree, eventful: eventfulSite, empty: emptySite };
type Site = keyof typeof SITES;

const urls = new Map<Site, string>();
beforeAll(async () => {
  for (const [name, site] of Object.entries(SITES)) urls.set(name as Site, await site());
});

const room = `/documents/${BRUSSELS}`;
const facts = resources.filter(({ sourced }) => sourced !== false);

/** Each kind of page, where it is, and with which status it is answered. */
const PAGES: [path: string, site: Site, status?: number][] = [
  ['/', 'one'],
  ['/', 'three'],
  ['/', 'eventful'],
  ['/', 'empty'],
  [`/?document=${BRUSSELS}`, 'three'],
  ['/?asOf=1', 'three'],
  [room, 'one'],
  [`${room}?start=759&end=892`, 'one'],
  [`${room}?fact=person/volodymyr-zelensky`, 'one'],
  ['/documents/excerpts', 'eventful'],
  ['/documents/gone', 'eventful'],
  ...facts.map(({ collection, example }): [string, Site] => [`/${collection}/${example}`, 'one']),
  ['/battle-group-deployments/nato-slovakia', 'three'],
  ['/people/jens-stoltenberg', 'three'],
  ['/people/biruta', 'eventful'],
  ['/people/ilze-abele', 'eventful'],
  ['/explore', 'one'],
  ['/explore?collection=events&status=scheduled', 'one'],
  ['/explore?collection=battle-group-deployments', 'three'],
  ['/explore?collection=documents', 'eventful'],
  ['/explore?collection=people&include=retracted', 'eventful'],
  ['/explore?collection=all', 'one'],
  ['/explore?collection=all&q=chemical', 'one'],
  ['/explore?collection=all&q=chemical+zeppelins', 'one'],
  ['/explore?collection=figures&q=zeppelins', 'one'],
  ['/explore?collection=statements', 'empty'],
  ['/explore?collection=all', 'empty'],
  ['/embed/statements/stoltenberg-use-of-chemical-weapons', 'one'],
  ['/embed/countries/russia', 'one'],
  ['/embed/battle-group-deployments/nato-slovakia', 'three'],
  ['/embed/people/biruta', 'eventful'],
  ['/embed/documents/gone', 'eventful'],
  ['/events/nothing', 'one', 404],
  ['/nowhere', 'one', 404],
  ['/explore?x=1', 'one', 400],
];

/** The three at which the layouts differ, the widest first. */
const WIDTHS = [1280, 768, 360];
const MAX_SCRIPT_BYTES = 50_000;

/** What a browser itself says in its console of a page that is no 200. */
const ofStatus = (status: number) =>
  status === 200 ? [] : [expect.stringMatching(`the server responded with a status of ${status} `)];

/** What is wrong with the page as it is loaded now, in every window and colour; by what it is called below. */
async function wrongWith(page: Page): Promise<Record<string, unknown>> {
  const wrong: Record<string, unknown> = {};
  const note = (what: string, found: string[] | number) => {
    if (Array.isArray(found) ? found.length > 0 : found > 0) wrong[what] = found;
  };
  const inBothColours = async (where: string) => {
    await page.emulateMedia({ colorScheme: 'light' });
    note(`barriers ${where}`, await barriersIn(page));
    await page.emulateMedia({ colorScheme: 'dark' });
    note(`barriers ${where} in the dark`, await barriersIn(page, COLOUR_RULES));
  };
  for (const width of [1920, ...WIDTHS]) {
    await page.setViewportSize({ width, height: 800 });
    note(`too wide at ${width}`, await overflowOf(page));
    if (WIDTHS.includes(width)) await inBothColours(`at ${width}`);
  }
  // On a telephone, with everything that can be opened.
  if (await page.locator('details:not([open])').count()) {
    await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
    note('too wide when all is open', await overflowOf(page));
    note('barriers in the dark when all is open', await barriersIn(page));
  }
  note('more script than it may have', Math.max(0, (await scriptSizeOf(page)) - MAX_SCRIPT_BYTES));
  return wrong;
}

const sizes = new Map<string, Promise<Buffer>>();

/** Of all scripts that the page has loaded, as they go over the wire together. */
async function scriptSizeOf(page: Page): Promise<number> {
  const loaded: string[] = await page.evaluate(
    "performance.getEntriesByType('resource').filter(({ initiatorType, name }) => initiatorType === 'script' || /\\.m?js\\b/.test(name)).map(({ name }) => name)",
  );
  for (const each of loaded) {
    if (!sizes.has(each))
      sizes.set(
        each,
        fetch(each).then(async (answer) => Buffer.from(await answer.arrayBuffer())),
      );
  }
  const scripts = await Promise.all([...new Set(loaded)].map((each) => sizes.get(each) as Promise<Buffer>));
  return gzipSync(Buffer.concat(scripts)).length;
}

/** Pages of one kind are gone through in one window: a browser has its work with every new one. */
function kindOf(path: string): string {
  const [, first = ''] = path.split(/[/?]/);
  return facts.some(({ collection }) => collection === first) ? 'facts' : first || 'front';
}
const groups = [...Map.groupBy(PAGES, ([path, site]) => `${kindOf(path)} of the site ${site}`)];

describe('no barriers, nothing too wide, nothing from elsewhere, and little script', () => {
  it.each(groups)('%s', async (_, pages) => {
    const wrong: Record<string, unknown> = {};
    const [[first, site]] = pages as [(typeof PAGES)[number]];
    const { page, complaints, responses } = await visit(urls.get(site) + first);
    for (const [at, [path, , status = 200]] of pages.entries()) {
      if (at > 0) complaints.splice(0);
      const response = at === 0 ? responses[0] : await page.goto(urls.get(site) + path);
      expect([path, response?.status()]).toEqual([path, status]);
      const found = await wrongWith(page);
      if (Object.keys(found).length > 0) wrong[path] = found;
      expect([path, ...complaints]).toEqual([path, ...ofStatus(status)]);
    }
    expect(wrong).toEqual({});
  });
});
