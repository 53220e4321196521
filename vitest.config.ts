import { defineConfig } from 'vitest/config';

/** What asks a store, directly or by HTTP, and starts no process of its own. */
const STORE_TESTS = [
  'tests/api/**/*.test.ts',
  // The others make text of facts that are read in just the same way.
  'tests/formats/{archives,csv,feeds}.test.ts',
  'tests/http/**/*.test.ts',
  'tests/openapi/**/*.test.ts',
  'tests/store/**/*.test.ts',
  // The pages ask by URL, so one file of their tests is enough.
  'tests/web/page-route.test.ts',
  'tests/dossier/brussels.test.ts',
  'tests/seed.test.ts',
];
/** What starts servers and commands: they reach a PostgreSQL server, but not one inside the test process. */
const PROCESS_TESTS = [
  'tests/cli/**/*.test.ts',
  'tests/cluster/**/*.test.ts',
  'tests/main.test.ts',
  'tests/startup-modules.test.ts',
  'tests/concurrent-imports.test.ts',
  'tests/crash-recovery.test.ts',
];
const POSTGRES_ONLY = 'tests/postgres/**/*.test.ts';
/** What packs the command line and installs it elsewhere. */
const PACKAGE_ONLY = 'tests/package/**/*.test.ts';
/** Clients that others generate, with what they install; tests/sdk/run.ts runs them. */
const GENERATED_CLIENTS = 'tests/sdk/*/**/*';
/** What linters install. */
const LINTERS = 'tests/openapi-lint/node_modules/**';
/** What has programs of others read the exports; it needs Python, and its packages from the network. */
const CONSUMERS_ONLY = 'tests/consumers/**/*.test.ts';
/** What has Schemathesis ask a server all that it can think of; it needs Python, and packages from the network. */
const SCHEMATHESIS_ONLY = 'tests/schemathesis/**/*.test.ts';
/** What opens pages in Chromium. */
const BROWSER_ONLY = 'tests/browser/**/*.test.ts';

export default defineConfig({
  test: {
    reporters: ['default', './tests/support/summary-reporter.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['tests/support/setup.ts'],
    // Its sources import each other as only a bundler understands.
    server: { deps: { inline: ['@knight-lab/timelinejs'] } },
    // Modules are loaded once for all files of a project, and PGlite is started once.
    isolate: false,
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: ['tests/**/*.test.ts'],
          exclude: [
            POSTGRES_ONLY,
            PACKAGE_ONLY,
            CONSUMERS_ONLY,
            SCHEMATHESIS_ONLY,
            GENERATED_CLIENTS,
            LINTERS,
            BROWSER_ONLY,
            'tests/store/dialect-parity.test.ts',
          ],
          env: { TEST_STORE: 'sqlite' },
        },
      },
      {
        extends: true,
        test: {
          name: 'pglite',
          include: STORE_TESTS,
          env: { TEST_STORE: 'pglite' },
          globalSetup: 'tests/support/pglite-global-setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: [PACKAGE_ONLY],
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'consumers',
          include: [CONSUMERS_ONLY],
          env: { TEST_STORE: 'sqlite' },
          globalSetup: 'tests/support/python-venv.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'schemathesis',
          include: [SCHEMATHESIS_ONLY],
          env: { TEST_STORE: 'sqlite' },
          globalSetup: 'tests/support/python-venv.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [BROWSER_ONLY],
          env: { TEST_STORE: 'sqlite' },
          testTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [...STORE_TESTS, ...PROCESS_TESTS, POSTGRES_ONLY],
          env: { TEST_STORE: 'postgres' },
          globalSetup: 'tests/support/postgres-global-setup.ts',
        },
      },
    ],
  },
});
