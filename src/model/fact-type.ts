/** What a resource declares, and what follows from the declaration. */
import type * as z from 'zod';
import { pascal } from '../lib/case.ts';
import { commonFilters } from './common-filters.ts';
import type { Quotation, StoredEvidence } from './evidence.ts';
import { type Reference, type Vocabulary, vocabulary } from './fields.ts';
import type { LinkedData } from './linked-data.ts';
import type { Point } from './place.ts';
import { type Field, fieldsOf } from './schema-fields.ts';

/** The days a fact is about, both ends inclusive. */
export interface Period {
  from: string;
  to: string;
}

/** What calendars and timelines tell of a fact, beside its label, the days of its `period` and its point. */
export interface Occasion {
  /** What it is filed under. */
  kind: string;
  /** In the words of its own type: `postponed`. */
  status: string;
  /** Whether it takes place, as far as is known: the three that a calendar tells apart. */
  certainty: 'confirmed' | 'tentative' | 'cancelled';
  /** How much of the days is meant: of a month, the whole month. */
  precision: 'day' | 'month' | 'year';
  /** Which end of the days the fact does not date itself; null if both are its own. */
  open: 'start' | 'end' | null;
  /** The name of its place. */
  place: string | null;
}

/** Something that the schema of one field alone cannot hold. */
export interface RuleBreach {
  path: (string | number)[];
  message: string;
}

/** A quotation found in its source, with the words around it. */
export type Located = Omit<StoredEvidence, 'document' | 'supports'>;

export interface Found {
  place: Located;
  /** Whether it stands inside quotation marks; null where the text does not tell. */
  quoted(): boolean | null;
}

/** Finds a quotation that a fact's own fields hold at `path`; null, and a problem reported, if it is nowhere. */
export type Locate = (quotation: Quotation, path: (string | number)[]) => Found | null;

/** What an authored form is made into: the own fields, and the evidence that comes with them. */
export interface Made<Own extends z.ZodObject> {
  own: z.output<Own>;
  /** Which fields each of these words carries, and where in the fact they were written. */
  evidence: { place: Located; supports: string[]; at: (string | number)[] }[];
  breaches: RuleBreach[];
}

/** How a fact is made whose form in a dossier is another than in an answer. */
export interface Authoring<Own extends z.ZodObject> {
  /** The own fields as a dossier gives them. */
  schema: z.ZodObject;
  make(written: never, locate: Locate): Made<Own> | null;
}

/** What somebody says: a fact that is news in itself. */
export interface Saying {
  /** The words in their order, each as the source has it, and whether it stands in quotation marks there. */
  words: { exact: string; quoted: boolean }[];
  /** Who says it; nobody in what the document says itself. */
  speakers: Reference[];
  /** What it is about, in a word each. */
  topics: string[];
}

export interface Declaration<Own extends z.ZodObject = z.ZodObject> {
  /** Singular, as facts carry it: `battle-group-deployment`. */
  type: string;
  /** Plural, as URLs carry it: `battle-group-deployments`. */
  collection: string;
  /** One line for people who look for the right collection. */
  summary: string;
  /** The own fields. Its input is what a dossier holds, its output what the API answers. */
  schema: Own;
  /** Only where a dossier's form is not simply the input of `schema`. */
  authoring?: Authoring<Own>;
  /** A short title. `name` gives the label of a fact that this one refers to. */
  label(fact: z.output<Own>, name: (reference: Reference) => string): string;
  /** Filter parameter → the field path that it looks at. */
  filters: Record<string, string>;
  /** Field paths to sort by, beside `id`, `label` and `reportedOn`. */
  sorts: string[];
  /** Filters that can be counted by. */
  facets: string[];
  /** The days that `from` and `to` are held against; without it the collection does not take them. */
  period?(fact: z.output<Own>, reportedOn: string | null): Period | null;
  /** Where a fact is; without it the collection is not to be had as a map. */
  point?(fact: z.output<Own>): Point | null;
  /** What a calendar tells of it; only with `period`, and without it the collection is not to be had as one. */
  occasion?(fact: z.output<Own>): Occasion;
  /** Fields that change as the world moves on: what a later document may develop without calling this one wrong. */
  developing?: string[];
  /** Fields that need no evidence of their own, since they go with others that have it. */
  accompanying?: string[];
  /** Paths of fields that hold words of the source just as they stand there: what goes when its text is redacted. */
  literal?: string[];
  /** Field path → the column that it is in a table, where that is neither the name of its filter nor the path itself. */
  columns?: Record<string, string>;
  /** A field that may name a group of countries: a table can give a row for each of its members instead. */
  expandable?: string;
  /** What schema.org has words for; without it, facts are linked data in our own words alone. */
  linkedData?: LinkedData<z.output<Own>>;
  /** Only where facts of the type are sayings: they can be followed in feeds, and shown as quotations. */
  saying?(fact: z.output<Own>): Saying;
  /** Whatever else must hold between fields, or between them and the words of the evidence. */
  rules?(fact: z.output<Own>, quotations: string[]): RuleBreach[];
  /** The id of a fact of the first dossier, for the examples in the documentation. */
  example: string;
  /** False only for documents: they are the source, so they have no evidence. */
  sourced?: false;
}

