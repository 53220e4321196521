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
  'tests/startup-modules.test.ts',
  'tests/concurrent-imports.test.ts',
  'tests/crash-recovery.test.ts',
];
const POSTGRES_ONLY = 'tests/postgres/**/*.test.ts';
/** Tests that pack the command line and install it elsewhere. */
const PACKAGE_ONLY = 'tests/package/**/*.test.ts';
/** Generated clients and their dependencies; tests/sdk/run.ts runs them. */
const GENERATED_CLIENTS = 'tests/sdk/*/**/*';
/** Dependencies of the OpenAPI linters. */
const LINTERS = 'tests/openapi-lint/node_modules/**';
/** Tests that read the exports with third-party programs. They need Python, and download packages. */
const CONSUMERS_ONLY = 'tests/consumers/**/*.test.ts';
/** Schemathesis against a server. It needs Python, and downloads packages. */
const SCHEMATHESIS_ONLY = 'tests/schemathesis/**/*.test.ts';
/** Tests that open pages in Chromium. */
const BROWSER_ONLY = 'tests/browser/**/*.test.ts';

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
