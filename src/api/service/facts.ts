/** Single facts and lists of facts of one type. */
import { capitalize } from '../../lib/case.ts';
import { PermanentRedirect, Problem } from '../../lib/problem-details.ts';
import { refKey } from '../../model/fact-body.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Reference } from '../../model/fields.ts';
import { selectFields } from '../../model/response-fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { type FactRow, findFact, findLabels } from '../../store/queries/facts.ts';
import { findLaterIds } from '../../store/queries/filter-renames.ts';
import { findIdAt } from '../../store/queries/identities.ts';
import { countFacts, findListPage, type ListQuery } from '../../store/queries/list.ts';
import { planList } from '../../store/queries/list-plan.ts';
import {
  countExpandedRows,
  type ExpandedPosition,
  findExpandedPage,
  loadExpansion,
} from './expanded-list.ts';
import { defineCount, defineQuery, getListCost, type Plan } from './query.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

/** Returns the row of the fact; throws a redirect if it has another id at the revision, or a 404. */
export async function findFactOrThrow(
  { db, snapshot: { revision } }: SnapshotReader,
  { type, noun }: FactType,
  id: string,
): Promise<FactRow> {
  const row = await findFact(db, revision, { type, id });
  if (row) return row;
  const newId = await findIdAt(db, revision, { type, id });
  if (newId !== null) throw new PermanentRedirect(newId);
  throw createNotFoundProblem(noun, id, revision);
}

const createNotFoundProblem = (noun: string, id: string, revision: number): Problem =>
  new Problem('not-found', `${capitalize(noun)} ${id} not found in these sources at revision ${revision}`);

/** Returns a fact as JSON; throws a redirect if it has another id at the revision, or a 404. */
export async function getFactJson(reader: SnapshotReader, factType: FactType, id: string): Promise<Buffer> {
  const row = await findFactOrThrow(reader, factType, id);
  const [serialized] = await reader.factCache.getOrSerialize(reader.db, reader.snapshot, [row.row]);
  return (serialized as Buffer).subarray(1);
}

/** Returns a fact; throws a redirect if it has another id at the revision, or a 404. */
export const getFact = async (reader: SnapshotReader, factType: FactType, id: string): Promise<Fact> =>
  JSON.parse((await getFactJson(reader, factType, id)).toString());

/** Returns a fact by its id, or an id that it had before a renaming; throws a 404 if there is none. */
export async function getFactByAnyId(reader: SnapshotReader, factType: FactType, id: string): Promise<Fact> {
  const { db, snapshot } = reader;
  const { type, noun } = factType;
  if (await findFact(db, snapshot.revision, { type, id })) return getFact(reader, factType, id);
  const newId = await findIdAt(db, snapshot.revision, { type, id });
  const isRenamed = newId !== null && (await findFact(db, snapshot.revision, { type, id: newId }));
  if (!isRenamed) throw createNotFoundProblem(noun, id, snapshot.revision);
  return getFact(reader, factType, newId);
}

/** Sort value and id of the last fact of a page. */
export type ListPosition = [value: string | null, id: string];

/** Page of facts as JSON, each with a leading comma. */
export interface SerializedFactPage {
  serialized: Uint8Array[];
  next: ListPosition | ExpandedPosition | null;
  /** Number of rows on all pages, if it was requested. */
  total?: number;
}

/** Facts of a list, and their form. */
export interface ListSelection extends Pick<ListQuery, 'type' | 'filters' | 'includeRetracted'> {
  /** True if a fact about a group of countries is one row for each member. */
  expand?: boolean;
}

interface ListInput extends ListSelection, Pick<ListQuery, 'sort' | 'limit'> {
  /** Fields of each fact; all if undefined. */
  fields?: string[] | undefined;
  after: ListPosition | ExpandedPosition | null;
  /** True if all facts of the list are counted. */
  count: boolean;
}

/** Query for a page of facts. */
export const listFacts = defineQuery(
  'listFacts',
  async (reader, { fields, ...input }: ListInput): Promise<Plan<SerializedFactPage>> => {
    const { cost, run } = await (input.expand ? planExpandedList : planFactList)(reader, input);
    return { cost, run: fields ? async () => selectPageFields(await run(), fields) : run };
  },
);

