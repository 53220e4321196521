/** One fact of a dossier, held against its form and the source. */
import type * as z from 'zod';
import { findUnsupportedFields } from '../model/amendments.ts';
import { Quotation, type StoredEvidence } from '../model/evidence.ts';
import { type FactBody, hasValue } from '../model/fact-body.ts';
import type { AuthoredResult, FactType, ResolvedQuotation } from '../model/fact-type.ts';
import type { Reference } from '../model/fields.ts';
import { isQuoted } from '../model/quotation-marks.ts';
import { getAllowedKeys } from '../model/schema-fields.ts';
import { getContext, type SourceText, type TextRange } from '../model/source-text.ts';
import { factTypesByName } from '../model/types/index.ts';
import type { ValuePath } from './parse-yaml.ts';
import type { QuotationResolver } from './quotation-resolver.ts';
import { factSchemasByType } from './schema.ts';
import type { ProblemCollector } from './validation-errors.ts';

/** What the checks share: the source, where problems go, and how quotations are found. */
export interface ValidationContext {
  /** The id of the dossier, which is its document's. */
  dossierId: string;
  source: SourceText;
  collector: ProblemCollector;
  quotationResolver: QuotationResolver;
}

export interface ValidatedFact extends Reference {
  body: FactBody;
}

/** The value in the form of `schema`, or null and its problems. */
export function parseWithSchema<S extends z.ZodType>(
  { collector }: ValidationContext,
  schema: S,
  value: unknown,
  path: ValuePath,
): z.output<S> | null {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const issuePath = [...path, ...(issue.path as (string | number)[])];
    if (issue.code === 'unrecognized_keys') {
      const allowedKeys = getAllowedKeys(schema, issue.path).join(', ');
      for (const key of issue.keys) {
        collector.add(
          'unknown-field',
          [...issuePath, key],
          `there is no field ${key}; allowed are ${allowedKeys}`,
        );
      }
    } else if (issue.code === 'invalid_type' && issue.input === undefined) {
      collector.add('invalid-field', issuePath, `${issuePath.at(-1)} is missing`);
    } else {
      collector.add('invalid-field', issuePath, `${issuePath.at(-1) ?? 'the dossier'}: ${issue.message}`);
    }
  }
  return null;
}

export function validateFact(
  context: ValidationContext,
  value: unknown,
  path: ValuePath,
): ValidatedFact | null {
  const { type } = (value ?? {}) as { type?: unknown };
  const schema = factSchemasByType.get(type as string);
  const factType = factTypesByName.get(type as string);
  if (!schema || !factType) {
    const allowedTypes = [...factSchemasByType.keys()].join(', ');
    const givenType = JSON.stringify(type) ?? 'none';
    context.collector.add(
      'invalid-field',
      [...path, 'type'],
      `type ${givenType} is not one of ${allowedTypes}`,
    );
    return null;
  }
  const authoredFact = parseWithSchema(context, schema, value, path);
  if (!authoredFact) {
    resolveQuotations(context, value, path);
    return null;
  }
  const { type: _, id, accordingTo, evidence, inferences, ...fields } = authoredFact;
  const quotedEvidence = evidence.map(({ supports, ...quotation }, index) => {
    const evidencePath = ['evidence', index];
    return {
      span: resolveQuotation(context, quotation, [...path, ...evidencePath])?.span,
      supports,
      path: evidencePath,
    };
  });
  const authoredResult = buildOwnFields(context, factType, fields, path);
  if (!authoredResult) return null;
  const { ownFields } = authoredResult;
  const allEvidence = [...authoredResult.evidence, ...quotedEvidence];
  const storedEvidence = allEvidence.flatMap(({ span, supports }) =>
    span ? [toStoredEvidence(context, span, supports)] : [],
  );
  const quotes = storedEvidence.map(({ exact }) => exact);
  for (const violation of [
    ...authoredResult.violations,
    ...(factType.checkRules?.(ownFields, quotes) ?? []),
  ]) {
    context.collector.add('invalid-field', [...path, ...violation.path], violation.message);
  }
  const supportLists = [
    ...allEvidence.map(({ supports, path: evidencePath }) => ({
      names: supports,
      listPath: [...evidencePath, 'supports'],
    })),
    ...inferences.map(({ fields }, index) => ({ names: fields, listPath: ['inferences', index, 'fields'] })),
  ];
  validateFieldSupport(context, factType, ownFields, supportLists, path);
  return {
    type: factType.type,
    id,
    body: { ...ownFields, accordingTo, evidence: storedEvidence, inferences },
  };
}

/** The own fields as answers have them, and the evidence that stood among them. */
function buildOwnFields(
  context: ValidationContext,
  { authoredForm }: FactType,
  fields: Record<string, unknown>,
  path: ValuePath,
): AuthoredResult<z.ZodObject> | null {
  if (!authoredForm) return { ownFields: fields, evidence: [], violations: [] };
  return authoredForm.convert(fields as never, (quotation, quotationPath) =>
    resolveQuotation(context, quotation, [...path, ...quotationPath]),
  );
}

/** A fact whose form is wrong still has its quotations looked for, so that all its problems come at once. */
function resolveQuotations({ quotationResolver }: ValidationContext, value: unknown, path: ValuePath): void {
  for (const [name, list] of Object.entries(value ?? {})) {
    for (const [index, each] of (Array.isArray(list) ? list : []).entries()) {
      const { quote, prefix, suffix } = (each ?? {}) as Record<string, unknown>;
      const quotation = Quotation.safeParse({ quote, prefix, suffix });
      if (quotation.success) quotationResolver.resolve(quotation.data, [...path, name, index]);
    }
  }
}

/** Invariants 1 and 2: at least one span (the schema sees to that), and each literally in the source. */
export function resolveQuotation(
  { source, quotationResolver }: ValidationContext,
  quotation: Quotation,
  path: ValuePath,
): ResolvedQuotation | null {
  const range = quotationResolver.resolve(quotation, path);
  if (!range) return null;
  const span = { ...toCodePointRange(source, range), exact: quotation.quote, ...getContext(source, range) };
  return { span, isQuoted: () => isQuoted(source.text, range) };
}

const toCodePointRange = (source: SourceText, { start, end }: TextRange): TextRange => ({
  start: source.toCodePointOffset(start),
  end: source.toCodePointOffset(end),
});

/** Invariant 3: every filled own field is carried, and nothing empty is said to be. */
export function validateFieldSupport(
  { collector }: ValidationContext,
  factType: FactType,
  ownFields: Record<string, unknown>,
  supportLists: { names: string[]; listPath: ValuePath }[],
  path: ValuePath,
): void {
  for (const { names, listPath } of supportLists) {
    for (const [index, name] of names.entries()) {
      if (hasValue(ownFields[name])) continue;
      collector.add(
        'empty-field',
        [...path, ...listPath, index],
        `${name} is empty, so nothing can carry it`,
      );
    }
  }
  const supportedNames = supportLists.flatMap((list) => list.names);
  for (const name of findUnsupportedFields(factType, ownFields, supportedNames)) {
    const message = `${name} is carried by no evidence (supports) and no inference (fields)`;
    collector.add('unsupported-field', [...path, name], message);
  }
}

/** A place in the source as evidence of the dossier's document. */
export function toStoredEvidence(
  { dossierId }: ValidationContext,
  span: ResolvedQuotation['span'],
  supports: string[],
): StoredEvidence {
  return { document: { type: 'document', id: dossierId }, ...span, supports };
}
