import { defineConfig } from 'orval';

export default defineConfig({
  summitFacts: {
    input: '../../../openapi.yaml',
    output: {
      target: 'generated/summit-facts.ts',
      client: 'fetch',
      baseUrl: { runtime: 'process.env.BASE_URL' },
    },
  },
});
