import type { Sdk } from '../sdk.ts';
import { TYPESCRIPT_UGLY } from '../typescript.ts';

const sdk: Sdk = {
  name: 'orval',
  language: 'TypeScript',
  document: 'openapi.yaml',
  toolchain: [
    ['node', '--version'],
    ['npm', '--version'],
  ],
  steps: [
    { name: 'install', command: ['npm', 'ci', '--ignore-scripts', '--no-fund', '--no-audit'], network: true },
    { name: 'generate', command: ['node_modules/.bin/orval'] },
    { name: 'compile', command: ['node_modules/.bin/tsc'] },
  ],
  journey: ['node', 'journey.ts'],
  generated: ['generated'],
  extension: '.ts',
  ugly: TYPESCRIPT_UGLY,
  allowed: {},
};

export default sdk;
