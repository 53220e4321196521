/** Vitest global setup that creates an image of an empty PGlite, which loads faster than a new one starts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    pgliteImage: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'summit-facts-pglite-'));
  const image = join(folder, 'image.tar');
  const pglite = await PGlite.create();
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  writeFileSync(image, Buffer.from(await dump.arrayBuffer()));
  project.provide('pgliteImage', image);
  return () => rmSync(folder, { recursive: true });
}
