/** Chromium from Debian, controlled by Playwright. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATH = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** True if Chromium is installed. Without it, browser tests are skipped with a warning; in CI they fail. */
export const hasChromium = existsSync(PATH);

if (!hasChromium) {
  const told = `No Chromium at ${PATH}; set CHROMIUM to its path`;
  if (process.env['CI']) throw new Error(told);
  process.stderr.write(`${told}. The browser tests are NOT run\n`);
}

/** Starts Chromium with a new profile, which is removed when it exits. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: PATH, args: ARGUMENTS });
