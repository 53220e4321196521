import { typescriptSdk } from '../typescript.ts';

export default typescriptSdk({
  name: 'orval',
  generate: ['node_modules/.bin/orval'],
  journey: 'journey.ts',
  allowed: {},
});
