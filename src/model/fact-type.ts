/** Declaration of a fact type, and the properties derived from it. */
import type * as z from 'zod';
import { pascalCase } from '../lib/case.ts';
import { getCommonFilterFields } from './common-filters.ts';
import type { Quotation, StoredEvidence } from './evidence.ts';
import { closedVocabulary, type Reference, type Vocabulary } from './fields.ts';
import type { LinkedData } from './linked-data.ts';
import type { Point } from './place.ts';
import { extractFields, type Field } from './schema-fields.ts';

/** Days that a fact is about, both ends inclusive. */
export interface Period {
  from: string;
  to: string;
}

/** Details of a fact for calendars and timelines, in addition to its label, period and point. */
export interface CalendarDetails {
  /** Category of the entry. */
  kind: string;
  /** Status in the vocabulary of its type, such as `postponed`. */
  status: string;
  /** Certainty that it takes place, as one of the three statuses of a calendar. */
  certainty: 'confirmed' | 'tentative' | 'cancelled';
  /** Precision of the days: `month` means the entire month. */
  precision: 'day' | 'month' | 'year';
  /** End of the period that the fact does not date; null if it dates both. */
  openEnd: 'start' | 'end' | null;
  /** Name of the place. */
  place: string | null;
}

/** Violation of a rule that the schema of a single field cannot express. */
export interface RuleViolation {
  path: (string | number)[];
  message: string;
}

/** Quotation found in its source, with the words around it. */
export type QuotationSpan = Omit<StoredEvidence, 'document' | 'supports'>;

export interface ResolvedQuotation {
  span: QuotationSpan;
  /** Returns true inside quotation marks, and null if the text leaves that open. */
  isQuoted(): boolean | null;
}

/** Finds the quotation at `path` of the authored fields. Reports a missing one and returns null for it. */
export type ResolveQuotation = (quotation: Quotation, path: (string | number)[]) => ResolvedQuotation | null;

/** Result of converting an authored form: the own fields, and the evidence that they imply. */
export interface AuthoredResult<Own extends z.ZodObject> {
  ownFields: z.output<Own>;
  /** Spans with the fields they support, and the path in the authored fact that each is from. */
  evidence: { span: QuotationSpan; supports: string[]; path: (string | number)[] }[];
  violations: RuleViolation[];
}

/** Form of a fact in dossiers, for types whose facts have another form in responses. */
export interface AuthoredForm<Own extends z.ZodObject> {
  /** Own fields as dossiers write them. */
  schema: z.ZodObject;
  convert(authored: never, resolveQuotation: ResolveQuotation): AuthoredResult<Own> | null;
}

/** Content of a statement, for feeds and quotations. */
export interface StatementContent {
  /** Passages in text order, exactly as in the source; `quoted` means inside quotation marks there. */
  passages: { exact: string; quoted: boolean }[];
  /** Speakers; empty for the document's own assessment. */
  speakers: Reference[];
  /** Keywords. */
  topics: string[];
}

export interface FactTypeDefinition<Own extends z.ZodObject = z.ZodObject> {
  /** Singular name, used in facts: `battle-group-deployment`. */
  type: string;
  /** Plural name, used in URLs: `battle-group-deployments`. */
  collection: string;
  /** One-line description for readers who look for the right collection. */
  summary: string;
  /** Own fields. The input of the schema is their form in dossiers, its output their form in responses. */
  schema: Own;
  /** Form in dossiers, if it differs from the input of `schema`. */
  authoredForm?: AuthoredForm<Own>;
  /**
   * Returns the label, a short title. `resolveLabel` returns the label of a fact that this one refers to, `isPlural` is
   * true if that label takes a plural verb.
   */
  getLabel(
    fact: z.output<Own>,
    resolveLabel: (reference: Reference) => string,
    isPlural?: (reference: Reference) => boolean,
  ): string;
  /** True if the label takes a plural verb, as `The Baltics` does; types without it have singular labels. */
  isPlural?(fact: z.output<Own>): boolean;
  /**
   * Fields that tell which fact this is; all own fields if omitted. The quotation that supports most of them is shown
   * first or alone.
   */
  namingFields?: string[];
  /** Filter parameter → field path. */
  filters: Record<string, string>;
  /** Field paths to sort by, in addition to `id`, `label` and `reportedOn`. */
  sorts: string[];
  /** Filters whose values can be counted. */
  facets: string[];
  /** Returns the period that `from` and `to` filter by. Collections without it reject these parameters. */
  getPeriod?(fact: z.output<Own>, reportedOn: string | null): Period | null;
  /** Returns the position on a map. Collections without it have no map format. */
  getPoint?(fact: z.output<Own>): Point | null;
  /** Returns the details for calendars. Needs `getPeriod`; collections without it have no calendar format. */
  getCalendarDetails?(fact: z.output<Own>): CalendarDetails;
  /** Fields that change with the world: a later document may develop them without correcting this one. */
  developableFields?: string[];
  /** Fields that need no evidence, because they belong to other fields that have it. */
  evidenceExemptFields?: string[];
  /** Paths of fields with literal words of the source, which are removed when its text is redacted. */
  verbatimFields?: string[];
  /** Field path → column name in tables, where that is neither the name of its filter nor the path itself. */
  columnNames?: Record<string, string>;
  /** Field that may name a group of countries: tables can have a row for each member of the group instead. */
  expandableField?: string;
  /** Mapping to schema.org; without it, linked data uses only the project's own vocabulary. */
  linkedData?: LinkedData<z.output<Own>>;
  /** Returns the content of a statement, for types that appear in feeds and as quotations. */
  getStatementContent?(fact: z.output<Own>): StatementContent;
  /** Checks rules between fields, and between fields and the words of the evidence. */
  checkRules?(fact: z.output<Own>, quotations: string[]): RuleViolation[];
  /** Id of a fact of the first dossier, for the examples in the documentation. */
  exampleId: string;
  /** False only for documents, because they are the source itself. */
  hasEvidence?: false;
}

