/** What the front page asks for: each list at most once, and never more of it than is shown. */

import { Problem } from '../../lib/problem-details.ts';
import type { Reference } from '../../model/fields.ts';
import type { Point } from '../../model/place.ts';
import type { Fact, Labelled } from '../../model/response-schemas.ts';
import { exploreUrl } from '../format-values.ts';
import type { Ask } from '../page-route.ts';

export interface DocumentFact extends Fact {
  title: string;
  language: string;
  publisher: string | null;
  publishedOn: string | null;
}

export interface EventFact extends Fact {
  status: 'scheduled' | 'ongoing' | 'held' | 'postponed' | 'cancelled';
  startDate: string | null;
  endDate: string | null;
  datePrecision: 'day' | 'month' | 'year' | null;
  after: Reference | null;
}

export interface DeploymentFact extends Fact {
  hostCountry: Labelled;
  alliance: Labelled;
  status: string;
  announcedOn: string | null;
  location: Pick<Point, 'latitude' | 'longitude' | 'precision'>;
}

export interface RoundFact extends Fact {
  ordinal: number | null;
  imposedBy: Labelled;
  target: Labelled;
  status: 'proposed' | 'under-discussion' | 'announced' | 'adopted' | 'lifted';
  announcedOn: string | null;
  adoptedOn: string | null;
}

export interface StanceFact extends Fact {
  actor: Labelled;
  andOthers: boolean | null;
  subject: Labelled;
  position: 'supports' | 'opposes' | 'seeks-pause' | 'seeks-more' | 'divided';
  purpose: string | null;
  recurrence: string | null;
}

export interface StatementFact extends Fact {
  speakers: Labelled[];
  mode: string;
  parts: { role: string; quoted: boolean; start: number; end: number; exact: string }[];
}

export interface Change {
  op: 'add' | 'modify' | 'retract';
  reason?: string;
  recordedAt: string;
  fact: Labelled;
  fields: { field: string; before: unknown; after: unknown }[];
}

/** The beginning of a list; `more` says that it goes on. */
export interface Listed<F> {
  facts: F[];
  more: boolean;
  /** Where all of it is. */
  all: string;
}

/** The share of a text that is carried into facts, or why nobody is told. */
export type Coverage = { ratio: number } | { refused: string };

/** What is shown of everything; the order says which are the first to be left out. */
export const LISTS = {
  documents: { sort: '-publishedOn', limit: '5' },
  // More than are drawn: behind those with a date come those without.
  events: { sort: '-startDate', limit: '60' },
  'battle-group-deployments': { sort: '-announcedOn', limit: '40' },
  'sanctions-rounds': { sort: '-ordinal', limit: '60' },
  stances: { sort: '-reportedOn', limit: '60' },
  statements: { sort: '-reportedOn', limit: '6', mode: ['direct', 'mixed'] },
} as const;

export type Front = Awaited<ReturnType<typeof askForAll>>;

/** All that the page shows, of `document` alone if one is given. */
export async function askForAll(ask: Ask, document: string | undefined) {
  const only = document === undefined ? {} : { document };
  async function list<F>(collection: keyof typeof LISTS): Promise<Listed<F>> {
    const { limit, ...order } = LISTS[collection];
    const answer = await ask.json<Answer<F>>(`/v1/${collection}`, {
      ...order,
      ...only,
      limit,
    });
    const asked = Object.entries({ ...order, ...only }).map(([name, value]) => [name, [value].flat()]);
    return listed(answer, exploreUrl(collection, Object.fromEntries(asked)));
  }
  const sources = list<DocumentFact>('documents');
  const [documents, coverages, events, deployments, rounds, stances, statements, corrections] =
    await Promise.all([
      sources,
      sources.then(({ facts }) => Promise.all(facts.map(({ id }) => coverageOf(ask, id)))),
      list<EventFact>('events'),
      list<DeploymentFact>('battle-group-deployments'),
      list<RoundFact>('sanctions-rounds'),
      list<StanceFact>('stances'),
      list<StatementFact>('statements'),
      ask.json<Answer<Change>>('/v1/corrections', { ...only, limit: '5' }),
    ]);
  const feed = '/v1/changes.atom?cause=correction,retraction';
  const told = listed(corrections, document === undefined ? feed : `${feed}&document=${document}`);
  return { documents, coverages, events, deployments, rounds, stances, statements, corrections: told };
}

interface Answer<F> {
  data: F[];
  links: { next: string | null };
}

const listed = <F>({ data, links }: Answer<F>, all: string): Listed<F> => ({
  facts: data,
  more: links.next !== null,
  all,
});

/** A text that was taken out, or may not be shown, is no reason for there being no front page. */
async function coverageOf(ask: Ask, id: string): Promise<Coverage> {
  try {
    const { ratio } = await ask.json<{ ratio: number }>(`/v1/documents/${id}/coverage`);
    return { ratio };
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    return {
      refused:
        error.code === 'redacted'
          ? 'Its text was taken out of the record.'
          : 'How much of its text is carried into facts is not told.',
    };
  }
}
