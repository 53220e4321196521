/** Accessibility, width, origins and script size of all kinds of pages, in light and dark, at all widths. */
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

/** Each kind of page with its site and expected status. */
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

/** Widths with different layouts, in pixels, widest first. */
const WIDTHS = [1280, 768, 360];
const MAX_SCRIPT_BYTES = 50_000;

/** Messages that the browser itself logs for a response with an error status. */
const expectedConsoleErrors = (status: number) =>
  status === 200 ? [] : [expect.stringMatching(`the server responded with a status of ${status} `)];

/** Violations of the current page in all window sizes and color schemes, by the name of the check. */
async function findViolations(page: Page): Promise<Record<string, unknown>> {
  const violationsByCheck: Record<string, unknown> = {};
  const note = (title: string, violations: string[] | number) => {
    if (Array.isArray(violations) ? violations.length > 0 : violations > 0)
      violationsByCheck[title] = violations;
  };
  const checkColorSchemes = async (viewport: string) => {
    await page.emulateMedia({ colorScheme: 'light' });
    note(`accessibility ${viewport}`, await findAxeViolations(page));
    await page.emulateMedia({ colorScheme: 'dark' });
    note(`accessibility ${viewport}, dark`, await findAxeViolations(page, COLOR_RULES));
  };
  for (const width of [1920, ...WIDTHS]) {
    await page.setViewportSize({ width, height: 800 });
    note(`too wide at ${width}`, await getHorizontalOverflow(page));
    if (WIDTHS.includes(width)) await checkColorSchemes(`at ${width}`);
  }
  // On a phone, with all details open.
  if (await page.locator('details:not([open])').count()) {
    await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
    note('too wide with all details open', await getHorizontalOverflow(page));
    note('accessibility with all details open, dark', await findAxeViolations(page));
  }
  note('script bytes over the limit', Math.max(0, (await measureScriptSize(page)) - MAX_SCRIPT_BYTES));
  return violationsByCheck;
}

const scriptSizes = new Map<string, Promise<Buffer>>();

/** Compressed size in bytes of all scripts that the page has loaded. */
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

/** Pages of one kind share a window, because opening a new one is slow. */
function getPageKind(path: string): string {
  const [, first = ''] = path.split(/[/?]/);
  return evidencedTypes.some(({ collection }) => collection === first) ? 'facts' : first || 'front';
}
const groups = [...Map.groupBy(PAGES, ([path, site]) => `${getPageKind(path)} of the site ${site}`)];

describe('pages are accessible, fit the window, load nothing from other origins, and have little script', () => {
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
