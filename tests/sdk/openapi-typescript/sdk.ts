import { typescriptSdk } from '../typescript.ts';

export default typescriptSdk({
  name: 'openapi-typescript',
  generate: [
    'node_modules/.bin/openapi-typescript',
    '../../../openapi.yaml',
    '--root-types',
    '--root-types-no-schema-prefix',
    '--output',
    'generated/summit-facts.ts',
  ],
  journey: 'journey.ts',
  allowed: { '[name: string]: unknown': 'undocumented response headers, which the generator always adds' },
});
