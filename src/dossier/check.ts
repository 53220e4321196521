/**
 * Holds a dossier against its source: every problem at once, each with its place. Nothing is written here.
 * The five invariants stand in ARCHITECTURE.md; each has one function below.
 */
import type * as z from 'zod';
import { type FactBody, keyOf } from '../facts/body.ts';
import { coverageOf } from '../facts/coverage.ts';
import { Quotation } from '../facts/evidence.ts';
import type { Reference } from '../facts/fields.ts';
import { standsQuoted } from '../facts/quotation-marks.ts';
import type { Found, Made, Resource } from '../facts/resource.ts';
import { keysAllowedAt } from '../facts/schema-walk.ts';
import { contextOf, type SourceText, type Stretch, sentencesOf, sourceText } from '../facts/source-text.ts';
import { resourceByType } from '../resources/index.ts';
import { Quotations } from './quotations.ts';
import { checkReferences, type KnownFacts } from './references.ts';
import { type CheckProblem, Report, shown } from './report.ts';
import { authoredFacts, DossierOutline } from './schema.ts';
import { type Path, parseYaml } from './yaml.ts';

/** A dossier as it comes in: two texts and the name they go under. */
export interface DossierFiles {
  /** The folder's name, which the document's id must equal. */
  id: string;
  facts: string;
  source: string;
}

export interface CheckedFact extends Reference {
  body: FactBody;
}

export interface CheckedDossier {
  id: string;
  /** As received, for the store to keep verbatim. */
  files: DossierFiles;
  source: SourceText;
  publishedOn: string | null;
  /** The document itself comes first. */
  facts: CheckedFact[];
  coverage: number;
}

export interface CheckResult {
  /** Null if there are problems. */
  dossier: CheckedDossier | null;
  problems: CheckProblem[];
}

export async function checkDossier(files: DossierFiles, known: KnownFacts): Promise<CheckResult> {
  const yaml = parseYaml(files.facts);
  const source = sourceText(files.source);
  const report = new Report(yaml, source);
  checkTexts(files, report);
  for (const { position, message } of yaml.errors) report.add('invalid-yaml', [], message, position);
  if (report.problems.length > 0) return { dossier: null, problems: report.problems };

  const check: Check = { report, source, quotations: new Quotations(source, report) };
  const outline = checkShape(check, DossierOutline, yaml.value, []);
  const written = writtenFacts(yaml.value);
  checkDuplicates(check, written);
  const facts = written.flatMap((fact, index) => checkFact(check, fact, ['facts', index], files.id) ?? []);
  await checkReferences(report, facts, { names: written.map(namedIn), document: files.id, known });
  if (outline) {
    checkHome(check, outline.document.id, files.id);
    checkSentences(check, outline);
  }
  if (!outline || report.problems.length > 0) return { dossier: null, problems: report.problems };

  const spans = facts.flatMap(({ body }) => body.evidence ?? []);
  const dossier: CheckedDossier = {
    id: files.id,
    files,
    source,
    publishedOn: outline.document.publishedOn,
    facts: [documentFact(outline.document, source), ...facts],
    coverage: coverageOf(source, spans).ratio,
  };
  return { dossier, problems: [] };
}

type Outline = z.output<typeof DossierOutline>;

/** What the checks share: the source, where problems go, and how quotations are found. */
interface Check {
  source: SourceText;
  report: Report;
  quotations: Quotations;
}

/** What no store could keep is refused before anything else looks at it. */
function checkTexts({ facts, source }: DossierFiles, report: Report): void {
  const nul = source.indexOf('\0');
  if (nul >= 0) report.addInSource('invalid-text', nul, 'holds a NUL character');
  if (!source.isWellFormed()) report.addInSource('invalid-text', 0, 'holds half of a surrogate pair');
  if (source === '') report.addInSource('invalid-text', 0, 'is empty');
  if (facts.includes('\0')) report.add('invalid-text', [], 'holds a NUL character');
}

/** The value in the form of `schema`, or null and its problems. */
function checkShape<S extends z.ZodType>(
  { report }: Check,
  schema: S,
  value: unknown,
  path: Path,
): z.output<S> | null {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const at = [...path, ...(issue.path as (string | number)[])];
    if (issue.code === 'unrecognized_keys') {
      const allowed = keysAllowedAt(schema, issue.path).join(', ');
      for (const key of issue.keys) {
        report.add('unknown-field', [...at, key], `there is no field ${key}; allowed are ${allowed}`);
      }
    } else if (issue.code === 'invalid_type' && issue.input === undefined) {
      report.add('invalid-field', at, `${at.at(-1)} is missing`);
    } else {
      report.add('invalid-field', at, `${at.at(-1) ?? 'the dossier'}: ${issue.message}`);
    }
  }
  return null;
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