export interface FactType<Own extends z.ZodObject = z.ZodObject> extends FactTypeDefinition<Own> {
  /** Name in the OpenAPI document: `BattleGroupDeployment`. */
  componentName: string;
  /** Plural name in the OpenAPI document: `BattleGroupDeployments`. */
  pluralComponentName: string;
  /** Name in sentences: `battle group deployment`. */
  noun: string;
  /** Heading of the type's operations: `Battle group deployments`. */
  title: string;
  /** Names of the own top-level fields. */
  fieldNames: string[];
  namingFields: string[];
  /** Own leaf fields by path. */
  fieldsByPath: Map<string, Field>;
  /** Paths of the own leaf fields that are references. */
  referencePaths: string[];
  /** Filter parameter → field: the common filters, then the type's own. */
  filterFields: Map<string, Field>;
  /** Paths of the fields that are filters, sorts or references. */
  indexedPaths: string[];
  /** Names of the filters whose values can be counted: the type's own, then the common ones. */
  facetNames: string[];
  /** Schema of a parameter with `facetNames`. */
  facetSchema: Vocabulary;
  /** Schema of the sort parameter. */
  sortSchema: Vocabulary;
}

/** Sorts that every collection has. */
const COMMON_SORTS = ['id', 'label', 'reportedOn'];

/** Completes a declaration. Throws for an inconsistent one, which is a programming error. */
export function defineFactType<Own extends z.ZodObject>(definition: FactTypeDefinition<Own>): FactType<Own> {
  const fieldsByPath = new Map(extractFields(definition.schema).map((field) => [field.path, field]));
  for (const path of [
    ...Object.values(definition.filters),
    ...definition.sorts,
    ...(definition.verbatimFields ?? []),
    ...Object.keys(definition.columnNames ?? {}),
  ]) {
    if (!fieldsByPath.has(path)) throw new Error(`${definition.type}: field ${path} is not in the schema`);
  }
  for (const facet of definition.facets) {
    if (!(facet in definition.filters)) throw new Error(`${definition.type}: facet ${facet} is not a filter`);
  }
  for (const name of [...(definition.namingFields ?? []), ...(definition.developableFields ?? [])]) {
    if (!(name in definition.schema.shape))
      throw new Error(`${definition.type}: field ${name} is not in the schema`);
  }
  if (definition.getCalendarDetails && !definition.getPeriod)
    throw new Error(`${definition.type}: getCalendarDetails requires getPeriod`);
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
    namingFields: definition.namingFields ?? fieldNames,
    fieldsByPath,
    filterFields,
    indexedPaths: [...new Set([...filterPaths, ...definition.sorts, ...referencePaths])],
    facetNames,
    facetSchema: closedVocabulary(
      `${componentName}FacetField`,
      facetNames as [string, ...string[]],
      'Filter whose values are counted.',
      facetNames.map(pascalCase),
    ),
    sortSchema: createSortSchema(componentName, [...new Set([...COMMON_SORTS, ...definition.sorts])]),
    referencePaths,
  };
}

/** Creates the vocabulary of the sort parameter: each field ascending, and descending with a leading `-`. */
function createSortSchema(componentName: string, paths: string[]): Vocabulary {
  const values = [...paths, ...paths.map((field) => `-${field}`)];
  const memberNames = [...paths.map(pascalCase), ...paths.map((field) => `${pascalCase(field)}Descending`)];
  const description = 'Field to sort by, in ascending order; a leading - means descending order.';
  return closedVocabulary(`${componentName}Sort`, values as [string, ...string[]], description, memberNames);
}

/**
 * Returns the days between two dates at their precision: a month is from its first day to its last. If one
 * date is null, the other is used for both.
 */
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
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(`${day.slice(0, 7)}-01`);
  date.setUTCMonth(date.getUTCMonth() + 1, 0);
  return date.toISOString().slice(0, 10);
}
