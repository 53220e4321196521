/** What a resource declares, and what follows from the declaration. */
import type * as z from 'zod';
import { pascalCase } from '../lib/case.ts';
import { getCommonFilterFields } from './common-filters.ts';
import type { Quotation, StoredEvidence } from './evidence.ts';
import { closedVocabulary, type Reference, type Vocabulary } from './fields.ts';
import type { LinkedData } from './linked-data.ts';
import type { Point } from './place.ts';
import { extractFields, type Field } from './schema-fields.ts';

/** The days a fact is about, both ends inclusive. */
export interface Period {
  from: string;
  to: string;
}

/** What calendars and timelines tell of a fact, beside its label, the days of its `period` and its point. */
export interface CalendarDetails {
  /** What it is filed under. */
  kind: string;
  /** In the words of its own type: `postponed`. */
  status: string;
  /** Whether it takes place, as far as is known: the three that a calendar tells apart. */
  certainty: 'confirmed' | 'tentative' | 'cancelled';
  /** How much of the days is meant: of a month, the whole month. */
  precision: 'day' | 'month' | 'year';
  /** Which end of the days the fact does not date itself; null if both are its own. */
  openEnd: 'start' | 'end' | null;
  /** The name of its place. */
  place: string | null;
}

/** Something that the schema of one field alone cannot hold. */
export interface RuleViolation {
  path: (string | number)[];
  message: string;
}

/** A quotation found in its source, with the words around it. */
export type QuotationSpan = Omit<StoredEvidence, 'document' | 'supports'>;

export interface ResolvedQuotation {
  span: QuotationSpan;
  /** Whether it stands inside quotation marks; null where the text does not tell. */
  isQuoted(): boolean | null;
}

/** Finds a quotation that a fact's own fields hold at `path`; null, and a problem reported, if it is nowhere. */
export type ResolveQuotation = (quotation: Quotation, path: (string | number)[]) => ResolvedQuotation | null;

/** What an authored form is made into: the own fields, and the evidence that comes with them. */
export interface AuthoredResult<Own extends z.ZodObject> {
  ownFields: z.output<Own>;
  /** Which fields each of these words carries, and where in the fact they were written. */
  evidence: { span: QuotationSpan; supports: string[]; path: (string | number)[] }[];
  violations: RuleViolation[];
}

/** How a fact is made whose form in a dossier is another than in an answer. */
export interface AuthoredForm<Own extends z.ZodObject> {
  /** The own fields as a dossier gives them. */
  schema: z.ZodObject;
  convert(authored: never, resolveQuotation: ResolveQuotation): AuthoredResult<Own> | null;
}

/** What somebody says: a fact that is news in itself. */
export interface StatementContent {
  /** The words in their order, each as the source has it, and whether it stands in quotation marks there. */
  passages: { exact: string; quoted: boolean }[];
  /** Who says it; nobody in what the document says itself. */
  speakers: Reference[];
  /** What it is about, in a word each. */
  topics: string[];
}

export interface FactTypeDefinition<Own extends z.ZodObject = z.ZodObject> {
  /** Singular, as facts carry it: `battle-group-deployment`. */
  type: string;
  /** Plural, as URLs carry it: `battle-group-deployments`. */
  collection: string;
  /** One line for people who look for the right collection. */
  summary: string;
  /** The own fields. Its input is what a dossier holds, its output what the API answers. */
  schema: Own;
  /** Only where a dossier's form is not simply the input of `schema`. */
  authoredForm?: AuthoredForm<Own>;
  /** A short title. `name` gives the label of a fact that this one refers to. */
  getLabel(fact: z.output<Own>, resolveLabel: (reference: Reference) => string): string;
  /** Filter parameter → the field path that it looks at. */
  filters: Record<string, string>;
  /** Field paths to sort by, beside `id`, `label` and `reportedOn`. */
  sorts: string[];
  /** Filters that can be counted by. */
  facets: string[];
  /** The days that `from` and `to` are held against; without it the collection does not take them. */
  getPeriod?(fact: z.output<Own>, reportedOn: string | null): Period | null;
  /** Where a fact is; without it the collection is not to be had as a map. */
  getPoint?(fact: z.output<Own>): Point | null;
  /** What a calendar tells of it; only with `period`, and without it the collection is not to be had as one. */
  getCalendarDetails?(fact: z.output<Own>): CalendarDetails;
  /** Fields that change as the world moves on: what a later document may develop without calling this one wrong. */
  developableFields?: string[];
  /** Fields that need no evidence of their own, since they go with others that have it. */
  evidenceExemptFields?: string[];
  /** Paths of fields that hold words of the source just as they stand there: what goes when its text is redacted. */
  verbatimFields?: string[];
  /** Field path → the column that it is in a table, where that is neither the name of its filter nor the path itself. */
  columnNames?: Record<string, string>;
  /** A field that may name a group of countries: a table can give a row for each of its members instead. */
  expandableField?: string;
  /** What schema.org has words for; without it, facts are linked data in our own words alone. */
  linkedData?: LinkedData<z.output<Own>>;
  /** Only where facts of the type are sayings: they can be followed in feeds, and shown as quotations. */
  getStatementContent?(fact: z.output<Own>): StatementContent;
  /** Whatever else must hold between fields, or between them and the words of the evidence. */
  checkRules?(fact: z.output<Own>, quotations: string[]): RuleViolation[];
  /** The id of a fact of the first dossier, for the examples in the documentation. */
  exampleId: string;
  /** False only for documents: they are the source, so they have no evidence. */
  hasEvidence?: false;
}

