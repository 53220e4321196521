import * as z from 'zod';
import { pluralize } from '../../lib/numbers.ts';
import { Quotation } from '../evidence.ts';
import {
  type AuthoredResult,
  defineFactType,
  type ResolveQuotation,
  type RuleViolation,
  toPeriod,
} from '../fact-type.ts';
import { actor, closedVocabulary, day, list, nullable, reference, text, truncate } from '../fields.ts';

const roleSchema = closedVocabulary(
  'StatementPartRole',
  ['content', 'cue', 'source'],
  'Role of the part. content: what is said; cue: the verb or phrase that reports it; source: who says it.',
);
const quotedSchema = z
  .boolean()
  .describe('True if the content is inside quotation marks. The marks themselves are left out.');

const StatementPart = z
  .strictObject({
    role: roleSchema,
    quoted: quotedSchema,
    start: z.int().min(0).describe('Start of the part in its document, in Unicode code points from 0.'),
    end: z.int().min(0).describe('End of the part, exclusive, in Unicode code points.'),
    exact: z.string().describe('Exact words of the part.'),
  })
  .meta({ id: 'StatementPart', description: 'Span of the document that is part of a statement.' });

const Statement = z.strictObject({
  speakers: list(actor()).describe("Actors who say it; empty for the document's own assessment."),
  mode: closedVocabulary(
    'StatementMode',
    ['direct', 'mixed', 'indirect', 'narrative'],
    'Form of the statement. direct: the words are quoted; mixed: quoted fragments in reported speech; ' +
      "indirect: reported speech; narrative: the document's own assessment.",
  ),
  text: z.string().describe('What is said: the content parts in document order, joined by spaces.'),
  cue: z.string().nullable().describe('Words that report the statement, such as said or warned.'),
  parts: z.array(StatementPart).describe('Content, cue and source of the statement in the document.'),
  modality: list(
    closedVocabulary(
      'Modality',
      ['conditional', 'probable', 'possible', 'necessary', 'negative', 'future'],
      'Modality of the content, as its words mark it.',
    ),
  ),
  addressees: list(actor()).describe('Actors to whom it is said, if the text names them.'),
  about: list(reference()).describe('Facts that the statement is about, of any type.'),
  topics: list(text(100)).describe('Keywords.'),
  event: nullable(reference('event')).describe('Event at which it was said.'),
  saidOn: nullable(day()).describe('Day on which it was said.'),
});

/** Statement in a dossier: the parts are quotations, and `text` and `cue` are built from them. */
const authoredStatementSchema = Statement.omit({ text: true, cue: true }).extend({
  parts: z
    .array(
      Quotation.extend({
        role: roleSchema,
        quoted: quotedSchema.default(false),
        supports: z
          .array(z.enum(Object.keys(Statement.shape) as [string, ...string[]]))
          .default([])
          .describe(
            'Fields that the words support, in addition to those that every part of this role supports.',
          ),
      }),
    )
    .min(1, 'must have at least one part, with the words that are said')
    .describe('Words of the source that are content, cue and source of the statement.'),
});

export const statements = defineFactType({
  type: 'statement',
  collection: 'statements',
  summary: "Quotations, reported speech and the documents' own assessments",
  schema: Statement,
  authoredForm: { schema: authoredStatementSchema, convert: buildStatement },
  getLabel: ({ speakers, text }, resolveLabel) =>
    truncate([...speakers.map(resolveLabel), ''].join(': ') + text, 120),
  namingFields: ['text'],
  filters: {
    speaker: 'speakers',
    mode: 'mode',
    modality: 'modality',
    addressee: 'addressees',
    about: 'about',
    topic: 'topics',
    event: 'event',
    cue: 'cue',
  },
  sorts: ['mode', 'saidOn', 'text'],
  facets: ['speaker', 'mode', 'modality', 'addressee', 'about', 'topic', 'event', 'cue'],
  getPeriod: ({ saidOn }) => toPeriod(saidOn, null, 'day'),
  getStatementContent: ({ parts, speakers, topics }) => ({
    passages: parts.filter(({ role }) => role === 'content'),
    speakers,
    topics,
  }),
  verbatimFields: ['text', 'cue', 'parts.exact'],
  checkRules: checkParts,
  columnNames: {
    'parts.role': 'part_role',
    'parts.quoted': 'part_quoted',
    'parts.start': 'part_start',
    'parts.end': 'part_end',
    'parts.exact': 'part',
  },
  linkedData: {
    classes: ({ mode }) => (isQuotationMode(mode) ? 'Quotation' : 'Claim'),
    properties: {
      speakers: 'creator',
      text: 'text',
      about: 'about',
      topics: 'keywords',
      saidOn: 'dateCreated',
    },
    getAdditionalProperties: ({ mode, speakers }, { createNode, documents }) => ({
      isPartOf: documents,
      ...(isQuotationMode(mode)
        ? { spokenByCharacter: speakers.map(createNode) }
        : { appearance: documents }),
    }),
  },
  exampleId: 'stoltenberg-use-of-chemical-weapons',
});

