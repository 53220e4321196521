import { oas } from '@stoplight/spectral-rulesets';
import { ownRules } from './own-rules.js';

export default { extends: [[oas, 'recommended']], rules: ownRules };
