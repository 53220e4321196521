import { defineConfig } from 'vitest/config';

/** Tests that query a store, directly or over HTTP, and start no processes. */
const STORE_TESTS = [
  'tests/api/**/*.test.ts',
  // The other tests of formats render facts that are read in the same way.
  'tests/formats/{archives,csv,feeds}.test.ts',
  'tests/http/**/*.test.ts',
  'tests/openapi/**/*.test.ts',
  'tests/store/**/*.test.ts',
  // Pages send internal requests by URL, so one file of their tests is enough.
  'tests/web/page-route.test.ts',
  'tests/dossier/brussels.test.ts',
  'tests/seed.test.ts',
];
/** Tests that start servers and commands, which can connect to a PostgreSQL server but not to PGlite. */
const PROCESS_TESTS = [
  'tests/cli/**/*.test.ts',
  'tests/cluster/**/*.test.ts',
  'tests/main.test.ts',
  'tests/rejected-folders.test.ts',
  'tests/startup-modules.test.ts',
  'tests/concurrent-imports.test.ts',
  'tests/crash-recovery.test.ts',
];
/** Tests that belong to a project of their own, by its name: they are slow, or need what npm does not install. */
const SEPARATE = {
  /** Kills processes during imports. */
  crash: ['tests/crash-recovery.test.ts'],
  /** Starts servers that wait, or that fail: with several workers, stalled clients, databases that cannot be written. */
  processes: [
    'tests/cluster/cluster.test.ts',
    'tests/concurrent-imports.test.ts',
    'tests/read-only.test.ts',
    'tests/rejected-folders.test.ts',
    'tests/shutdown.test.ts',
  ],
  /** Benchmarks, the comparison of OpenAPI documents (needs Go), and the runner of generated clients. */
  tools: ['tests/bench/**/*.test.ts', 'tests/contract/**/*.test.ts', 'tests/sdk/*.test.ts'],
  /** Packs the command line and installs it elsewhere. */
  package: ['tests/package/**/*.test.ts'],
  /** Reads the exports with third-party programs. Needs Python, and downloads packages. */
  consumers: ['tests/consumers/**/*.test.ts'],
  /** Schemathesis against a server. Needs Python, and downloads packages. */
  schemathesis: ['tests/schemathesis/**/*.test.ts'],
  /** Opens pages in Chromium. */
  browser: ['tests/browser/**/*.test.ts'],
  postgres: ['tests/postgres/**/*.test.ts'],
};
/** Compares both databases, so it runs on PGlite only. */
const PARITY = 'tests/store/dialect-parity.test.ts';
/** Tests of SQLite alone. */
const SQLITE_ONLY = ['tests/store/query-plans.test.ts', 'tests/store/immutable-database.test.ts'];
/** Dependencies of generated clients, which tests/sdk/run.ts runs, and of the OpenAPI linters. */
const INSTALLED = ['tests/sdk/*/**/*', 'tests/openapi-lint/node_modules/**'];

export default defineConfig({
  test: {
    reporters: ['default', './tests/support/summary-reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['tests/support/setup.ts'],
    // Its sources import each other in a way that only bundlers understand.
    server: { deps: { inline: ['@knight-lab/timelinejs'] } },
    // Load modules and start PGlite once for all files of a project.
    isolate: false,
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: ['tests/**/*.test.ts'],
          exclude: [...Object.values(SEPARATE).flat(), ...INSTALLED, PARITY],
          env: { TEST_STORE: 'sqlite' },
        },
      },
      pgliteProject('pglite', ['tests/store/**/*.test.ts'], [PARITY, ...SQLITE_ONLY]),
      pgliteProject('pglite-all', STORE_TESTS, SQLITE_ONLY),
      sqliteProject('crash', {}),
      // One after another, because a stalled client is noticed after seconds, and the machine must not be the one that stalls.
      sqliteProject('processes', { fileParallelism: false }),
      sqliteProject('tools', {}),
      sqliteProject('package', { testTimeout: 120_000, hookTimeout: 300_000 }),
      sqliteProject('consumers', { globalSetup: 'tests/support/python-venv.ts' }),
      sqliteProject('schemathesis', { globalSetup: 'tests/support/python-venv.ts' }),
      sqliteProject('browser', { testTimeout: 180_000 }),
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [...STORE_TESTS, ...PROCESS_TESTS, ...SEPARATE.postgres],
          env: { TEST_STORE: 'postgres' },
          globalSetup: 'tests/support/postgres-global-setup.ts',
        },
      },
    ],
  },
});

function sqliteProject(name: keyof typeof SEPARATE, options: object) {
  return {
    extends: true as const,
    test: { name, include: SEPARATE[name], env: { TEST_STORE: 'sqlite' }, ...options },
  };
}

function pgliteProject(name: string, include: string[], exclude: string[]) {
  return {
    extends: true as const,
    test: {
      name,
      include,
      exclude,
      env: { TEST_STORE: 'pglite' },
      globalSetup: 'tests/support/pglite-global-setup.ts',
    },
  };
}
