/** Query parameters of lists, and their conversion to store filters. */
import * as z from 'zod';
import type { Format } from '../../formats/format.ts';
import { commaSeparated, describeUnknownParameter, flag, singleValue } from '../../http/params.ts';
import type { FactType } from '../../model/fact-type.ts';
import { closedVocabulary, FactId, formatList } from '../../model/fields.ts';
import { PARTIAL_DATE_PATTERN, parsePartialDate } from '../../model/partial-date.ts';
import { createFieldNameSchema } from '../../model/response-fields.ts';
import { factTypes } from '../../model/types/index.ts';
import type { Synonyms } from '../../search/synonyms.ts';
import type { ListQuery, Sort } from '../../store/queries/list.ts';
import type { ExpandedPosition } from '../service/expanded-list.ts';
import type { ListPosition, ListSelection } from '../service/facts.ts';
import { buildExcludeParameter } from './exclude-param.ts';
import { buildFieldParameter, buildRangeParameters } from './field-params.ts';
import { pageParameters } from './page-params.ts';
import { parseFilters } from './parse-filters.ts';
import { searchParam } from './search-params.ts';

const INVALID_DATE_MESSAGE = 'must be an existing day, month or year, written YYYY-MM-DD, YYYY-MM or YYYY';

const Include = closedVocabulary('Include', ['retracted'], 'Facts to include in addition to current ones.');

const PartialDate = z
  .string()
  .regex(PARTIAL_DATE_PATTERN, { error: INVALID_DATE_MESSAGE, abort: true })
  .refine((text) => parsePartialDate(text) !== null, INVALID_DATE_MESSAGE)
  .meta({ id: 'PartialDate', description: 'Day, month or year.', examples: ['2022-03-24'] });
export const includeParam = singleValue(Include)
  .optional()
  .describe(
    '`retracted` adds retracted facts, each with its revision and reason. Default: current facts only.',
  );

/** Returns the filter parameters that the lists, facets and exports of a fact type share. */
export function buildFilterParameters(factType: FactType) {
  const fieldParameters = [...factType.filterFields].map(
    ([name, field]) => [name, buildFieldParameter(field)] as const,
  );
  return z.strictObject({
    q: searchParam.optional(),
    ids: commaSeparated(FactId).optional().describe('Only facts with these ids.'),
    include: includeParam,
    ...(factType.hasEvidence === false && {
      document: commaSeparated(FactId).optional().describe('Only documents with these ids; same as `ids`.'),
    }),
    ...(factType.getPeriod && {
      from: singleValue(PartialDate).optional().meta({
        description:
          'Only facts whose period includes the first day of this date or a later one. Facts without a day do not match.',
        example: '2022-03-23',
      }),
      to: singleValue(PartialDate).optional().meta({
        description:
          'Only facts whose period includes the last day of this date or an earlier one. Facts without a day do not match.',
        example: '2022-03-24',
      }),
      on: singleValue(PartialDate).optional().meta({
        description:
          'Only facts whose period includes one of the days of this date. Facts without a day do not match.',
        example: '2022-03',
      }),
    }),
    ...Object.fromEntries(fieldParameters),
    ...buildRangeParameters(factType),
    exclude: buildExcludeParameter(factType),
  });
}

const Expand = closedVocabulary('Expand', ['members'], 'Expansion of facts about groups of countries.');

const expandParam = singleValue(Expand)
  .optional()
  .describe(
    'members: a fact about a group of countries becomes one row for each member, with an id of its own and a label that names ' +
      'the member; `via` names the fact, the group and the membership. Filters by the actor then match the member or the group. ' +
      'Alliances and unions are not expanded.',
  );

const expandableTypes = factTypes.filter(({ expandableField }) => expandableField !== undefined);
describeUnknownParameter(
  'expand',
  `expand=members is for ${formatList(expandableTypes.map(({ collection }) => collection))}, in lists and exports`,
);

/** Returns the parameter that selects the fields of a response. */
export const buildFieldsParameter = (factType: FactType) =>
  commaSeparated(createFieldNameSchema(factType))
    .optional()
    .meta({
      description:
        'Only these fields, and always `type`, `id`, `retracted`, `redacted` and `via`. The response lacks others that its ' +
        'schema requires. Default: all fields.',
      example: ['label', 'links'],
    });

/** Returns the list parameters without pagination. */
export function buildExportParameters(factType: FactType, defaultSort = 'id') {
  return z.strictObject({
    ...buildFilterParameters(factType).shape,
    ...(factType.expandableField !== undefined && { expand: expandParam }),
    sort: singleValue(factType.sortSchema)
      .default(defaultSort)
      .describe(
        `Field to sort by; a leading - sorts in descending order. Nulls come last. Default ${defaultSort}.`,
      ),
  });
}

/** Returns the parameters of an export: those of the list without pagination, and those of the format. */
export const buildFormatParameters = (
  factType: FactType,
  format: Pick<Format, 'defaultSort' | 'hasFields' | 'parameters'>,
): z.ZodObject =>
  z.strictObject({
    ...buildExportParameters(factType, format.defaultSort).shape,
    ...(format.hasFields && { fields: buildFieldsParameter(factType) }),
    ...format.parameters?.(factType),
  } as z.ZodRawShape);

/** Returns all parameters of a list. */
export function buildListParameters(factType: FactType) {
  return z.strictObject({
    ...buildExportParameters(factType).shape,
    fields: buildFieldsParameter(factType),
    count: singleValue(flag)
      .optional()
      .describe('`true` adds `meta.total`, the number of facts on all pages. Default false.'),
    ...pageParameters,
  });
}

export type ListParameters = z.output<ReturnType<typeof buildListParameters>> & Record<string, unknown>;

const PlainPosition: z.ZodType<ListPosition> = z.tuple([z.string().nullable(), z.string()]);
const PositionInFact: z.ZodType<ExpandedPosition> = z.tuple([
  z.string().nullable(),
  z.string(),
  z.string().nullable(),
]);

/** Returns the schema of the positions in the cursors of a list. */
export const getPositionSchema = ({
  expand,
}: {
  expand?: unknown;
}): z.ZodType<ListPosition | ExpandedPosition> => (expand === undefined ? PlainPosition : PositionInFact);

/** Converts the parameters of a list to a query without pagination. */
export const parseListQuery = (
  factType: FactType,
  parameters: Record<string, unknown> & { sort: string },
  synonyms: Synonyms,
): ListSelection & Pick<ListQuery, 'sort'> => ({
  ...parseFilterQuery(factType, parameters, synonyms),
  ...parseExpansion(parameters),
  sort: parseSort(parameters.sort),
});

/** Returns whether facts about groups become rows, as part of a list query. */
export const parseExpansion = (parameters: object): Pick<ListSelection, 'expand'> =>
  'expand' in parameters && parameters.expand !== undefined ? { expand: true } : {};

type FilterParameters = Pick<ListQuery, 'type' | 'filters' | 'includeRetracted'>;

/** Converts the parameters that select facts. */
export const parseFilterQuery = (
  factType: FactType,
  parameters: object,
  synonyms: Synonyms,
): FilterParameters => ({
  type: factType.type,
  filters: parseFilters(factType, parameters as Record<string, unknown>, synonyms),
  includeRetracted: 'include' in parameters && parameters.include !== undefined,
});

function parseSort(text: string): Sort {
  return text.startsWith('-')
    ? { field: text.slice(1), descending: true }
    : { field: text, descending: false };
}
