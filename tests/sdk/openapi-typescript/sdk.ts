import type { Sdk } from '../sdk.ts';
import { TYPESCRIPT_UGLY } from '../typescript.ts';

const sdk: Sdk = {
  name: 'openapi-typescript',
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
    {
      name: 'generate',
      command: [
        'node_modules/.bin/openapi-typescript',
        '../../../openapi.yaml',
        '--root-types',
        '--root-types-no-schema-prefix',
        '--output',
        'generated/summit-facts.ts',
      ],
    },
    { name: 'compile', command: ['node_modules/.bin/tsc'] },
  ],
  journey: ['node', 'journey.ts'],
  generated: ['generated'],
  extension: '.ts',
  ugly: TYPESCRIPT_UGLY,
  allowed: {
    'before: unknown': 'a value of a field of any fact, before a change',
    'after: unknown': 'the same, since the change',
    '[key: string]: unknown':
      'an authored fact has the fields of its type, linked data the properties of its class',
    JsonFeedItem: 'JSON Feed calls them items',
    '[name: string]: unknown': 'other headers of an answer, which it always adds',
  },
};

export default sdk;
