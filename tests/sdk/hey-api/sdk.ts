import type { Sdk } from '../sdk.ts';
import { TYPESCRIPT_UGLY } from '../typescript.ts';

const sdk: Sdk = {
  name: 'hey-api',
  language: 'TypeScript',
  document: 'openapi.yaml',
  toolchain: [
    ['node', '--version'],
    ['npm', '--version'],
  ],
  steps: [
    {
      name: 'install',
      command: ['npm', 'ci', '--ignore-scripts', '--prefer-offline', '--no-fund', '--no-audit'],
      network: true,
    },
    { name: 'generate', command: ['node_modules/.bin/openapi-ts'] },
    { name: 'compile', command: ['node_modules/.bin/tsc'] },
  ],
  journey: ['node', 'build/journey.js'],
  generated: ['generated'],
  bundled: ['generated/client', 'generated/core'],
  extension: '.ts',
  ugly: TYPESCRIPT_UGLY,
  allowed: {
    'before: unknown': 'a value of a field of any fact, before a change',
    'after: unknown': 'the same, since the change',
    '[key: string]: unknown':
      'an authored fact has the fields of its type, linked data the properties of its class',
    JsonFeedItem: 'JSON Feed calls them items',
    'Record<string, unknown': 'what a user gives its own interceptors, not of our document',
    ClientOptions2: 'within one file, where it imports two types of one name',
    Options2: 'the same',
  },
};

export default sdk;
