/** Data of the home page: it requests each list at most once, and no more entries than it shows. */

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

/** First entries of a list. */
export interface ListResult<F> {
  items: F[];
  hasMore: boolean;
  /** URL of the complete list. */
  allUrl: string;
}

/** Share of a text that supports facts, or the reason why the share is not available. */
export type Coverage = { ratio: number } | { unavailableReason: string };

/** Queries of the lists; the sort order determines which entries are left out first. */
export const LIST_QUERIES = {
  documents: { sort: '-publishedOn', limit: '5' },
  // More than the timeline draws, because events without a date come last.
  events: { sort: '-startDate', limit: '60' },
  'battle-group-deployments': { sort: '-announcedOn', limit: '40' },
  'sanctions-rounds': { sort: '-ordinal', limit: '60' },
  stances: { sort: '-reportedOn', limit: '60' },
  statements: { sort: '-reportedOn', limit: '6', mode: ['direct', 'mixed'] },
} as const;

export type HomeData = Awaited<ReturnType<typeof loadHomeData>>;

/** Loads all data of the page, only from `document` if it is given. */
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

/** The home page must not fail if a text is redacted or may not be shown. */
async function loadCoverage(api: ApiClient, id: string): Promise<Coverage> {
  try {
    const { ratio } = await api.json<{ ratio: number }>(`/v1/documents/${id}/coverage`);
    return { ratio };
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    return {
      unavailableReason:
        error.code === 'redacted'
          ? 'The text was redacted.'
          : 'The share of the text that facts cover is not available.',
    };
  }
}
