import type { Sdk } from '../sdk.ts';
import { typescriptSdk } from '../typescript.ts';

const OF_THE_CLIENT = 'part of its client, which is the same for every document';
const OF_ANY_FIELD = 'value of a field of any fact, before and after a change';

const sdk: Sdk = {
  ...typescriptSdk({
    name: 'swagger-typescript-api',
    generate: [
      'sh',
      '-c',
      // The generator tells tsc to ignore its output; this test must not.
      'node_modules/.bin/swagger-typescript-api generate -p ../../../openapi.yaml -o generated -n summit-facts.ts ' +
        "--generate-union-enums && sed -i '/@ts-nocheck/d' generated/summit-facts.ts",
    ],
    journey: 'journey.ts',
    allowed: {},
  }),
  // It writes any for unknown.
  allowed: {
    'before: any': OF_ANY_FIELD,
    'after: any': OF_ANY_FIELD,
    '[key: string]: any':
      'an authored fact has the fields of its type, linked data the properties of its class',
    'Record<string, any': 'fields of a fact that a dossier changes, whose form depends on its type',
    JsonFeedItem: 'JSON Feed calls them items',
    'input: any': OF_THE_CLIENT,
    'value: any': OF_THE_CLIENT,
    'v: any': OF_THE_CLIENT,
    'body?: unknown': OF_THE_CLIENT,
    'Symbol | string': OF_THE_CLIENT,
  },
};

export default sdk;
