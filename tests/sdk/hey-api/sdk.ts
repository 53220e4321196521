import { typescriptSdk } from '../typescript.ts';

export default typescriptSdk({
  name: 'hey-api',
  generate: ['node_modules/.bin/openapi-ts'],
  journey: 'build/journey.js',
  bundled: ['generated/client', 'generated/core'],
  allowed: {
    'Record<string, unknown': 'what a user gives its own interceptors, not of our document',
    ClientOptions2: 'within one file, where it imports two types of one name',
    Options2: 'the same',
  },
});