const selectPageFields = (page: SerializedFactPage, fields: string[]): SerializedFactPage => ({
  ...page,
  serialized: parseFacts(page).map((fact) => Buffer.from(`,${JSON.stringify(selectFields(fact, fields))}`)),
});

async function planFactList(reader: SnapshotReader, input: ListInput): Promise<Plan<SerializedFactPage>> {
  const { db, snapshot, factCache } = reader;
  const { after, count, expand: _, ...rest } = input;
  const { revision } = snapshot;
  const query: ListQuery = { ...rest, revision, after: after && { value: after[0], id: after[1] } };
  const plan = await planList(db, query);
  return {
    cost: await getListCost(reader, plan, count),
    async run(): Promise<SerializedFactPage> {
      const { keys, next } = await findListPage(db, query, plan);
      const rows = keys.map(({ row }) => row);
      const serialized = await factCache.getOrSerialize(db, snapshot, rows);
      const page = { serialized, next: next && ([next.value, next.id] satisfies ListPosition) };
      return count ? { ...page, total: await countFacts(db, query) } : page;
    },
  };
}

async function planExpandedList(
  reader: SnapshotReader,
  { after, count, expand: _, ...rest }: ListInput,
): Promise<Plan<SerializedFactPage>> {
  const { revision } = reader.snapshot;
  const expansion = await loadExpansion(reader, rest);
  const plan = await planList(reader.db, { ...rest, revision, filters: expansion.factFilters });
  return {
    cost: await getListCost(reader, plan, count),
    async run() {
      const position = after && ([after[0], after[1], after[2] ?? null] satisfies ExpandedPosition);
      const { rows, next } = await findExpandedPage(reader, expansion, {
        ...rest,
        revision,
        after: position,
      });
      const page = { serialized: rows.map((row) => Buffer.from(`,${JSON.stringify(row)}`)), next };
      return count
        ? { ...page, total: await countExpandedRows(reader, expansion, { ...rest, revision }) }
        : page;
    },
  };
}

/** Query for the number of rows in a list. */
export const countList = defineCount('countList', async (reader, { expand, ...selection }: ListSelection) => {
  const { db, snapshot } = reader;
  const filterQuery = { ...selection, revision: snapshot.revision };
  const expansion = expand ? await loadExpansion(reader, selection) : null;
  const { selectiveFilter } = await planList(db, {
    ...filterQuery,
    ...(expansion && { filters: expansion.factFilters }),
  });
  return {
    cost: selectiveFilter ? 'lookup' : 'scan',
    run: async () => ({
      total: expansion
        ? await countExpandedRows(reader, expansion, filterQuery)
        : await countFacts(db, filterQuery),
    }),
  };
});

/** Parses the facts of a page. */
export const parseFacts = <F extends Fact = Fact>({ serialized }: SerializedFactPage): F[] =>
  serialized.map((fact) =>
    JSON.parse(Buffer.from(fact.buffer, fact.byteOffset + 1, fact.length - 1).toString()),
  );

/** Returns the labels of those facts that exist, retracted ones included, by `type/id`. */
export async function getLabels(
  { db, snapshot }: SnapshotReader,
  references: Reference[],
): Promise<Map<string, string>> {
  const labels = await findLabels(db, snapshot.revision, references);
  return new Map([...labels].map(([key, { label }]) => [key, label]));
}

/** Returns the ids at the revision of those of these facts that had been renamed by then, by `type/id`. */
export async function getRenamedIds(
  { db, snapshot: { revision } }: SnapshotReader,
  references: Reference[],
): Promise<Map<string, string>> {
  const laterIds = await findLaterIds(db, references);
  const candidates = references.flatMap(({ type, id }) =>
    (laterIds.get(refKey({ type, id })) ?? []).map((laterId) => ({ type, from: id, id: laterId })),
  );
  const existing = await findLabels(db, revision, candidates);
  return new Map(
    candidates
      .filter((candidate) => existing.has(refKey(candidate)))
      .map(({ type, from, id }) => [refKey({ type, id: from }), id]),
  );
}
