/** Builders of small dossiers with invented texts. */
import { parse, stringify } from 'yaml';
import { readDossier } from '../../src/dossier/files.ts';
import type { DossierFiles } from '../../src/dossier/validate.ts';

export interface DossierInput {
  id?: string;
  source: string;
  document?: Record<string, unknown>;
  facts?: unknown[];
  uncovered?: unknown[];
  /** Other sections, such as `adds` or `corrects`. */
  [section: string]: unknown;
}

export function buildDossier({
  id = 'riga-2031-05-02',
  source,
  document,
  ...rest
}: DossierInput): DossierFiles {
  const documentSection = {
    id,
    title: 'Ministers meet in Riga',
    language: 'en',
    publishedOn: '2031-05-02',
    rights: { statement: 'Written for the tests', display: 'full' },
    ...document,
  };
  return { id, source, facts: stringify({ document: documentSection, facts: [], ...rest }) };
}

export interface EventInput {
  id: string;
  [field: string]: unknown;
}

/** Builds a dossier of events with one line of text each, for tests that need many facts. */
export function buildEventDossier(events: EventInput[], id = 'meetings-2031'): DossierFiles {
  return buildDossier({
    id,
    source: events.map((event) => `Meeting ${event.id} takes place.`).join('\n'),
    facts: events.map((event) => {
      const fact = { type: 'event', name: `Meeting ${event.id}`, kind: 'meeting', status: 'held', ...event };
      const fieldNames = Object.keys(fact).filter(
        (key) => !['type', 'id', 'datePrecision', 'inferences'].includes(key),
      );
      const nonNullFields = fieldNames.filter((key) => (fact as Record<string, unknown>)[key] !== null);
      return { ...fact, evidence: [{ quote: `Meeting ${event.id} takes`, supports: nonNullFields }] };
    }),
  });
}

/** Folders of the first dossier, one that corrects one of its facts and one that develops two. */
export const SAMPLE_DOSSIER_FOLDERS = [
  'db/dossiers/brussels-2022-03-24',
  'tests/fixtures/dossiers/correcting-2022-03-26',
  'tests/fixtures/dossiers/developing-2022-04-09',
] as const;

/** Builds a sequence of imports with every cause of change. */
export function buildDossierHistory(): DossierFiles[] {
  const [brussels, correcting, developing] = SAMPLE_DOSSIER_FOLDERS.map(readDossier) as [
    DossierFiles,
    DossierFiles,
    DossierFiles,
  ];
  const buildVote = (personId: string, overrides: object) =>
    buildDossier({
      id: 'vote',
      source: 'Ilze Ābele chairs the council 🗳️. Biruta votes.',
      facts: [
        {
          type: 'person',
          id: personId,
          name: 'Ilze Ābele',
          evidence: [{ quote: 'Ilze Ābele', supports: ['name'] }],
        },
        {
          type: 'organization',
          id: 'council',
          name: 'the council',
          kind: 'group',
          evidence: [{ quote: 'the council', supports: ['name', 'kind'] }],
        },
        {
          type: 'membership',
          id: 'chair',
          member: 'person/ilze',
          organization: 'organization/council',
          role: 'chair',
          evidence: [
            { quote: 'Ilze Ābele chairs the council', supports: ['member', 'organization', 'role'] },
          ],
        },
      ],
      ...overrides,
    });
  const biruta = {
    type: 'person',
    id: 'biruta',
    name: 'Biruta',
    evidence: [{ quote: 'Biruta votes', supports: ['name'] }],
  };
  const firstVote = buildVote('ilze', {});
  const uncovered = [{ quote: 'Biruta votes', reason: 'Nobody knows her' }];
  const renames = [{ from: 'person/ilze', to: 'ilze-abele' }];
  const retractions = [{ fact: 'person/biruta', reason: 'Nobody knows her' }];
  const withBiruta = stringify({
    ...parse(firstVote.facts),
    facts: [...parse(firstVote.facts).facts, biruta],
    uncovered: [],
  });
  return [
    brussels,
    developing,
    { ...firstVote, facts: withBiruta },
    correcting,
    buildVote('ilze-abele', { renames, retractions, uncovered }),
    buildDossier({
      id: 'wedding',
      source: 'Ilze Ābele is Ilze Kalniņa now.',
      document: { publishedOn: null },
      develops: [
        {
          fact: 'person/ilze',
          fields: { name: 'Ilze Kalniņa', aliases: ['Ilze Ābele'] },
          evidence: [{ quote: 'Ilze Ābele is Ilze Kalniņa', supports: ['name', 'aliases'] }],
        },
      ],
    }),
    {
      ...brussels,
      facts: brussels.facts.replace(
        'aliases: [Stoltenberg]',
        'aliases: [Stoltenberg, NATO Secretary General]',
      ),
    },
  ];
}
