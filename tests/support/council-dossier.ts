/** Invented dossier of a council, its chair and her membership, for tests of changes. */
import { buildDossier } from './dossier-builder.ts';

export const SOURCE_TEXT = 'The council of Liepāja votes. Its chair is Ilze Ābele. She comes from Liepāja.';
export const council = {
  type: 'organization',
  id: 'council',
  name: 'council of Liepāja',
  kind: 'group',
  evidence: [{ quote: 'The council of Liepāja votes', supports: ['name', 'kind'] }],
};
export const chair = {
  type: 'person',
  id: 'ilze',
  name: 'Ilze Ābele',
  posts: [{ title: 'chair', of: 'organization/council' }],
  evidence: [{ quote: 'Its chair is Ilze Ābele', supports: ['name', 'posts'] }],
};
export const membership = {
  type: 'membership',
  id: 'ilze-council',
  member: 'person/ilze',
  organization: 'organization/council',
  evidence: [{ quote: 'She comes from Liepāja', supports: ['member', 'organization'] }],
};
export const buildCouncilDossier = (facts: unknown[], overrides: object = {}) =>
  buildDossier({ id: 'vote', source: SOURCE_TEXT, facts, ...overrides });
export const UNCOVERED_SENTENCE = [{ quote: 'She comes from Liepāja', reason: 'Nothing is drawn from it' }];
