/**
 * Validation of a dossier against its source. Reports all problems at once, with positions; writes nothing.
 * ARCHITECTURE.md lists the five invariants; each has one function, here or in a file of this folder.
 */
import { formatCount } from '../lib/numbers.ts';
import type { Amendment } from '../model/amendments.ts';
import { measureCoverage } from '../model/coverage.ts';
import { refKey } from '../model/fact-body.ts';
import type { Reference } from '../model/fields.ts';
import { createSourceText, type SourceText, splitSentences } from '../model/source-text.ts';
import { type ParseResult, parseYaml } from './parse-yaml.ts';
import { QuotationResolver } from './quotation-resolver.ts';
import { DossierOutline, normalizeSections } from './schema.ts';
import { validateAmendments, validateRenames, validateRetractions } from './validate-amendments.ts';
import {
  parseWithSchema,
  type ValidatedFact,
  type ValidationContext,
  validateFact,
} from './validate-fact.ts';
import { type FindKnownFacts, validateReferences } from './validate-references.ts';
import { ProblemCollector, quoteForMessage, type ValidationProblem } from './validation-errors.ts';

/** Dossier as received: two texts and an id. */
export interface DossierFiles {
  /** Name of the folder, or id in the URL. The document's id must equal it. */
  id: string;
  facts: string;
  source: string;
}

export interface Retraction {
  fact: Reference;
  reason: string;
}

export interface Rename {
  from: Reference;
  to: Reference;
}

/** Content of a dossier, independent of its format. */
export interface DossierContent {
  id: string;
  publishedOn: string | null;
  /** All facts; the first one is the document itself. */
  facts: ValidatedFact[];
  amendments: Amendment[];
  retractions: Retraction[];
  renames: Rename[];
  /** Creates a problem for a valid dossier that does not fit the store, with its position in the dossier. */
  createProblem: ProblemCollector['createProblem'];
}

export interface ValidatedDossier extends DossierContent {
  /** Files as received, which the store keeps verbatim. */
  files: DossierFiles;
  /** All sections as authored. */
  sections: Record<string, unknown>;
  sha256: string;
  /** Share of the text's letters and digits that evidence touches, from 0 to 1. Computed on access. */
  readonly coverage: number;
}

export interface ValidationResult {
  /** Null if there are problems. */
  dossier: ValidatedDossier | null;
  problems: ValidationProblem[];
}

/** Validates a dossier. A caller that has parsed `files.facts` passes the result. */
export async function validateDossier(
  files: DossierFiles,
  findKnownFacts: FindKnownFacts,
  parseResult: ParseResult = parseYaml(files.facts),
): Promise<ValidationResult> {
  const source = createSourceText(files.source);
  const collector = new ProblemCollector(parseResult, source);
  validateTexts(files, collector);
  for (const { position, message } of parseResult.errors)
    collector.add('invalid-yaml', [], message, position);
  if (collector.problems.length > 0) return { dossier: null, problems: collector.problems };

  const context: ValidationContext = {
    dossierId: files.id,
    collector,
    source,
    quotationResolver: new QuotationResolver(source, collector),
    rejectedFacts: [],
  };
  const outline = parseWithSchema(context, DossierOutline, parseResult.value, []);
  const rawFacts = listRawFacts(parseResult.value);
  validateUniqueIds(context, rawFacts);
  const facts = rawFacts.flatMap((fact, index) => validateFact(context, fact, ['facts', index]) ?? []);
  const amendments = outline ? validateAmendments(context, outline, parseResult.value) : [];
  const factKeys = rawFacts.map(getRawFactKey);
  if (outline) {
    validateRetractions(context, outline, factKeys);
    validateRenames(context, outline, factKeys);
    validateDocumentId(context, outline.document.id);
    validateSentenceCoverage(context, outline);
  }
  const renamedKeys = (outline?.renames ?? []).map(({ from }) => refKey(from));
  await validateReferences(collector, {
    facts,
    rejectedFacts: context.rejectedFacts,
    amendments,
    factKeys,
    renamedKeys,
    documentId: files.id,
    findKnownFacts,
  });
  if (!outline || collector.problems.length > 0) return { dossier: null, problems: collector.problems };

  const allEvidence = [...facts.map(({ body }) => body), ...amendments].flatMap(
    ({ evidence }) => evidence ?? [],
  );
  const dossier: ValidatedDossier = {
    id: files.id,
    files,
    sections: normalizeSections(parseResult.value),
    sha256: source.sha256,
    publishedOn: outline.document.publishedOn,
    facts: [createDocumentFact(outline.document, source), ...facts],
    amendments,
    retractions: outline.retractions,
    renames: outline.renames.map(({ from, to }) => ({ from, to: { type: from.type, id: to } })),
    get coverage() {
      return measureCoverage(source, allEvidence).ratio;
    },
    createProblem: (...args) => collector.createProblem(...args),
  };
  return { dossier, problems: [] };
}

