/** Browser for tests, with the errors and foreign requests of its pages. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page, Response } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { launchChromium } from './chromium.ts';
import { onTestFileEnd } from './cleanup.ts';

let browser: Promise<Browser> | undefined;

/** Returns the browser of the test file, which has its own profile. */
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
  /** Console errors and warnings, uncaught exceptions, and requests to other origins. */
  issues: string[];
  /** Responses that the page has received. */
  responses: Response[];
}

/** Opens `url` in a new browser context. */
export async function visit(url: string, options: BrowserContextOptions = {}): Promise<MonitoredPage> {
  const context = await (await getBrowser()).newContext(options);
  // Open pages would slow down the following tests.
  onTestFinished(() => context.close());
  const page = await context.newPage();
  // Long enough for a busy machine.
  page.setDefaultTimeout(60_000);
  const issues: string[] = [];
  // Violations of the Content-Security-Policy appear as console errors too.
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

/** Axe rules about colors: the only ones whose result can differ between light and dark mode. */
export const COLOR_RULES = ['color-contrast', 'link-in-text-block'] as const;

/** Returns the accessibility violations that axe finds by all rules or by `rules`, frames excluded. */
export async function findAxeViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE_SOURCE);
  const options = { resultTypes: ['violations'], iframes: false, ...(rules && { runOnly: rules }) };
  const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
  );
}

/** Returns the number of pixels by which the page is wider than its window. */
export const getHorizontalOverflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - innerWidth');

/** Retries an assertion on `getValue()` until it passes, for up to 15 seconds. */
export const expectEventually = <T>(getValue: () => T | Promise<T>) =>
  expect.poll(getValue, { timeout: 15_000 });

/** Returns the accessible label or the text of the focused element. */
export const getFocusedText = (page: Page): Promise<string> =>
  page.evaluate(
    "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).replaceAll(/\\s+/g, ' ').trim()",
  );

/** Presses Tab until the focused element matches `selector`. */
export async function pressTabUntil(page: Page, selector: string, steps = 60): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`${steps} steps do not lead to ${selector}, but to ${await getFocusedText(page)}`);
}

/** True if the focused element has a visible outline. */
export const hasVisibleFocus = (page: Page): Promise<boolean> =>
  page.evaluate(
    "(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2)(getComputedStyle(document.activeElement))",
  );