export interface Resource<Own extends z.ZodObject = z.ZodObject> extends Declaration<Own> {
  /** `BattleGroupDeployment`: its name in the OpenAPI document. */
  component: string;
  /** `BattleGroupDeployments` */
  plural: string;
  /** `battle group deployment`: its name in a sentence. */
  noun: string;
  /** `Battle group deployments`: the heading over its operations. */
  title: string;
  /** The names of its own top-level fields. */
  fieldNames: string[];
  /** Its leaf fields by path. */
  fields: Map<string, Field>;
  /** The paths of those that are references. */
  referencePaths: string[];
  /** Every field that facts can be filtered by, by the name of the parameter: the common ones, then its own. */
  filterFields: Map<string, Field>;
  /** The paths of all that facts are filtered by, sorted by, or refer to others by. */
  indexedPaths: string[];
  /** The names of those that can be counted by. */
  facetNames: string[];
  /** The same, as a parameter takes them. */
  facetField: Vocabulary;
  /** What a list of it can be sorted by. */
  sort: Vocabulary;
}

/** Sorts that every collection has. */
const COMMON_SORTS = ['id', 'label', 'reportedOn'];

/** Completes a declaration. A mistake in it is a mistake in the program, so it throws. */
export function resource<Own extends z.ZodObject>(declaration: Declaration<Own>): Resource<Own> {
  const fields = new Map(fieldsOf(declaration.schema).map((field) => [field.path, field]));
  for (const path of [
    ...Object.values(declaration.filters),
    ...declaration.sorts,
    ...(declaration.literal ?? []),
    ...Object.keys(declaration.columns ?? {}),
  ]) {
    if (!fields.has(path)) throw new Error(`${declaration.type}: no field ${path} in its schema`);
  }
  for (const facet of declaration.facets) {
    if (!(facet in declaration.filters)) throw new Error(`${declaration.type}: facet ${facet} is no filter`);
  }
  for (const name of declaration.developing ?? []) {
    if (!(name in declaration.schema.shape))
      throw new Error(`${declaration.type}: no field ${name} to develop`);
  }
  if (declaration.occasion && !declaration.period)
    throw new Error(`${declaration.type}: an occasion without a period`);
  const { type, collection } = declaration;
  const own = Object.entries(declaration.filters).map(
    ([name, path]) => [name, fields.get(path) as Field] as const,
  );
  const fieldNames = Object.keys(declaration.schema.shape);
  const component = pascal(type);
  const common = commonFilters(component, fieldNames, declaration.sourced !== false);
  const filterFields = new Map([...common, ...own]);
  const referencePaths = [...fields.values()].flatMap(({ kind, path }) =>
    kind === 'reference' ? [path] : [],
  );
  const filterPaths = [...filterFields.values()].map(({ path }) => path);
  const facetNames = [...declaration.facets, ...common.map(([name]) => name)];
  return {
    ...declaration,
    component,
    plural: pascal(collection),
    noun: type.replaceAll('-', ' '),
    title: collection.charAt(0).toUpperCase() + collection.slice(1).replaceAll('-', ' '),
    fieldNames,
    fields,
    filterFields,
    indexedPaths: [...new Set([...filterPaths, ...declaration.sorts, ...referencePaths])],
    facetNames,
    facetField: vocabulary(
      `${component}FacetField`,
      facetNames as [string, ...string[]],
      'A filter to count by.',
      facetNames.map(pascal),
    ),
    sort: sortOf(component, [...new Set([...COMMON_SORTS, ...declaration.sorts])]),
    referencePaths,
  };
}

/** Every field upwards, and with a leading - downwards. */
function sortOf(component: string, fields: string[]): Vocabulary {
  const written = [...fields, ...fields.map((field) => `-${field}`)];
  const members = [...fields.map(pascal), ...fields.map((field) => `${pascal(field)}Descending`)];
  const description = 'The field to sort by; a leading - turns it round.';
  return vocabulary(`${component}Sort`, written as [string, ...string[]], description, members);
}

/** The days that a date stands for at its precision: a month is from its first day to its last. */
export function periodOf(
  start: string | null,
  end: string | null,
  precision: 'day' | 'month' | 'year' | null,
): Period | null {
  const first = start ?? end;
  const last = end ?? start;
  if (first === null || last === null) return null;
  return { from: firstDay(first, precision), to: lastDay(last, precision) };
}

function firstDay(day: string, precision: string | null): string {
  if (precision === 'year') return `${day.slice(0, 4)}-01-01`;
  return precision === 'month' ? `${day.slice(0, 7)}-01` : day;
}

function lastDay(day: string, precision: string | null): string {
  if (precision === 'year') return `${day.slice(0, 4)}-12-31`;
  if (precision !== 'month') return day;
  const [year, month] = day.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