/** True if some of the words are the speaker's own. */
const isQuotationMode = (mode: string): boolean => mode === 'direct' || mode === 'mixed';

type AuthoredStatement = z.output<typeof authoredStatementSchema>;

/** Builds a statement with parts in document order, and its evidence. Returns null if a part is not found. */
function buildStatement(
  { parts, ...authoredFields }: AuthoredStatement,
  resolveQuotation: ResolveQuotation,
): AuthoredResult<typeof Statement> | null {
  const resolvedParts = parts.flatMap((part, index) => {
    const path = ['parts', index];
    const resolved = resolveQuotation(part, path);
    return resolved
      ? [
          {
            ...part,
            span: resolved.span,
            isInQuotationMarks: part.role === 'content' ? resolved.isQuoted() : null,
            path,
          },
        ]
      : [];
  });
  if (resolvedParts.length < parts.length) return null;
  resolvedParts.sort((a, b) => a.span.start - b.span.start);
  const joinWords = (role: string) =>
    resolvedParts.flatMap((part) => (part.role === role ? [part.span.exact] : [])).join(' ');
  const { speakers, mode, ...otherFields } = authoredFields;
  const ownFields = {
    speakers,
    mode,
    text: joinWords('content'),
    cue: joinWords('cue') || null,
    parts: resolvedParts.map(({ role, quoted, span: { start, end, exact } }) => ({
      role,
      quoted,
      start,
      end,
      exact,
    })),
    ...otherFields,
  };
  const supportsByRole = {
    content:
      otherFields.modality.length > 0 ? ['mode', 'text', 'parts', 'modality'] : ['mode', 'text', 'parts'],
    cue: ['mode', 'cue', 'parts'],
    source: speakers.length > 0 ? ['speakers', 'parts'] : ['parts'],
  };
  const evidence = resolvedParts.map(({ role, supports, span, path }) => ({
    span,
    supports: [...new Set([...supportsByRole[role], ...supports])],
    path,
  }));
  const violations = resolvedParts.flatMap(({ quoted, isInQuotationMarks, path }) => {
    if (isInQuotationMarks === null || isInQuotationMarks === quoted) return [];
    const message = isInQuotationMarks
      ? 'is inside quotation marks: set quoted: true, and make each quoted fragment a separate part'
      : 'must not be quoted: true, because it is not inside quotation marks';
    return [{ path, message }];
  });
  return { ownFields, evidence, violations };
}

function checkParts(statement: z.output<typeof Statement>): RuleViolation[] {
  const message = findPartsError(statement);
  return message === null ? [] : [{ path: ['parts'], message }];
}

/** Double quotation marks at either end, or single ones at both ends: one alone may be an apostrophe. */
const OUTER_QUOTATION_MARKS =
  /^["\u201c\u201d\u201e\u00ab\u00bb]|["\u201c\u201d\u201e\u00ab\u00bb]$|^['\u2018\u201a].*['\u2019]$/s;

/** Returns the first inconsistency between the parts of a statement and its other fields, or null. */
function findPartsError({ mode, speakers, parts }: z.output<typeof Statement>): string | null {
  const contentParts = parts.filter(({ role }) => role === 'content');
  const quotedParts = contentParts.filter((part) => part.quoted);
  const sourcePart = parts.find(({ role }) => role === 'source');
  if (contentParts.length === 0) return 'must have a content part: the words that are said';
  if (parts.some((part) => part.quoted && part.role !== 'content')) return 'only content can be quoted: true';
  const markedParts = contentParts.filter(({ exact }) => OUTER_QUOTATION_MARKS.test(exact));
  if (markedParts.length > 0)
    return `leave out the quotation marks of ${markedParts.map(formatPart).join(', ')}; quoted: true stands for them`;
  const overlappingParts = parts.filter((part, index) => part.start < (parts[index - 1]?.end ?? 0));
  if (overlappingParts.length > 0) {
    const names = overlappingParts.map(formatPart).join(', ');
    return `must not overlap; ${names} ${pluralize(overlappingParts.length, 'overlaps', 'overlap')} the part before`;
  }
  if (mode === 'direct' && quotedParts.length < contentParts.length)
    return 'mode direct requires quoted: true on all content parts';
  if (mode === 'mixed' && quotedParts.length === 0)
    return 'mode mixed requires quoted: true on at least one content part';
  if (mode !== 'direct' && mode !== 'mixed' && quotedParts.length > 0)
    return `mode ${mode} allows no part with quoted: true`;
  if (mode === 'narrative' && (speakers.length > 0 || sourcePart)) {
    return "mode narrative is the document's own assessment: it allows no speakers and no source part";
  }
  if (sourcePart && speakers.length === 0)
    return `speakers must name the actor that ${formatPart(sourcePart)} means`;
  return null;
}

const formatPart = ({ exact }: { exact: string }) => JSON.stringify(truncate(exact, 60));