/** Rejects texts that a database cannot store, before any other check. */
function validateTexts({ facts, source }: DossierFiles, collector: ProblemCollector): void {
  for (const { pattern, message } of UNSTORABLE) {
    const [first, ...others] = source.matchAll(pattern);
    const more = others.length > 0 ? ` here and in ${formatCount(others.length, 'more place')}` : '';
    if (first) collector.addSourceProblem('invalid-text', first.index, message + more);
  }
  if (source === '') collector.addSourceProblem('invalid-text', 0, 'is empty');
  if (facts.includes('\0')) collector.add('invalid-text', [], 'contains a NUL character');
}

const UNSTORABLE = [
  { pattern: /\0/g, message: 'contains a NUL character' },
  { pattern: /\p{Surrogate}/gu, message: 'contains half of a surrogate pair' },
];

function listRawFacts(dossier: unknown): unknown[] {
  const { facts } = (dossier ?? {}) as { facts?: unknown };
  return Array.isArray(facts) ? facts : [];
}

/** Returns the key (`type/id`) of a fact that may be invalid, or null if it has no type or id. */
function getRawFactKey(value: unknown): string | null {
  const { type, id } = (value ?? {}) as { type?: unknown; id?: unknown };
  return typeof type === 'string' && typeof id === 'string' ? refKey({ type, id }) : null;
}

function validateUniqueIds({ collector }: ValidationContext, rawFacts: unknown[]): void {
  const indexByKey = new Map<string, number>();
  for (const [index, fact] of rawFacts.entries()) {
    const key = getRawFactKey(fact);
    if (key === null) continue;
    const firstIndex = indexByKey.get(key);
    if (firstIndex === undefined) indexByKey.set(key, index);
    else
      collector.add(
        'duplicate-id',
        ['facts', index, 'id'],
        `${key} is already defined, as fact ${firstIndex + 1}`,
      );
  }
}

function validateDocumentId({ collector, dossierId }: ValidationContext, id: string): void {
  if (id === dossierId) return;
  collector.add(
    'invalid-field',
    ['document', 'id'],
    `id: must be the name of the dossier, ${dossierId}, not ${id}`,
  );
}

/** Checks invariant 5: evidence touches every sentence and heading, or it is listed with a reason. */
function validateSentenceCoverage(context: ValidationContext, { document, uncovered }: DossierOutline): void {
  const { source, collector, quotationResolver } = context;
  for (const [index, quotation] of uncovered.entries())
    quotationResolver.resolve(quotation, ['uncovered', index]);
  // One flag for each UTF-16 unit keeps the time linear in the lengths of text and spans.
  const covered = new Uint8Array(source.text.length);
  for (const { start, end } of quotationResolver.matchedRanges) covered.fill(1, start, end);
  for (const { start, end } of splitSentences(source, document.language)) {
    if (covered.subarray(start, end).includes(1)) continue;
    const excerpt = quoteForMessage(source.text.slice(start, end));
    const message = `no evidence touches ${excerpt}: draw a fact from it, or list it under uncovered with a reason`;
    collector.addSourceProblem('uncovered-sentence', start, message);
  }
}

function createDocumentFact(section: DossierOutline['document'], source: SourceText): ValidatedFact {
  const { id, inferences, ...fields } = section;
  const { sha256, lengthCodePoints } = source;
  return { type: 'document', id, body: { ...fields, sha256, lengthCodePoints, inferences } };
}
