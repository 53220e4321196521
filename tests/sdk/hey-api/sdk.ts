import { typescriptSdk } from '../typescript.ts';

export default typescriptSdk({
  name: 'hey-api',
  generate: ['node_modules/.bin/openapi-ts'],
  journey: 'build/journey.js',
  bundled: ['generated/client', 'generated/core'],
  allowed: {
    'Record<string, unknown': 'values that a user passes to interceptors, not from the document',
    ClientOptions2: 'internal to one file, which imports two types of the same name',
    Options2: 'internal to one file, which imports two types of the same name',
  },
});
