/** Comparison with golden files. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

/** Asserts that `text` equals the file at `path`; `UPDATE_GOLDEN=1` writes the file first, for review. */
export function expectGolden(path: string, text: string): void {
  if (process.env['UPDATE_GOLDEN']) writeFileSync(path, text);
  expect(existsSync(path), `${path} is missing: UPDATE_GOLDEN=1 writes it`).toBe(true);
  expect(text === readFileSync(path, 'utf8') || text, path).toBe(true);
}
