/** A browser for tests, and what its pages complained about or asked of others. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { startChromium } from './chromium.ts';
import { atTheEnd } from './cleanup.ts';

let browser: Promise<Browser> | undefined;

/** Started once for a test file, with a profile of its own. */
function started(): Promise<Browser> {
  if (browser) return browser;
  browser = startChromium();
  atTheEnd(async () => (await browser)?.close());
  return browser;
}

export interface WatchedPage {
  page: Page;
  /** Errors and warnings of the console, what scripts threw, and requests to other hosts than `url`'s. */
  complaints: string[];
}

/** A new page of a new visitor at `url`. */
export async function visit(url: string, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await (await started()).newContext(options);
  // Pages that stay open take the machine from those that follow.
  onTestFinished(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  // Whatever a Content-Security-Policy forbids is an error of the console too.
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (asked.protocol !== 'data:' && asked.origin !== new URL(url).origin) complaints.push(request.url());
  });
  await page.goto(url);
  return { page, complaints };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
}

/** What axe finds against accessibility in the page as it stands. */
export async function barriersIn(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
  );
}
