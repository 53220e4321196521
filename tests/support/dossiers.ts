/** Dossiers on invented texts, small enough to be seen through. */
import { stringify } from 'yaml';
import type { DossierFiles } from '../../src/dossier/check.ts';

export interface InventedDossier {
  id?: string;
  source: string;
  document?: Record<string, unknown>;
  facts?: unknown[];
  uncovered?: unknown[];
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
