import { defineConfig } from 'orval';

const IN_JSON = { contentType: { include: ['application/json'] } };

export default defineConfig({
  summitFacts: {
    input: '../../../openapi.yaml',
    output: {
      target: 'generated/summit-facts.ts',
      client: 'fetch',
      // Dossiers can be YAML too. For two media types of a body, orval generates code that does not compile.
      override: { operations: { putDossier: IN_JSON, checkDossier: IN_JSON } },
      baseUrl: { runtime: 'process.env.BASE_URL' },
    },
  },
});
