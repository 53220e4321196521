/** Debian's Chromium, driven by Playwright. */
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

/** Whether there is one. Without it the tests in a browser are left out, and say so; CI must have it. */
export const hasChromium = existsSync(PATH);

if (!hasChromium) {
  const told = `There is no Chromium at ${PATH} (set CHROMIUM to its path)`;
  if (process.env['CI']) throw new Error(told);
  process.stderr.write(`${told}: what must run in a browser is NOT tested\n`);
}

/** Starts it, with a new profile that goes with it. */
export const startChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: PATH, args: ARGUMENTS });
