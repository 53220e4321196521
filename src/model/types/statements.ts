import * as z from 'zod';
import { Quotation } from '../evidence.ts';
import { type Locate, type Made, periodOf, type RuleBreach, resource } from '../fact-type.ts';
import { actor, day, list, nullable, reference, shortened, text, vocabulary } from '../fields.ts';

const role = vocabulary(
  'StatementPartRole',
  ['content', 'cue', 'source'],
  'content: what is said; cue: the words that say that it is said; source: who says it.',
);
const quoted = z.boolean().describe('Whether the content stands inside quotation marks, which are left out.');

const Part = z
  .strictObject({
    role,
    quoted,
    start: z.int().min(0).describe('Where the part begins in its document, in Unicode code points.'),
    end: z.int().min(0).describe('Where it ends, exclusive.'),
    exact: z.string().describe('The very words.'),
  })
  .meta({ id: 'StatementPart', description: 'A stretch of the document that makes a part of a statement.' });

const Statement = z.strictObject({
  speakers: list(actor()).describe('Who says it; nobody in what the document says itself.'),
  mode: vocabulary(
    'StatementMode',
    ['direct', 'mixed', 'indirect', 'narrative'],
    'direct: the words are quoted; mixed: quoted fragments in reported speech; indirect: reported speech; ' +
      "narrative: the document's own assessment.",
  ),
  text: z
    .string()
    .describe('What is said: the content parts in the order of the document, joined by a space.'),
  cue: z.string().nullable().describe('The words that say that it is said, such as said or warned.'),
  parts: z.array(Part).describe('Where in the document content, cue and source stand.'),
  modality: list(
    vocabulary(
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
const authoredStatement = Statement.omit({ text: true, cue: true }).extend({
  parts: z
    .array(
      Quotation.extend({
        role,
        quoted: quoted.default(false),
        supports: z
          .array(z.enum(Object.keys(Statement.shape) as [string, ...string[]]))
          .default([])
          .describe('Fields that these words carry, beside those that every such part carries.'),
      }),
    )
    .min(1, 'needs the words that are said')
    .describe('The words of the source that are content, cue and source of the statement.'),
});

export const statements = resource({
  type: 'statement',
  collection: 'statements',
  summary: "Quotations, reported sayings and the documents' own assessments",
  schema: Statement,
  authoring: { schema: authoredStatement, make: statementFrom },
  label: ({ speakers, text }, name) => shortened([...speakers.map(name), ''].join(': ') + text, 120),
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
  period: ({ saidOn }) => periodOf(saidOn, null, 'day'),
  saying: ({ parts, speakers, topics }) => ({
    words: parts.filter(({ role }) => role === 'content'),
    speakers,
    topics,
  }),
  literal: ['text', 'cue', 'parts.exact'],
  rules: partsFit,
  columns: {
    'parts.role': 'part_role',
    'parts.quoted': 'part_quoted',
    'parts.start': 'part_start',
    'parts.end': 'part_end',
    'parts.exact': 'part',
  },
  linkedData: {
    class: ({ mode }) => (isQuotation(mode) ? 'Quotation' : 'Claim'),
    properties: {
      speakers: 'creator',
      text: 'text',
      about: 'about',
      topics: 'keywords',
      saidOn: 'dateCreated',
    },
    also: ({ mode, speakers }, { refer, documents }) => ({
      isPartOf: documents,
      ...(isQuotation(mode) ? { spokenByCharacter: speakers.map(refer) } : { appearance: documents }),
    }),
  },
  example: 'stoltenberg-use-of-chemical-weapons',
});

/** Whether some of the words are the speaker's own. */
const isQuotation = (mode: string): boolean => mode === 'direct' || mode === 'mixed';

type Authored = z.output<typeof authoredStatement>;

/** The statement with its parts in the order of the document, and the evidence that they are; null if one is nowhere. */
function statementFrom({ parts, ...given }: Authored, locate: Locate): Made<typeof Statement> | null {
  const placed = parts.flatMap((part, index) => {
    const at = ['parts', index];
    const found = locate(part, at);
    return found
      ? [{ ...part, place: found.place, stands: part.role === 'content' ? found.quoted() : null, at }]
      : [];
  });
  if (placed.length < parts.length) return null;
  placed.sort((a, b) => a.place.start - b.place.start);
  const words = (role: string) =>
    placed.flatMap((part) => (part.role === role ? [part.place.exact] : [])).join(' ');
  const { speakers, mode, ...rest } = given;
  const own = {
    speakers,
    mode,
    text: words('content'),
    cue: words('cue') || null,
    parts: placed.map(({ role, quoted, place: { start, end, exact } }) => ({
      role,
      quoted,
      start,
      end,
      exact,
    })),
    ...rest,
  };
  const carried = {
    content: rest.modality.length > 0 ? ['mode', 'text', 'parts', 'modality'] : ['mode', 'text', 'parts'],
    cue: ['mode', 'cue', 'parts'],
    source: speakers.length > 0 ? ['speakers', 'parts'] : ['parts'],
  };
  const evidence = placed.map(({ role, supports, place, at }) => ({
    place,
    supports: [...new Set([...carried[role], ...supports])],
    at,
  }));
  const breaches = placed.flatMap(({ quoted, stands, at }) => {
    if (stands === null || stands === quoted) return [];
    const message = stands
      ? 'stands inside quotation marks: say quoted: true, and give each quoted fragment a part of its own'
      : 'is said to be quoted, and does not stand inside quotation marks';
    return [{ path: at, message }];
  });
  return { own, evidence, breaches };
}

function partsFit(statement: z.output<typeof Statement>): RuleBreach[] {
  const message = wrongWith(statement);
  return message === null ? [] : [{ path: ['parts'], message }];
}

/** Double marks at either end, or single ones at both: one alone may be an apostrophe. */
const MARKED =
  /^["\u201c\u201d\u201e\u00ab\u00bb]|["\u201c\u201d\u201e\u00ab\u00bb]$|^['\u2018\u201a].*['\u2019]$/s;

/** What is wrong between the parts of a statement and the rest of it, if anything is. */
function wrongWith({ mode, speakers, parts }: z.output<typeof Statement>): string | null {
  const content = parts.filter(({ role }) => role === 'content');
  const quoted = content.filter((part) => part.quoted);
  const source = parts.find(({ role }) => role === 'source');
  if (content.length === 0) return 'need a content part: the words that are said';
  if (parts.some((part) => part.quoted && part.role !== 'content')) return 'only content can be quoted';
  const marked = content.find(({ exact }) => MARKED.test(exact));
  if (marked) return `leave out the quotation marks of ${shown(marked)}; quoted says that they are there`;
  const overlapping = parts.find((part, index) => part.start < (parts[index - 1]?.end ?? 0));
  if (overlapping) return `must not overlap, and ${shown(overlapping)} does`;
  if (mode === 'direct' && quoted.length < content.length) return 'direct means that all content is quoted';
  if (mode === 'mixed' && quoted.length === 0) return 'mixed means that some of the content is quoted';
  if (mode !== 'direct' && mode !== 'mixed' && quoted.length > 0)
    return `${mode} means that nothing is quoted`;
  if (mode === 'narrative' && (speakers.length > 0 || source)) {
    return 'narrative is what the document says itself, without speakers and source';
  }
  if (source && speakers.length === 0) return `speakers must name whom ${shown(source)} means`;
  return null;
}

const shown = ({ exact }: { exact: string }) => JSON.stringify(shortened(exact, 60));