export interface FactType<Own extends z.ZodObject = z.ZodObject> extends FactTypeDefinition<Own> {
  /** `BattleGroupDeployment`: its name in the OpenAPI document. */
  componentName: string;
  /** `BattleGroupDeployments` */
  pluralComponentName: string;
  /** `battle group deployment`: its name in a sentence. */
  noun: string;
  /** `Battle group deployments`: the heading over its operations. */
  title: string;
  /** The names of its own top-level fields. */
  fieldNames: string[];
  /** Its leaf fields by path. */
  fieldsByPath: Map<string, Field>;
  /** The paths of those that are references. */
  referencePaths: string[];
  /** Every field that facts can be filtered by, by the name of the parameter: the common ones, then its own. */
  filterFields: Map<string, Field>;
  /** The paths of all that facts are filtered by, sorted by, or refer to others by. */
  indexedPaths: string[];
  /** The names of those that can be counted by. */
  facetNames: string[];
  /** The same, as a parameter takes them. */
  facetSchema: Vocabulary;
  /** What a list of it can be sorted by. */
  sortSchema: Vocabulary;
}

/** Sorts that every collection has. */
const COMMON_SORTS = ['id', 'label', 'reportedOn'];

/** Completes a declaration. A mistake in it is a mistake in the program, so it throws. */
export function defineFactType<Own extends z.ZodObject>(definition: FactTypeDefinition<Own>): FactType<Own> {
  const fieldsByPath = new Map(extractFields(definition.schema).map((field) => [field.path, field]));
  for (const path of [
    ...Object.values(definition.filters),
    ...definition.sorts,
    ...(definition.verbatimFields ?? []),
    ...Object.keys(definition.columnNames ?? {}),
  ]) {
    if (!fieldsByPath.has(path)) throw new Error(`${definition.type}: no field ${path} in its schema`);
  }
  for (const facet of definition.facets) {
    if (!(facet in definition.filters)) throw new Error(`${definition.type}: facet ${facet} is no filter`);
  }
  for (const name of definition.developableFields ?? []) {
    if (!(name in definition.schema.shape))
      throw new Error(`${definition.type}: no field ${name} to develop`);
  }
  if (definition.getCalendarDetails && !definition.getPeriod)
    throw new Error(`${definition.type}: an occasion without a period`);
  const { type, collection } = definition;
  const ownFilterFields = Object.entries(definition.filters).map(
    ([name, path]) => [name, fieldsByPath.get(path) as Field] as const,
  );
  const fieldNames = Object.keys(definition.schema.shape);
  const componentName = pascalCase(type);
  const sharedFilterFields = getCommonFilterFields(
    componentName,
    fieldNames,
    definition.hasEvidence !== false,
  );
  const filterFields = new Map([...sharedFilterFields, ...ownFilterFields]);
  const referencePaths = [...fieldsByPath.values()].flatMap(({ kind, path }) =>
    kind === 'reference' ? [path] : [],
  );
  const filterPaths = [...filterFields.values()].map(({ path }) => path);
  const facetNames = [...definition.facets, ...sharedFilterFields.map(([name]) => name)];
  return {
    ...definition,
    componentName,
    pluralComponentName: pascalCase(collection),
    noun: type.replaceAll('-', ' '),
    title: collection.charAt(0).toUpperCase() + collection.slice(1).replaceAll('-', ' '),
    fieldNames,
    fieldsByPath,
    filterFields,
    indexedPaths: [...new Set([...filterPaths, ...definition.sorts, ...referencePaths])],
    facetNames,
    facetSchema: closedVocabulary(
      `${componentName}FacetField`,
      facetNames as [string, ...string[]],
      'A filter to count by.',
      facetNames.map(pascalCase),
    ),
    sortSchema: createSortSchema(componentName, [...new Set([...COMMON_SORTS, ...definition.sorts])]),
    referencePaths,
  };
}

/** Every field upwards, and with a leading - downwards. */
function createSortSchema(componentName: string, paths: string[]): Vocabulary {
  const values = [...paths, ...paths.map((field) => `-${field}`)];
  const memberNames = [...paths.map(pascalCase), ...paths.map((field) => `${pascalCase(field)}Descending`)];
  const description = 'The field to sort by; a leading - turns it round.';
  return closedVocabulary(`${componentName}Sort`, values as [string, ...string[]], description, memberNames);
}

/** The days that a date stands for at its precision: a month is from its first day to its last. */
export function toPeriod(
  start: string | null,
  end: string | null,
  precision: 'day' | 'month' | 'year' | null,
): Period | null {
  const first = start ?? end;
  const last = end ?? start;
  if (first === null || last === null) return null;
  return { from: getFirstDay(first, precision), to: getLastDay(last, precision) };
}

function getFirstDay(day: string, precision: string | null): string {
  if (precision === 'year') return `${day.slice(0, 4)}-01-01`;
  return precision === 'month' ? `${day.slice(0, 7)}-01` : day;
}

function getLastDay(day: string, precision: string | null): string {
  if (precision === 'year') return `${day.slice(0, 4)}-12-31`;
  if (precision !== 'month') return day;
  const [year, month] = day.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
