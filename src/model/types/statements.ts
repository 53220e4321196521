import * as z from 'zod';
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
  'content: what is said; cue: the words that say that it is said; source: who says it.',
);
const quotedSchema = z
  .boolean()
  .describe('Whether the content stands inside quotation marks, which are left out.');

const StatementPart = z
  .strictObject({
    role: roleSchema,
    quoted: quotedSchema,
    start: z.int().min(0).describe('Where the part begins in its document, in Unicode code points.'),
    end: z.int().min(0).describe('Where it ends, exclusive.'),
    exact: z.string().describe('The very words.'),
  })
  .meta({ id: 'StatementPart', description: 'A stretch of the document that makes a part of a statement.' });

const Statement = z.strictObject({
  speakers: list(actor()).describe('Who says it; nobody in what the document says itself.'),
  mode: closedVocabulary(
    'StatementMode',
    ['direct', 'mixed', 'indirect', 'narrative'],
    'direct: the words are quoted; mixed: quoted fragments in reported speech; indirect: reported speech; ' +
      "narrative: the document's own assessment.",
  ),
  text: z
    .string()
    .describe('What is said: the content parts in the order of the document, joined by a space.'),
  cue: z.string().nullable().describe('The words that say that it is said, such as said or warned.'),
  parts: z.array(StatementPart).describe('Where in the document content, cue and source stand.'),
  modality: list(
    closedVocabulary(
      'Modality',
      ['conditional', 'probable', 'possible', 'necessary', 'negative', 'future'],
      'How the content is meant, where words of it mark that.',
    ),
  ),
  addressees: list(actor()).describe('To whom it is said, if the text says.'),
  about: list(reference()).describe('The facts that it is about.'),
  topics: list(text(100)),
  event: nullable(reference('event')).describe('The event at which it was said.'),
  saidOn: nullable(day()),
});

/** A statement as a dossier gives it: text and cue follow from the parts, and the parts are quotations. */
const authoredStatementSchema = Statement.omit({ text: true, cue: true }).extend({
  parts: z
    .array(
      Quotation.extend({
        role: roleSchema,
        quoted: quotedSchema.default(false),
        supports: z
          .array(z.enum(Object.keys(Statement.shape) as [string, ...string[]]))
          .default([])
          .describe('Fields that these words carry, beside those that every such part carries.'),
      }),
    )
    .min(1, 'needs the words that are said')
    .describe('The words of the source that are content, cue and source of the statement.'),
});

export const statements = defineFactType({
  type: 'statement',
  collection: 'statements',
  summary: "Quotations, reported sayings and the documents' own assessments",
  schema: Statement,
  authoredForm: { schema: authoredStatementSchema, convert: buildStatement },
  getLabel: ({ speakers, text }, resolveLabel) =>
    truncate([...speakers.map(resolveLabel), ''].join(': ') + text, 120),
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

/** Whether some of the words are the speaker's own. */
const isQuotationMode = (mode: string): boolean => mode === 'direct' || mode === 'mixed';

type AuthoredStatement = z.output<typeof authoredStatementSchema>;

/** The statement with its parts in the order of the document, and the evidence that they are; null if one is nowhere. */
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
      ? 'stands inside quotation marks: say quoted: true, and give each quoted fragment a part of its own'
      : 'is said to be quoted, and does not stand inside quotation marks';
    return [{ path, message }];
  });
  return { ownFields, evidence, violations };
}

function checkParts(statement: z.output<typeof Statement>): RuleViolation[] {
  const message = findPartsError(statement);
  return message === null ? [] : [{ path: ['parts'], message }];
}

/** Double marks at either end, or single ones at both: one alone may be an apostrophe. */
const OUTER_QUOTATION_MARKS =
  /^["\u201c\u201d\u201e\u00ab\u00bb]|["\u201c\u201d\u201e\u00ab\u00bb]$|^['\u2018\u201a].*['\u2019]$/s;

/** What is wrong between the parts of a statement and the rest of it, if anything is. */
function findPartsError({ mode, speakers, parts }: z.output<typeof Statement>): string | null {
  const contentParts = parts.filter(({ role }) => role === 'content');
  const quotedParts = contentParts.filter((part) => part.quoted);
  const sourcePart = parts.find(({ role }) => role === 'source');
  if (contentParts.length === 0) return 'need a content part: the words that are said';
  if (parts.some((part) => part.quoted && part.role !== 'content')) return 'only content can be quoted';
  const markedPart = contentParts.find(({ exact }) => OUTER_QUOTATION_MARKS.test(exact));
  if (markedPart)
    return `leave out the quotation marks of ${formatPart(markedPart)}; quoted says that they are there`;
  const overlappingPart = parts.find((part, index) => part.start < (parts[index - 1]?.end ?? 0));
  if (overlappingPart) return `must not overlap, and ${formatPart(overlappingPart)} does`;
  if (mode === 'direct' && quotedParts.length < contentParts.length)
    return 'direct means that all content is quoted';
  if (mode === 'mixed' && quotedParts.length === 0) return 'mixed means that some of the content is quoted';
  if (mode !== 'direct' && mode !== 'mixed' && quotedParts.length > 0)
    return `${mode} means that nothing is quoted`;
  if (mode === 'narrative' && (speakers.length > 0 || sourcePart)) {
    return 'narrative is what the document says itself, without speakers and source';
  }
  if (sourcePart && speakers.length === 0) return `speakers must name whom ${formatPart(sourcePart)} means`;
  return null;
}

const formatPart = ({ exact }: { exact: string }) => JSON.stringify(truncate(exact, 60));
