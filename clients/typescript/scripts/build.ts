/** Builds the package into `dist`: modules with types, and one file for pages without a bundler. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { generate } from './generate.ts';

const root = new URL('../', import.meta.url);
const pathOf = (relative: string): string => fileURLToPath(new URL(relative, root));
const BUNDLE = 'dist/bundle.min.js';

rmSync(pathOf('dist'), { recursive: true, force: true });
await generate();
execFileSync(process.execPath, [pathOf('node_modules/typescript/bin/tsc'), '-p', pathOf('.')], {
  stdio: 'inherit',
});
await build({
  entryPoints: [pathOf('dist/index.js')],
  outfile: pathOf(BUNDLE),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  // The license of the bundled code requires that it is distributed with the bundle.
  banner: { js: '/*! Licences: bundle.min.js.LICENSE.txt */' },
});
const licences = ['LICENSE', 'node_modules/openapi-fetch/LICENSE'].map((path) =>
  readFileSync(pathOf(path), 'utf8'),
);
writeFileSync(pathOf(`${BUNDLE}.LICENSE.txt`), `${licences.join('\n---\n\nopenapi-fetch:\n\n')}`);
