/** A browser for tests, and what its pages complained about or asked of others. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page, Response } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { launchChromium } from './chromium.ts';
import { onTestFileEnd } from './cleanup.ts';

let browser: Promise<Browser> | undefined;

/** Started once for a test file, with a profile of its own. */
function getBrowser(): Promise<Browser> {
  if (browser) return browser;
  const launch = launchChromium();
  browser = launch;
  onTestFileEnd(async () => {
    browser = undefined;
    await (await launch).close();
  });
  return launch;
}

export interface MonitoredPage {
  page: Page;
  /** Errors and warnings of the console, what scripts threw, and requests to other hosts than `url`'s. */
  issues: string[];
  /** What it was answered with. */
  responses: Response[];
}

/** A new page of a new visitor at `url`. */
export async function visit(url: string, options: BrowserContextOptions = {}): Promise<MonitoredPage> {
  const context = await (await getBrowser()).newContext(options);
  // Pages that stay open take the machine from those that follow.
  onTestFinished(() => context.close());
  const page = await context.newPage();
  // Long enough for a machine that has much else to do.
  page.setDefaultTimeout(60_000);
  const issues: string[] = [];
  // Whatever a Content-Security-Policy forbids is an error of the console too.
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) issues.push(message.text());
  });
  page.on('pageerror', ({ message }) => issues.push(message));
  page.on('request', (request) => {
    const requestUrl = new URL(request.url());
    if (requestUrl.protocol !== 'data:' && requestUrl.origin !== new URL(url).origin)
      issues.push(request.url());
  });
  const responses: Response[] = [];
  page.on('response', (response) => responses.push(response));
  await page.goto(url);
  return { page, issues, responses };
}

const AXE_SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
}

/** What axe asks of colours alone: all that can differ between a light page and the same in the dark. */
export const COLOR_RULES = ['color-contrast', 'link-in-text-block'] as const;

/** What axe finds against accessibility in the page as it stands, by all its rules or only some; frames are pages of their own. */
export async function findAxeViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE_SOURCE);
  const options = { resultTypes: ['violations'], iframes: false, ...(rules && { runOnly: rules }) };
  const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
  );
}

/** By how many pixels the page is wider than its window. */
export const getHorizontalOverflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - innerWidth');

/** What comes about by itself, however busy the machine is: an assertion on what `ask` says in the end. */
export const expectEventually = <T>(getValue: () => T | Promise<T>) =>
  expect.poll(getValue, { timeout: 15_000 });

/** What has the focus: its words, or what it is called by. */
export const getFocusedText = (page: Page): Promise<string> =>
  page.evaluate(
    "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).replaceAll(/\\s+/g, ' ').trim()",
  );

/** Goes on by the key Tab until `selector` matches what has the focus. */
export async function pressTabUntil(page: Page, selector: string, steps = 60): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`${steps} steps do not lead to ${selector}, but to ${await getFocusedText(page)}`);
}

/** Whether what has the focus can be seen to have it. */
export const hasVisibleFocus = (page: Page): Promise<boolean> =>
  page.evaluate(
    "(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2)(getComputedStyle(document.activeElement))",
  );
