/** Every kind of page in light and in dark, on telephones and on wide screens: nobody is kept out, and nothing is loaded from elsewhere. */
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../src/model/types/index.ts';
import { COLOR_RULES, findAxeViolations, getHorizontalOverflow, visit } from '../support/browser.ts';
import {
  BRUSSELS,
  startEmptySite,
  startHistorySite,
  startOneDossierSite,
  startThreeDossierSite,
} from './test-sites.ts';

const SITES = {
  one: startOneDossierSite,
  three: startThreeDossierSite,
  eventful: startHistorySite,
  empty: startEmptySite,
};
type Site = keyof typeof SITES;

const urls = new Map<Site, string>();
beforeAll(async () => {
  for (const [name, site] of Object.entries(SITES)) urls.set(name as Site, await site());
});

const readerUrl = `/documents/${BRUSSELS}`;
const evidencedTypes = factTypes.filter(({ hasEvidence }) => hasEvidence !== false);

/** Each kind of page, where it is, and with which status it is answered. */
const PAGES: [path: string, site: Site, status?: number][] = [
  ['/', 'one'],
  ['/', 'three'],
  ['/', 'eventful'],
  ['/', 'empty'],
  [`/?document=${BRUSSELS}`, 'three'],
  ['/?asOf=1', 'three'],
  [readerUrl, 'one'],
  [`${readerUrl}?start=759&end=892`, 'one'],
  [`${readerUrl}?fact=person/volodymyr-zelensky`, 'one'],
  ['/documents/excerpts', 'eventful'],
  ['/documents/gone', 'eventful'],
  ...evidencedTypes.map(({ collection, exampleId }): [string, Site] => [
    `/${collection}/${exampleId}`,
    'one',
  ]),
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
const expectedConsoleErrors = (status: number) =>
  status === 200 ? [] : [expect.stringMatching(`the server responded with a status of ${status} `)];

/** What is wrong with the page as it is loaded now, in every window and colour; by what it is called below. */
async function findViolations(page: Page): Promise<Record<string, unknown>> {
  const violationsByCheck: Record<string, unknown> = {};
  const note = (title: string, violations: string[] | number) => {
    if (Array.isArray(violations) ? violations.length > 0 : violations > 0)
      violationsByCheck[title] = violations;
  };
  const checkColorSchemes = async (viewport: string) => {
    await page.emulateMedia({ colorScheme: 'light' });
    note(`barriers ${viewport}`, await findAxeViolations(page));
    await page.emulateMedia({ colorScheme: 'dark' });
    note(`barriers ${viewport} in the dark`, await findAxeViolations(page, COLOR_RULES));
  };
  for (const width of [1920, ...WIDTHS]) {
    await page.setViewportSize({ width, height: 800 });
    note(`too wide at ${width}`, await getHorizontalOverflow(page));
    if (WIDTHS.includes(width)) await checkColorSchemes(`at ${width}`);
  }
  // On a telephone, with everything that can be opened.
  if (await page.locator('details:not([open])').count()) {
    await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
    note('too wide when all is open', await getHorizontalOverflow(page));
    note('barriers in the dark when all is open', await findAxeViolations(page));
  }
  note('more script than it may have', Math.max(0, (await measureScriptSize(page)) - MAX_SCRIPT_BYTES));
  return violationsByCheck;
}

const scriptSizes = new Map<string, Promise<Buffer>>();

/** Of all scripts that the page has loaded, as they go over the wire together. */
async function measureScriptSize(page: Page): Promise<number> {
  const scriptUrls: string[] = await page.evaluate(
    "performance.getEntriesByType('resource').filter(({ initiatorType, name }) => initiatorType === 'script' || /\\.m?js\\b/.test(name)).map(({ name }) => name)",
  );
  for (const each of scriptUrls) {
    if (!scriptSizes.has(each))
      scriptSizes.set(
        each,
        fetch(each).then(async (response) => Buffer.from(await response.arrayBuffer())),
      );
  }
  const scripts = await Promise.all(
    [...new Set(scriptUrls)].map((each) => scriptSizes.get(each) as Promise<Buffer>),
  );
  return gzipSync(Buffer.concat(scripts)).length;
}

/** Pages of one kind are gone through in one window: a browser has its work with every new one. */
function getPageKind(path: string): string {
  const [, first = ''] = path.split(/[/?]/);
  return evidencedTypes.some(({ collection }) => collection === first) ? 'facts' : first || 'front';
}
const groups = [...Map.groupBy(PAGES, ([path, site]) => `${getPageKind(path)} of the site ${site}`)];

describe('no barriers, nothing too wide, nothing from elsewhere, and little script', () => {
  it.each(groups)('%s', async (_, pages) => {
    const wrong: Record<string, unknown> = {};
    const [[first, site]] = pages as [(typeof PAGES)[number]];
    const { page, issues, responses } = await visit(urls.get(site) + first);
    for (const [at, [path, , status = 200]] of pages.entries()) {
      if (at > 0) issues.splice(0);
      const response = at === 0 ? responses[0] : await page.goto(urls.get(site) + path);
      expect([path, response?.status()]).toEqual([path, status]);
      const violations = await findViolations(page);
      if (Object.keys(violations).length > 0) wrong[path] = violations;
      expect([path, ...issues]).toEqual([path, ...expectedConsoleErrors(status)]);
    }
    expect(wrong).toEqual({});
  });
});
