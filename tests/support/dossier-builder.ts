/** Dossiers on invented texts, small enough to be seen through. */
import { parse, stringify } from 'yaml';
import { readDossier } from '../../src/dossier/files.ts';
import type { DossierFiles } from '../../src/dossier/validate.ts';

export interface InventedDossier {
  id?: string;
  source: string;
  document?: Record<string, unknown>;
  facts?: unknown[];
  uncovered?: unknown[];
  /** `adds`, `corrects` and the like. */
  [section: string]: unknown;
}

export function dossierOf({
  id = 'riga-2031-05-02',
  source,
  document,
  ...rest
}: InventedDossier): DossierFiles {
  const section = {
    id,
    title: 'Ministers meet in Riga',
    language: 'en',
    publishedOn: '2031-05-02',
    rights: { statement: 'Written for the tests', display: 'full' },
    ...document,
  };
  return { id, source, facts: stringify({ document: section, facts: [], ...rest }) };
}

export interface InventedEvent {
  id: string;
  [field: string]: unknown;
}

/** A dossier of events, one line of text each: enough of it to be paged through. */
export function dossierOfEvents(events: InventedEvent[], id = 'meetings-2031'): DossierFiles {
  return dossierOf({
    id,
    source: events.map((event) => `Meeting ${event.id} takes place.`).join('\n'),
    facts: events.map((event) => {
      const fact = { type: 'event', name: `Meeting ${event.id}`, kind: 'meeting', status: 'held', ...event };
      const filled = Object.keys(fact).filter((key) => !['type', 'id', 'datePrecision'].includes(key));
      const nonNull = filled.filter((key) => (fact as Record<string, unknown>)[key] !== null);
      return { ...fact, evidence: [{ quote: `Meeting ${event.id} takes`, supports: nonNull }] };
    }),
  });
}

/** The first dossier, one that corrects a fact of it, and one that develops two. */
export const SHARED_DOSSIERS = [
  'db/dossiers/brussels-2022-03-24',
  'tests/fixtures/dossiers/correcting-2022-03-26',
  'tests/fixtures/dossiers/developing-2022-04-09',
] as const;

/** Imports, one after the other, in which every kind of change comes about. */
export function eventfulHistory(): DossierFiles[] {
  const [brussels, correcting, developing] = SHARED_DOSSIERS.map(readDossier) as [
    DossierFiles,
    DossierFiles,
    DossierFiles,
  ];
  const vote = (name: string, more: object) =>
    dossierOf({
      id: 'vote',
      source: 'Ilze Ābele chairs the council 🗳️. Biruta votes.',
      facts: [
        {
          type: 'person',
          id: name,
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
      ...more,
    });
  const biruta = {
    type: 'person',
    id: 'biruta',
    name: 'Biruta',
    evidence: [{ quote: 'Biruta votes', supports: ['name'] }],
  };
  const first = vote('ilze', {});
  const uncovered = [{ quote: 'Biruta votes', reason: 'Nobody knows her' }];
  const renames = [{ from: 'person/ilze', to: 'ilze-abele' }];
  const retractions = [{ fact: 'person/biruta', reason: 'Nobody knows her' }];
  const withBiruta = stringify({
    ...parse(first.facts),
    facts: [...parse(first.facts).facts, biruta],
    uncovered: [],
  });
  return [
    brussels,
    developing,
    { ...first, facts: withBiruta },
    correcting,
    vote('ilze-abele', { renames, retractions, uncovered }),
    dossierOf({
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
