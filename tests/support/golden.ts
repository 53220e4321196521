/** Files that answers must equal, byte for byte. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Holds `text` against the file at `path`; with `UPDATE_GOLDEN=1` it writes the file instead, to be looked at. */
export function expectGolden(path: string, text: string): void {
  if (process.env['UPDATE_GOLDEN']) writeFileSync(path, text);
  expect(existsSync(path), `${path} is missing: UPDATE_GOLDEN=1 writes it`).toBe(true);
  expect(text === readFileSync(path, 'utf8') || text, path).toBe(true);
}
