/**
 * Holds a dossier against its source: every problem at once, each with its place. Nothing is written here.
 * The five invariants stand in ARCHITECTURE.md; each has one function here or in the files beside.
 */
import type { Amendment } from '../model/amendments.ts';
import { coverageOf } from '../model/coverage.ts';
import { keyOf } from '../model/fact-body.ts';
import type { Reference } from '../model/fields.ts';
import { type SourceText, sentencesOf, sourceText } from '../model/source-text.ts';
import { type Parsed, parseYaml } from './parse-yaml.ts';
import { Quotations } from './quotation-resolver.ts';
import { DossierOutline, sectionsOf } from './schema.ts';
import { checkAmendments, checkRenames, checkRetractions } from './validate-amendments.ts';
import { type Check, type CheckedFact, checkFact, checkShape } from './validate-fact.ts';
import { checkReferences, type KnownFacts } from './validate-references.ts';
import { type CheckProblem, Report, shown } from './validation-errors.ts';

/** A dossier as it comes in: two texts and the name they go under. */
export interface DossierFiles {
  /** The folder's name, which the document's id must equal. */
  id: string;
  facts: string;
  source: string;
}

export interface Retraction {
  fact: Reference;
  reason: string;
}

export interface Renaming {
  from: Reference;
  to: Reference;
}

/** What a dossier says, whatever it was written in. */
export interface DossierContent {
  id: string;
  publishedOn: string | null;
  /** The document itself comes first. */
  facts: CheckedFact[];
  amendments: Amendment[];
  retractions: Retraction[];
  renames: Renaming[];
  /** Something that does not fit what the store holds, with its place in the dossier. */
  problemAt: Report['problemAt'];
}

export interface CheckedDossier extends DossierContent {
  /** As received, for the store to keep verbatim. */
  files: DossierFiles;
  /** As it was authored, every section of it. */
  sections: Record<string, unknown>;
  sha256: string;
  /** The share of the text that is carried into facts, worked out when it is asked for. */
  readonly coverage: number;
}

export interface CheckResult {
  /** Null if there are problems. */
  dossier: CheckedDossier | null;
  problems: CheckProblem[];
}

/** `parsed` spares reading `files.facts` where it is known already what stands in it. */
export async function checkDossier(
  files: DossierFiles,
  known: KnownFacts,
  parsed: Parsed = parseYaml(files.facts),
): Promise<CheckResult> {
  const source = sourceText(files.source);
  const report = new Report(parsed, source);
  checkTexts(files, report);
  for (const { position, message } of parsed.errors) report.add('invalid-yaml', [], message, position);
  if (report.problems.length > 0) return { dossier: null, problems: report.problems };

  const check: Check = { id: files.id, report, source, quotations: new Quotations(source, report) };
  const outline = checkShape(check, DossierOutline, parsed.value, []);
  const written = writtenFacts(parsed.value);
  checkDuplicates(check, written);
  const facts = written.flatMap((fact, index) => checkFact(check, fact, ['facts', index]) ?? []);
  const amendments = outline ? checkAmendments(check, outline, parsed.value) : [];
  const names = written.map(namedIn);
  if (outline) {
    checkRetractions(check, outline, names);
    checkRenames(check, outline, names);
    checkHome(check, outline.document.id);
    checkSentences(check, outline);
  }
  const renamed = (outline?.renames ?? []).map(({ from }) => keyOf(from));
  await checkReferences(report, { facts, amendments, names, renamed, document: files.id, known });
  if (!outline || report.problems.length > 0) return { dossier: null, problems: report.problems };

  const spans = [...facts.map(({ body }) => body), ...amendments].flatMap(({ evidence }) => evidence ?? []);
  const dossier: CheckedDossier = {
    id: files.id,
    files,
    sections: sectionsOf(parsed.value),
    sha256: source.sha256,
    publishedOn: outline.document.publishedOn,
    facts: [documentFact(outline.document, source), ...facts],
    amendments,
    retractions: outline.retractions,
    renames: outline.renames.map(({ from, to }) => ({ from, to: { type: from.type, id: to } })),
    get coverage() {
      return coverageOf(source, spans).ratio;
    },
    problemAt: (...problem) => report.problemAt(...problem),
  };
  return { dossier, problems: [] };
}

/** What no store could keep is refused before anything else looks at it. */
function checkTexts({ facts, source }: DossierFiles, report: Report): void {
  const nul = source.indexOf('\0');
  if (nul >= 0) report.addInSource('invalid-text', nul, 'holds a NUL character');
  if (!source.isWellFormed()) report.addInSource('invalid-text', 0, 'holds half of a surrogate pair');
  if (source === '') report.addInSource('invalid-text', 0, 'is empty');
  if (facts.includes('\0')) report.add('invalid-text', [], 'holds a NUL character');
}

function writtenFacts(dossier: unknown): unknown[] {
  const { facts } = (dossier ?? {}) as { facts?: unknown };
  return Array.isArray(facts) ? facts : [];
}

/** `type/id` as a raw fact names itself, whether or not the rest of it is sound. */
function namedIn(value: unknown): string | null {
  const { type, id } = (value ?? {}) as { type?: unknown; id?: unknown };
  return typeof type === 'string' && typeof id === 'string' ? keyOf({ type, id }) : null;
}

function checkDuplicates({ report }: Check, written: unknown[]): void {
  const seen = new Map<string, number>();
  for (const [index, fact] of written.entries()) {
    const key = namedIn(fact);
    if (key === null) continue;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else report.add('duplicate-id', ['facts', index, 'id'], `${key} is given already, as fact ${first + 1}`);
  }
}

function checkHome({ report, id: folder }: Check, id: string): void {
  if (id === folder) return;
  report.add('invalid-field', ['document', 'id'], `id: ${id} is not the name of the dossier, ${folder}`);
}

/** Invariant 5: every sentence and heading is touched by evidence, or listed with a reason. */
function checkSentences(check: Check, { document, uncovered }: DossierOutline): void {
  const { source, report, quotations } = check;
  for (const [index, quotation] of uncovered.entries()) quotations.place(quotation, ['uncovered', index]);
  // One array that says for each unit whether something touches it: linear in text and spans.
  const touched = new Uint8Array(source.text.length);
  for (const { start, end } of quotations.meant) touched.fill(1, start, end);
  for (const { start, end } of sentencesOf(source, document.language)) {
    if (touched.subarray(start, end).includes(1)) continue;
    const words = shown(source.text.slice(start, end));
    const message = `no evidence touches ${words}: draw a fact from it, or list it under uncovered with a reason`;
    report.addInSource('uncovered-sentence', start, message);
  }
}

function documentFact(section: DossierOutline['document'], source: SourceText): CheckedFact {
  const { id, inferences, ...fields } = section;
  const { sha256, lengthCodePoints } = source;
  return { type: 'document', id, body: { ...fields, sha256, lengthCodePoints, inferences } };
}
