/** Data of the home page: each list is read at most once, with no more entries than the page shows. */

import { parseCorrectionQuery } from '../../api/params/change-params.ts';
import { parseListQuery } from '../../api/params/list-params.ts';
import { listChanges } from '../../api/service/changes.ts';
import { getCoverage } from '../../api/service/documents.ts';
import { listFacts, parseFacts, type SerializedFactPage } from '../../api/service/facts.ts';
import type { SnapshotReader } from '../../api/service/snapshot-reader.ts';
import { Problem } from '../../lib/problem-details.ts';
import type { Reference } from '../../model/fields.ts';
import type { Point } from '../../model/place.ts';
import type { Fact, LabeledReference } from '../../model/response-schemas.ts';
import { getFactTypeByCollection } from '../../model/types/index.ts';
import { toExploreUrl } from '../format-values.ts';
import type { PageRequest } from '../page-route.ts';

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
const LIST_QUERIES = {
  documents: { sort: '-publishedOn', limit: 5 },
  // More than the timeline draws, because events without a date come last.
  events: { sort: '-startDate', limit: 60 },
  'battle-group-deployments': { sort: '-announcedOn', limit: 40 },
  'sanctions-rounds': { sort: '-ordinal', limit: 60 },
  stances: { sort: '-reportedOn', limit: 60 },
  statements: { sort: '-reportedOn', limit: 6, mode: ['direct', 'mixed'] },
} as const;
const MAX_CORRECTIONS = 5;

/** Queries for what the facts cover: the first and last days of events, and countries. */
const DATASET_COVERAGE_QUERIES = [
  { collection: 'events', sort: 'startDate', limit: 1 },
  { collection: 'events', sort: '-startDate', limit: 1 },
  { collection: 'events', sort: '-endDate', limit: 1 },
  { collection: 'countries', sort: 'label', limit: 50 },
] as const;

export type HomeData = Awaited<ReturnType<typeof loadHomeData>>;

/** Loads all data of the page, only from `document` if it is given. */
export async function loadHomeData(request: PageRequest<unknown>, document: string | undefined) {
  const documentFilter = document === undefined ? {} : { document: [document] };
  const getQuery = (collection: keyof typeof LIST_QUERIES) => ({
    ...LIST_QUERIES[collection],
    ...documentFilter,
  });
  const listCollection = (collection: string, { limit, ...parameters }: { limit: number; sort: string }) => {
    const query = parseListQuery(getFactTypeByCollection(collection), parameters, request.synonyms);
    return listFacts({ ...query, limit, after: null, count: false });
  };
  const list = (collection: keyof typeof LIST_QUERIES) => listCollection(collection, getQuery(collection));
  const correctionQuery = parseCorrectionQuery(documentFilter);
  const [documentPage, events, deployments, rounds, stances, statements, corrections, ...coveragePages] =
    await request.run(
      list('documents'),
      list('events'),
      list('battle-group-deployments'),
      list('sanctions-rounds'),
      list('stances'),
      list('statements'),
      listChanges({ query: correctionQuery, after: null, limit: MAX_CORRECTIONS }),
      ...(document === undefined ? DATASET_COVERAGE_QUERIES : []).map(({ collection, ...query }) =>
        listCollection(collection, query),
      ),
    );
  const toList = <F extends Fact>(
    collection: keyof typeof LIST_QUERIES,
    page: SerializedFactPage,
  ): ListResult<F> => {
    const { limit: _, ...parameters } = getQuery(collection);
    const values = Object.entries(parameters).map(([name, value]) => [name, [value].flat()]);
    const allUrl = toExploreUrl(collection, Object.fromEntries(values));
    return { items: parseFacts<F>(page), hasMore: page.next !== null, allUrl };
  };
  const documents = toList<DocumentFact>('documents', documentPage);
  return {
    documents,
    /** Null on a page of one document. */
    datasetCoverage: document === undefined ? toDatasetCoverage(coveragePages) : null,
    coverages: await request.read((reader) => loadCoverages(reader, documents.items)),
    events: toList<EventFact>('events', events),
    deployments: toList<DeploymentFact>('battle-group-deployments', deployments),
    rounds: toList<RoundFact>('sanctions-rounds', rounds),
    stances: toList<StanceFact>('stances', stances),
    statements: toList<StatementFact>('statements', statements),
    corrections: {
      items: corrections.data,
      hasMore: corrections.next !== null,
      allUrl: document === undefined ? CORRECTIONS_FEED : `${CORRECTIONS_FEED}&document=${document}`,
    },
  };
}

export type DatasetCoverage = ReturnType<typeof toDatasetCoverage>;

function toDatasetCoverage([firstToStart, lastToStart, lastToEnd, countries]: SerializedFactPage[]) {
  const [first, ...others] = [firstToStart, lastToStart, lastToEnd].map(
    (page) => page && parseFacts<EventFact>(page)[0],
  );
  const from = first?.startDate ?? null;
  // An event may have a first day only.
  const days = others.flatMap((event) => [event?.startDate, event?.endDate]).filter((day) => day != null);
  return {
    period: from === null ? null : { from, to: days.sort().at(-1) ?? from },
    countries: countries ? parseFacts<Fact>(countries) : [],
  };
}

const CORRECTIONS_FEED = '/v1/changes.atom?cause=correction,retraction';

async function loadCoverages(reader: SnapshotReader, documents: DocumentFact[]): Promise<Coverage[]> {
  const coverages: Coverage[] = [];
  for (const { id } of documents) coverages.push(await loadCoverage(reader, id));
  return coverages;
}

/** The home page must not fail if a text is redacted or may not be shown. */
async function loadCoverage(reader: SnapshotReader, id: string): Promise<Coverage> {
  try {
    const { ratio } = await getCoverage(reader, id);
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
