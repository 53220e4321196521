/** Takes screenshots of all kinds of pages, in light and dark, at several widths: `npm run screenshots`. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../support/chromium.ts';
import { cleanUp } from '../support/cleanup.ts';
import { SAMPLE_DOSSIER_FOLDERS } from '../support/dossier-builder.ts';
import { runCli, type ServerProcess, startServerProcess } from '../support/process.ts';

const FOLDER = resolve('screenshots');
const READER_PATH = '/documents/brussels-2022-03-24';

/** Name in the file names, path, and window widths of each page. */
const NARROW_AND_WIDE = [360, 1280];
const PAGES: [name: string, path: string, widths?: number[]][] = [
  ['front', '/', [...NARROW_AND_WIDE, 1920]],
  ['front-of-one-source', `/?document=developing-2022-04-09`],
  ['front-of-the-past', '/?asOf=1'],
  ['room', READER_PATH, [...NARROW_AND_WIDE, 1920]],
  ['room-with-passage', `${READER_PATH}?start=759&end=892`],
  ['room-with-fact', `${READER_PATH}?fact=person/volodymyr-zelensky`],
  ['fact', '/people/jens-stoltenberg'],
  ['fact-event', '/events/eu-summit-2022-03-24'],
  ['fact-saying', '/statements/stoltenberg-use-of-chemical-weapons'],
  ['fact-corrected', '/battle-group-deployments/nato-slovakia'],
  ['explore', '/explore'],
  ['explore-narrowed', '/explore?collection=statements&mode=direct,mixed'],
  ['explore-deployments', '/explore?collection=battle-group-deployments'],
  ['explore-sources', '/explore?collection=documents'],
  ['explore-everything', '/explore?collection=all&q=chemical'],
  ['explore-without-a-hit', '/explore?collection=figures&q=zeppelin'],
  ['card-saying', '/embed/statements/stoltenberg-use-of-chemical-weapons'],
  ['card-corrected', '/embed/battle-group-deployments/nato-slovakia'],
  ['problem-not-found', '/events/nothing'],
  ['problem-parameter', '/explore?x=1'],
];
const COLOR_SCHEMES = ['light', 'dark'] as const;

const log = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Starts a server with all sample dossiers, with its store in `folder`. */
async function startServerIn(folder: string): Promise<ServerProcess> {
  const environment = { DATABASE_URL: `file:${join(folder, 'store.sqlite')}` };
  const { code, stderr } = await runCli(
    ['import', '--note', 'For screenshots', ...SAMPLE_DOSSIER_FOLDERS],
    environment,
  );
  if (code !== 0) throw new Error(`the import ended with ${code}: ${stderr}`);
  return startServerProcess({ ...environment, RATE_LIMIT_PER_MINUTE: '0' });
}

/** Takes one screenshot of the full page. */
async function takeScreenshot(browser: Browser, url: string, path: string, options: object): Promise<void> {
  const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(url);
  // The preview loads only when it comes into view.
  if ((await page.locator('iframe.preview').count()) > 0) {
    await page.locator('iframe.preview').scrollIntoViewIfNeeded();
    await page.frameLocator('iframe.preview').locator('main').waitFor();
    await page.evaluate('scrollTo(0, 0)');
  }
  await page.screenshot({ path, fullPage: true });
  await context.close();
}

async function takeScreenshots(url: string): Promise<void> {
  const browser = await launchChromium();
  try {
    const jobs = PAGES.flatMap(([name, path, widths = NARROW_AND_WIDE]) =>
      widths.flatMap((width) => COLOR_SCHEMES.map((colorScheme) => ({ name, path, width, colorScheme }))),
    );
    for (const [at, { name, path, width, colorScheme }] of jobs.entries()) {
      const file = `${name}-${width}-${colorScheme}.png`;
      await takeScreenshot(browser, url + path, join(FOLDER, file), {
        colorScheme,
        viewport: { width, height: 900 },
      });
      log(`${at + 1} of ${jobs.length}: ${file}`);
    }
  } finally {
    await browser.close();
  }
}

const store = mkdtempSync(join(tmpdir(), 'summit-facts-pictures-'));
try {
  mkdirSync(FOLDER, { recursive: true });
  const { url, child, result } = await startServerIn(store);
  await takeScreenshots(url);
  child.kill();
  await result;
  log(`The screenshots are in ${FOLDER}`);
} finally {
  await cleanUp();
  rmSync(store, { recursive: true });
}
