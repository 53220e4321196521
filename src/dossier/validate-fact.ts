/** Validation of one fact against its schema and the source. */
import type * as z from 'zod';
import { formatSuggestion } from '../lib/suggest.ts';
import { findUnsupportedFields } from '../model/amendments.ts';
import { Quotation, type StoredEvidence } from '../model/evidence.ts';
import { type FactBody, hasValue } from '../model/fact-body.ts';
import type { AuthoredResult, FactType, ResolvedQuotation } from '../model/fact-type.ts';
import type { Reference } from '../model/fields.ts';
import { isQuoted } from '../model/quotation-marks.ts';
import { getContext, type SourceText, type TextRange } from '../model/source-text.ts';
import { factTypesByName } from '../model/types/index.ts';
import { describeIssue } from './describe-issue.ts';
import type { ValuePath } from './parse-yaml.ts';
import type { QuotationResolver } from './quotation-resolver.ts';
import { factSchemasByType } from './schema.ts';
import type { ProblemCollector } from './validation-errors.ts';

/** Values that all validators of one dossier share. */
export interface ValidationContext {
  /** Id of the dossier and of its document. */
  dossierId: string;
  source: SourceText;
  collector: ProblemCollector;
  quotationResolver: QuotationResolver;
  /** Facts that the schema of their type rejects, with their valid fields, whose references are checked too. */
  rejectedFacts: RejectedFact[];
}

export interface RejectedFact {
  type: string;
  fields: Record<string, unknown>;
  path: ValuePath;
}

export interface ValidatedFact extends Reference {
  body: FactBody;
}

/** Parses `value` with `schema`; returns null after reporting the problems. */
export function parseWithSchema<S extends z.ZodType>(
  { collector }: ValidationContext,
  schema: S,
  value: unknown,
  path: ValuePath,
): z.output<S> | null {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    for (const { code, path: issuePath, message } of describeIssue(schema, issue))
      collector.add(code, [...path, ...issuePath], message);
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
    context.collector.add('invalid-field', [...path, 'type'], describeUnknownType(value, type));
    resolveQuotations(context, value, path);
    return null;
  }
  const authoredFact = parseWithSchema(context, schema, value, path);
  if (!authoredFact) {
    resolveQuotations(context, value, path);
    context.rejectedFacts.push({ type: factType.type, fields: parseValidFields(schema, value), path });
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

function describeUnknownType(fact: unknown, type: unknown): string {
  const allowedTypes = [...factSchemasByType.keys()];
  if (fact === null || typeof fact !== 'object' || Array.isArray(fact))
    return 'a fact must be a mapping with type, id and the fields of its type, such as {type: country, id: latvia, ...}';
  if (type === undefined || type === null) return `type is missing; write one of ${allowedTypes.join(', ')}`;
  const suggestion = typeof type === 'string' ? formatSuggestion(type, allowedTypes) : '';
  return `type ${JSON.stringify(type)} is not one of ${allowedTypes.join(', ')}${suggestion}`;
}

/** Converts authored fields to the form of responses, and returns the evidence that was among them. */
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

/** Returns those top-level fields of a rejected fact that are valid by themselves. */
function parseValidFields(schema: z.ZodObject, value: unknown): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, fieldSchema] of Object.entries(schema.shape)) {
    const result = (fieldSchema as z.ZodType).safeParse((value as Record<string, unknown>)[name]);
    if (result.success) fields[name] = result.data;
  }
  return fields;
}

/** Resolves the quotations of a fact that its schema rejects, so that all its problems come at once. */
function resolveQuotations({ quotationResolver }: ValidationContext, value: unknown, path: ValuePath): void {
  for (const [name, list] of Object.entries(value ?? {})) {
    for (const [index, each] of (Array.isArray(list) ? list : []).entries()) {
      const { quote, prefix, suffix } = (each ?? {}) as Record<string, unknown>;
      const quotation = Quotation.safeParse({ quote, prefix, suffix });
      if (quotation.success) quotationResolver.resolve(quotation.data, [...path, name, index]);
    }
  }
}

/** Checks invariant 2: the span is literally in the source. The schema checks invariant 1, at least one. */
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

/** Checks invariant 3: every filled own field is supported, and no empty field is named as supported. */
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
        `${name} is empty, so nothing can support it: fill it, or remove it from this list`,
      );
    }
  }
  const supportedNames = supportLists.flatMap((list) => list.names);
  for (const name of findUnsupportedFields(factType, ownFields, supportedNames)) {
    const message = `no evidence or inference supports ${name}: name it in supports of a quotation or in fields of an inference`;
    collector.add('unsupported-field', [...path, name], message);
  }
}

/** Converts a span of the source to evidence that cites the dossier's document. */
export function toStoredEvidence(
  { dossierId }: ValidationContext,
  span: ResolvedQuotation['span'],
  supports: string[],
): StoredEvidence {
  return { document: { type: 'document', id: dossierId }, ...span, supports };
}
