/** The order of folders in `layers.grit`: Biome refuses each import upwards, and none downwards. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { createTemporaryFolder } from './support/app.ts';

/** Folders of `src`, the lowest first. */
const ORDER = [
  'lib',
  'search',
  'model',
  'dossier',
  'store',
  'http',
  'openapi',
  'formats',
  'ingest',
  'workers',
  'api',
  'web',
  'cluster',
  'cli',
];

/** Forms of an import; all count. */
const FORMS = [
  (path: string) => `import '${path}';`,
  (path: string) => `import type { X } from '${path}';`,
  (path: string) => `export * from '${path}';`,
  (path: string) => `export const load = () => import('${path}');`,
];

/** Lints files, given by path and content, and returns the paths of those that the order refuses. */
async function findRefused(files: Record<string, string>): Promise<string[]> {
  const folder = createTemporaryFolder();
  const { vcs: _, $schema: __, ...config } = JSON.parse(readFileSync('biome.json', 'utf8'));
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(config));
  cpSync('layers.grit', join(folder, 'layers.grit'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${content}\n`);
  }
  const args = ['lint', '--reporter=json', '--max-diagnostics=none', 'src'];
  const stdout = await new Promise<string>((resolve) =>
    execFile(join(process.cwd(), 'node_modules/.bin/biome'), args, { cwd: folder }, (_error, output) =>
      resolve(output),
    ),
  );
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { category: string; location: { path: string } }[];
  };
  return diagnostics
    .filter(({ category }) => category === 'plugin')
    .map(({ location }) => location.path)
    .sort();
}

it('names every folder of src', () => {
  const folders = readdirSync('src').filter((name) => statSync(join('src', name)).isDirectory());
  expect(folders.sort()).toEqual([...ORDER].sort());
});

it('refuses imports upwards in every form, and allows those downwards', async () => {
  const pairs = ORDER.flatMap((from, index) =>
    ORDER.flatMap((to, target) =>
      from === to ? [] : [{ path: `src/${from}/to-${to}.ts`, to, isUpwards: target > index }],
    ),
  );
  const files = pairs.map(({ path, to }, index) => {
    const format = FORMS[index % FORMS.length] as (typeof FORMS)[number];
    return [path, format(`../${to}/x.ts`)];
  });
  const refused = await findRefused(Object.fromEntries(files));
  expect(refused).toEqual(
    pairs
      .filter(({ isUpwards }) => isUpwards)
      .map(({ path }) => path)
      .sort(),
  );
});

it('refuses imports of the app, of thread entries and of the dialect where they do not belong', async () => {
  const refused = await findRefused({
    'src/web/app.ts': "import '../app.ts';",
    'src/store/config.ts': "import type { Config } from '../config.ts';",
    'src/config.ts': "import './http/x.ts';",
    'src/serve.ts': "import './cli/x.ts';",
    'src/api/entry.ts': "import '../workers/import-worker.ts';",
    'src/store/queries/dialect.ts': "import '../dialect/is-postgres.ts';",
    'src/store/sqlite/allowed.ts': "import '../dialect/is-postgres.ts';",
    'src/workers/query-worker.ts': "import '../app.ts';",
    'src/http/allowed.ts': "import '../config.ts';",
  });
  expect(refused).toEqual([
    'src/api/entry.ts',
    'src/config.ts',
    'src/serve.ts',
    'src/store/config.ts',
    'src/store/queries/dialect.ts',
    'src/web/app.ts',
  ]);
});

it('refuses queries in routes, pages and commands, which have to use the service', async () => {
  const refused = await findRefused({
    'src/api/routes/fact.ts': "import { findFact } from '../../store/queries/facts.ts';",
    'src/api/routes/dossiers/read.ts': "import type { Row } from '../../../store/queries/dossiers.ts';",
    'src/api/respond/respond.ts': "import '../../store/queries/facts.ts';",
    'src/web/home/load-data.ts': "import '../../store/queries/facts.ts';",
    'src/web/layout.ts': "import '../api/routes/fact.ts';",
    'src/cli/export.ts': "import '../store/queries/dossiers.ts';",
    'src/api/service/facts.ts': "import '../../store/queries/facts.ts';",
    'src/api/archive/allowed.ts': "import '../../store/queries/facts.ts';",
  });
  expect(refused).toEqual([
    'src/api/respond/respond.ts',
    'src/api/routes/dossiers/read.ts',
    'src/api/routes/fact.ts',
    'src/cli/export.ts',
    'src/web/home/load-data.ts',
    'src/web/layout.ts',
  ]);
});
