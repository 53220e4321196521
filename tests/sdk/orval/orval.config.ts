import { defineConfig } from 'orval';

const IN_JSON = { contentType: { include: ['application/json'] } };

export default defineConfig({
  summitFacts: {
    input: '../../../openapi.yaml',
    output: {
      target: 'generated/summit-facts.ts',
      client: 'fetch',
      // They take YAML too: of a body in two forms, orval makes a request that does not compile.
      override: { operations: { putDossier: IN_JSON, checkDossier: IN_JSON } },
      baseUrl: { runtime: 'process.env.BASE_URL' },
    },
  },
});
