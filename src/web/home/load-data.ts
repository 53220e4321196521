/** What the front page asks for: each list at most once, and never more of it than is shown. */

import { Problem } from '../../lib/problem-details.ts';
import type { Reference } from '../../model/fields.ts';
import type { Point } from '../../model/place.ts';
import type { Fact, LabeledReference } from '../../model/response-schemas.ts';
import { toExploreUrl } from '../format-values.ts';
import type { ApiClient } from '../page-route.ts';

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
  hostCountry: LabeledReference;
  alliance: LabeledReference;
  status: string;
  announcedOn: string | null;
  location: Pick<Point, 'latitude' | 'longitude' | 'precision'>;
}

export interface RoundFact extends Fact {
  ordinal: number | null;
  imposedBy: LabeledReference;
  target: LabeledReference;
  status: 'proposed' | 'under-discussion' | 'announced' | 'adopted' | 'lifted';
  announcedOn: string | null;
  adoptedOn: string | null;
}

export interface StanceFact extends Fact {
  actor: LabeledReference;
  andOthers: boolean | null;
  subject: LabeledReference;
  position: 'supports' | 'opposes' | 'seeks-pause' | 'seeks-more' | 'divided';
  purpose: string | null;
  recurrence: string | null;
}

export interface StatementFact extends Fact {
  speakers: LabeledReference[];
  mode: string;
  parts: { role: string; quoted: boolean; start: number; end: number; exact: string }[];
}

export interface Change {
  op: 'add' | 'modify' | 'retract';
  reason?: string;
  recordedAt: string;
  fact: LabeledReference;
  fields: { field: string; before: unknown; after: unknown }[];
}

/** The beginning of a list; `more` says that it goes on. */
export interface ListResult<F> {
  items: F[];
  hasMore: boolean;
  /** Where all of it is. */
  allUrl: string;
}

/** The share of a text that is carried into facts, or why nobody is told. */
export type Coverage = { ratio: number } | { unavailableReason: string };

/** What is shown of everything; the order says which are the first to be left out. */
export const LIST_QUERIES = {
  documents: { sort: '-publishedOn', limit: '5' },
  // More than are drawn: behind those with a date come those without.
  events: { sort: '-startDate', limit: '60' },
  'battle-group-deployments': { sort: '-announcedOn', limit: '40' },
  'sanctions-rounds': { sort: '-ordinal', limit: '60' },
  stances: { sort: '-reportedOn', limit: '60' },
  statements: { sort: '-reportedOn', limit: '6', mode: ['direct', 'mixed'] },
} as const;

export type HomeData = Awaited<ReturnType<typeof loadHomeData>>;

/** All that the page shows, of `document` alone if one is given. */
export async function loadHomeData(api: ApiClient, document: string | undefined) {
  const filter = document === undefined ? {} : { document };
  async function loadList<F>(collection: keyof typeof LIST_QUERIES): Promise<ListResult<F>> {
    const { limit, ...order } = LIST_QUERIES[collection];
    const response = await api.json<ListResponse<F>>(`/v1/${collection}`, {
      ...order,
      ...filter,
      limit,
    });
    const exploreValues = Object.entries({ ...order, ...filter }).map(([name, value]) => [
      name,
      [value].flat(),
    ]);
    return toListResult(response, toExploreUrl(collection, Object.fromEntries(exploreValues)));
  }
  const sources = loadList<DocumentFact>('documents');
  const [documents, coverages, events, deployments, rounds, stances, statements, corrections] =
    await Promise.all([
      sources,
      sources.then(({ items }) => Promise.all(items.map(({ id }) => loadCoverage(api, id)))),
      loadList<EventFact>('events'),
      loadList<DeploymentFact>('battle-group-deployments'),
      loadList<RoundFact>('sanctions-rounds'),
      loadList<StanceFact>('stances'),
      loadList<StatementFact>('statements'),
      api.json<ListResponse<Change>>('/v1/corrections', { ...filter, limit: '5' }),
    ]);
  const feed = '/v1/changes.atom?cause=correction,retraction';
  const correctionList = toListResult(
    corrections,
    document === undefined ? feed : `${feed}&document=${document}`,
  );
  return {
    documents,
    coverages,
    events,
    deployments,
    rounds,
    stances,
    statements,
    corrections: correctionList,
  };
}

interface ListResponse<F> {
  data: F[];
  links: { next: string | null };
}

const toListResult = <F>({ data, links }: ListResponse<F>, allUrl: string): ListResult<F> => ({
  items: data,
  hasMore: links.next !== null,
  allUrl,
});

/** A text that was taken out, or may not be shown, is no reason for there being no front page. */
async function loadCoverage(api: ApiClient, id: string): Promise<Coverage> {
  try {
    const { ratio } = await api.json<{ ratio: number }>(`/v1/documents/${id}/coverage`);
    return { ratio };
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    return {
      unavailableReason:
        error.code === 'redacted'
          ? 'Its text was taken out of the record.'
          : 'How much of its text is carried into facts is not told.',
    };
  }
}