function checkFact(check: Check, value: unknown, path: Path, documentId: string): CheckedFact | null {
  const { type } = (value ?? {}) as { type?: unknown };
  const schema = authoredFacts.get(type as string);
  const resource = resourceByType.get(type as string);
  if (!schema || !resource) {
    const allowed = [...authoredFacts.keys()].join(', ');
    const given = JSON.stringify(type) ?? 'none';
    check.report.add('invalid-field', [...path, 'type'], `type ${given} is not one of ${allowed}`);
    return null;
  }
  const written = checkShape(check, schema, value, path);
  if (!written) {
    placeQuotations(check, value, path);
    return null;
  }
  const { type: _, id, accordingTo, evidence, inferences, ...fields } = written;
  const given = evidence.map(({ supports, ...quotation }, index) => {
    const at = ['evidence', index];
    return { place: locate(check, quotation, [...path, ...at])?.place, supports, at };
  });
  const made = ownOf(check, resource, fields, path);
  if (!made) return null;
  const { own } = made;
  const all = [...made.evidence, ...given];
  const document = { type: 'document', id: documentId };
  const spans = all.flatMap(({ place, supports }) => (place ? [{ document, ...place, supports }] : []));
  const words = spans.map(({ exact }) => exact);
  for (const breach of [...made.breaches, ...(resource.rules?.(own, words) ?? [])]) {
    check.report.add('invalid-field', [...path, ...breach.path], breach.message);
  }
  const carriers = [
    ...all.map(({ supports, at }) => ({ names: supports, at: [...at, 'supports'] })),
    ...inferences.map(({ fields }, index) => ({ names: fields, at: ['inferences', index, 'fields'] })),
  ];
  checkCarried(check, resource, own, carriers, path);
  return { type: resource.type, id, body: { ...own, accordingTo, evidence: spans, inferences } };
}

/** The own fields as answers have them, and the evidence that stood among them. */
function ownOf(
  check: Check,
  { authoring }: Resource,
  fields: Record<string, unknown>,
  path: Path,
): Made<z.ZodObject> | null {
  if (!authoring) return { own: fields, evidence: [], breaches: [] };
  return authoring.make(fields as never, (quotation, at) => locate(check, quotation, [...path, ...at]));
}

/** A fact whose form is wrong still has its quotations looked for, so that all its problems come at once. */
function placeQuotations({ quotations }: Check, value: unknown, path: Path): void {
  for (const [name, list] of Object.entries(value ?? {})) {
    for (const [index, each] of (Array.isArray(list) ? list : []).entries()) {
      const { quote, prefix, suffix } = (each ?? {}) as Record<string, unknown>;
      const quotation = Quotation.safeParse({ quote, prefix, suffix });
      if (quotation.success) quotations.place(quotation.data, [...path, name, index]);
    }
  }
}

/** Invariants 1 and 2: at least one span (the schema sees to that), and each literally in the source. */
function locate({ source, quotations }: Check, quotation: Quotation, path: Path): Found | null {
  const stretch = quotations.place(quotation, path);
  if (!stretch) return null;
  const place = { ...inCodePoints(source, stretch), exact: quotation.quote, ...contextOf(source, stretch) };
  return { place, quoted: () => standsQuoted(source.text, stretch) };
}

const inCodePoints = (source: SourceText, { start, end }: Stretch): Stretch => ({
  start: source.codePointAt(start),
  end: source.codePointAt(end),
});

/** Invariant 3: every filled own field is carried, and nothing empty is said to be. */
function checkCarried(
  { report }: Check,
  resource: Resource,
  own: Record<string, unknown>,
  carriers: { names: string[]; at: Path }[],
  path: Path,
): void {
  for (const { names, at } of carriers) {
    for (const [index, name] of names.entries()) {
      if (isFilled(own[name])) continue;
      report.add('empty-field', [...path, ...at, index], `${name} is empty, so nothing can carry it`);
    }
  }
  const carried = new Set([...carriers.flatMap(({ names }) => names), ...(resource.accompanying ?? [])]);
  for (const name of resource.fieldNames) {
    if (!isFilled(own[name]) || carried.has(name)) continue;
    const message = `${name} is carried by no evidence (supports) and no inference (fields)`;
    report.add('unsupported-field', [...path, name], message);
  }
}

function isFilled(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}

function checkHome({ report }: Check, id: string, folder: string): void {
  if (id === folder) return;
  report.add('invalid-field', ['document', 'id'], `id: ${id} is not the name of the dossier, ${folder}`);
}

/** Invariant 5: every sentence and heading is touched by evidence, or listed with a reason. */
function checkSentences(check: Check, { document, uncovered }: Outline): void {
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

function documentFact(section: Outline['document'], source: SourceText): CheckedFact {
  const { id, inferences, ...fields } = section;
  const { sha256, lengthCodePoints } = source;
  return { type: 'document', id, body: { ...fields, sha256, lengthCodePoints, inferences } };
}
