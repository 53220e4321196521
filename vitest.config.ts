import { defineConfig } from 'vitest/config';

/** What asks a store, directly or by HTTP, and starts no process of its own. */
const STORE_TESTS = [
  'tests/collection/**/*.test.ts',
  // The others make text of facts that are read in just the same way.
  'tests/formats/{csv,exports,feeds,whole}.test.ts',
  'tests/http/**/*.test.ts',
  'tests/store/**/*.test.ts',
  // The pages ask by URL, so one file of their tests is enough.
  'tests/pages/page.test.ts',
  'tests/dossier/brussels.test.ts',
  'tests/seed.test.ts',
];
/** What starts servers and commands: they reach a PostgreSQL server, but not one inside the test process. */
const PROCESS_TESTS = [
  'tests/cli/**/*.test.ts',
  'tests/cluster/**/*.test.ts',
  'tests/server.test.ts',
  'tests/start.test.ts',
  'tests/imports.test.ts',
  'tests/kills.test.ts',
];
const POSTGRES_ONLY = 'tests/postgres/**/*.test.ts';
/** What packs the command line and installs it elsewhere. */
const PACKAGE_ONLY = 'tests/package/**/*.test.ts';
/** Clients that others generate, with what they install; tests/sdk/run.ts runs them. */
const GENERATED_CLIENTS = 'tests/sdk/*/**/*';
/** What linters install. */
const LINTERS = 'tests/openapi/node_modules/**';
/** What has programs of others read the exports; it needs Python, and its packages from the network. */
const CONSUMERS_ONLY = 'tests/consumers/**/*.test.ts';
/** What has Schemathesis ask a server all that it can think of; it needs Python, and packages from the network. */
const SCHEMATHESIS_ONLY = 'tests/schemathesis/**/*.test.ts';
/** What opens pages in Chromium. */
const WEB_ONLY = 'tests/web/**/*.test.ts';

export default defineConfig({
  test: {
    reporters: ['default', './tests/support/tally.ts'],
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
            WEB_ONLY,
            'tests/store/same-answers.test.ts',
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
          globalSetup: 'tests/support/pglite-image.ts',
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
          globalSetup: 'tests/support/python.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'schemathesis',
          include: [SCHEMATHESIS_ONLY],
          env: { TEST_STORE: 'sqlite' },
          globalSetup: 'tests/support/python.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'web',
          include: [WEB_ONLY],
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
          globalSetup: 'tests/support/cluster-for-tests.ts',
        },
      },
    ],
  },
});
