/**
 * Holds a dossier against its source: every problem at once, each with its place. Nothing is written here.
 * The five invariants stand in ARCHITECTURE.md; each has one function below.
 */
import type * as z from 'zod';
import { resourceByType } from '../../resources/index.ts';
import { coverageOf } from '../coverage.ts';
import type { Quotation, StoredEvidence } from '../evidence.ts';
import type { Reference } from '../fields.ts';
import type { Inference } from '../inference.ts';
import type { Resource } from '../resource.ts';
import { keysAllowedAt, leavesAt } from '../schema-walk.ts';
import {
  contextOf,
  nearestTo,
  placesOf,
  positionOf,
  type SourceText,
  type Stretch,
  sentencesOf,
  sourceText,
} from '../source-text.ts';
import { authoredFacts, DossierOutline } from './schema.ts';
import { type ParsedYaml, type Path, type Position, parseYaml } from './yaml.ts';

/** A dossier as it comes in: two texts and the name they go under. */
export interface DossierFiles {
  /** The folder's name, which the document's id must equal. */
  id: string;
  facts: string;
  source: string;
}

export type CheckCode =
  | 'invalid-yaml'
  | 'invalid-text'
  | 'invalid-field'
  | 'unknown-field'
  | 'quotation-missing'
  | 'quotation-ambiguous'
  | 'unsupported-field'
  | 'empty-field'
  | 'unknown-reference'
  | 'duplicate-id'
  | 'uncovered-sentence';

export interface CheckProblem extends Position {
  file: 'facts.yaml' | 'source.txt';
  /** RFC 6901 pointer into the dossier; empty for a problem of the source text. */
  pointer: string;
  code: CheckCode;
  message: string;
}

/** What the store keeps of a fact: own fields, `accordingTo`, `evidence`, `inferences`. */
export interface FactBody {
  accordingTo?: Reference | null;
  evidence?: StoredEvidence[];
  inferences: Inference[];
  [field: string]: unknown;
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

/** Which of these facts, named by no fact of the dossier, exist elsewhere: as `type/id`. */
export type KnownFacts = (references: Reference[]) => Promise<Set<string>>;

export const keyOf = ({ type, id }: Reference): string => `${type}/${id}`;

export async function checkDossier(files: DossierFiles, known: KnownFacts): Promise<CheckResult> {
  const yaml = parseYaml(files.facts);
  const check = new Check(yaml, sourceText(files.source));
  check.texts(files);
  for (const { position, message } of yaml.errors) check.report('invalid-yaml', [], message, position);
  if (check.problems.length > 0) return { dossier: null, problems: check.problems };

  const outline = check.shape(DossierOutline, yaml.value, []);
  const facts = check.facts(yaml.value);
  await check.references(facts, yaml.value, known);
  if (outline) {
    check.home(outline.document.id, files.id);
    check.sentences(facts, outline);
  }
  if (!outline || check.problems.length > 0) return { dossier: null, problems: check.problems };

  const document = documentFact(outline.document, check.source);
  const spans = facts.flatMap(({ body }) => body.evidence ?? []);
  const dossier: CheckedDossier = {
    id: document.id,
    files,
    source: check.source,
    publishedOn: outline.document.publishedOn,
    facts: [document, ...facts],
    coverage: coverageOf(check.source, spans).ratio,
  };
  return { dossier, problems: [] };
}

type Outline = z.output<typeof DossierOutline>;
type AuthoredEvidence = Quotation & { supports: string[] };

function documentFact(section: Outline['document'], source: SourceText): CheckedFact {
  const { id, inferences, ...fields } = section;
  const { sha256, lengthCodePoints } = source;
  return { type: 'document', id, body: { ...fields, sha256, lengthCodePoints, inferences } };
}

/** Looking for the nearest match costs; past this many the rest are only named. */
const MAX_NEAREST = 20;

/** One run over one dossier: what it found so far, and where things stand. */
class Check {
  readonly problems: CheckProblem[] = [];
  readonly source: SourceText;
  readonly #yaml: ParsedYaml;
  #nearestLeft = MAX_NEAREST;

  constructor(yaml: ParsedYaml, source: SourceText) {
    this.#yaml = yaml;
    this.source = source;
  }

  report(code: CheckCode, path: Path, message: string, position = this.#yaml.positionOf(path)): void {
    const pointer = path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    this.problems.push({ file: 'facts.yaml', pointer, code, message, ...position });
  }

  #reportInSource(code: CheckCode, unit: number, message: string): void {
    const position = positionOf(this.source.text, unit);
    this.problems.push({ file: 'source.txt', pointer: '', code, message, ...position });
  }

  /** What neither store could keep is refused before anything else looks at it. */
  texts({ facts, source }: DossierFiles): void {
    const nul = source.indexOf('\0');
    if (nul >= 0) this.#reportInSource('invalid-text', nul, 'holds a NUL character');
    if (!source.isWellFormed()) this.#reportInSource('invalid-text', 0, 'holds half of a surrogate pair');
    if (source === '') this.#reportInSource('invalid-text', 0, 'is empty');
    if (facts.includes('\0')) this.report('invalid-text', [], 'holds a NUL character');
  }

  /** The value in the form of `schema`, or null and its problems. */
  shape<S extends z.ZodType>(schema: S, value: unknown, path: Path): z.output<S> | null {
    const result = schema.safeParse(value, { reportInput: true });
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const at = [...path, ...(issue.path as (string | number)[])];
      if (issue.code === 'unrecognized_keys') {
        const allowed = keysAllowedAt(schema, issue.path).join(', ');
        for (const key of issue.keys) {
          this.report('unknown-field', [...at, key], `there is no field ${key}; allowed are ${allowed}`);
        }
      } else if (issue.code === 'invalid_type' && issue.input === undefined) {
        this.report('invalid-field', at, `${at.at(-1)} is missing`);
      } else {
        this.report('invalid-field', at, `${at.at(-1) ?? 'the dossier'}: ${issue.message}`);
      }
    }
    return null;
  }

  facts(dossier: unknown): CheckedFact[] {
    const written = (dossier as { facts?: unknown } | null)?.facts;
    if (!Array.isArray(written)) return [];
    const seen = new Map<string, number>();
    return written.flatMap((value: unknown, index) => {
      const path: Path = ['facts', index];
      this.#duplicate(value, path, seen);
      return this.#fact(value, path) ?? [];
    });
  }

  #duplicate(value: unknown, path: Path, seen: Map<string, number>): void {
    const key = namedIn(value);
    if (key === null) return;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, path[1] as number);
    } else {
      const { line } = this.#yaml.positionOf(['facts', first]);
      this.report('duplicate-id', [...path, 'id'], `${key} is already given at line ${line}`);
    }
  }

  #fact(value: unknown, path: Path): CheckedFact | null {
    const type = (value as { type?: unknown } | null)?.type;
    const schema = authoredFacts.get(String(type));
    const resource = resourceByType.get(String(type));
    if (!schema || !resource) {
      const allowed = [...authoredFacts.keys()].join(', ');
      this.report('invalid-field', [...path, 'type'], `type ${String(type)} is not one of ${allowed}`);
      return null;
    }
    const written = this.shape(schema, value, path);
    if (!written) return null;
    const { type: _, id, accordingTo, evidence, inferences, ...own } = written;
    for (const breach of resource.rules?.(own) ?? []) {
      this.report('invalid-field', [...path, ...breach.path], breach.message);
    }
    this.#carried(resource, own, { evidence, inferences }, path);
    const body = { ...own, accordingTo, evidence: this.#evidence(evidence, path), inferences };
    return { type: resource.type, id, body };
  }

  /** Invariants 1 and 2: at least one span (the schema sees to that), and every one literally in the source. */
  #evidence(written: AuthoredEvidence[], path: Path): StoredEvidence[] {
    const document = { type: 'document', id: this.#documentId() };
    return written.flatMap((quotation, index) => {
      const place = this.#place(quotation, [...path, 'evidence', index]);
      if (!place) return [];
      const start = this.source.codePointAt(place.start);
      const end = this.source.codePointAt(place.end);
      const context = contextOf(this.source, place);
      return [{ document, start, end, exact: quotation.quote, ...context, supports: quotation.supports }];
    });
  }

  #documentId(): string {
    return String((this.#yaml.value as { document?: { id?: unknown } }).document?.id);
  }

  /** The one place where the quotation stands, or null and the problem. */
  #place(quotation: Quotation, path: Path): Stretch | null {
    const places = placesOf(this.source, quotation);
    const [place] = places;
    if (place && places.length === 1) return place;
    const at = [...path, 'quote'];
    if (place) {
      const where = places.slice(0, 5).map((each) => this.#where(each));
      const more = places.length > 5 ? ' …' : '';
      const message = `stands ${places.length} times in the source, at ${where.join('; ')}${more}: add a prefix or suffix`;
      this.report('quotation-ambiguous', at, `${shown(quotation.quote)} ${message}`);
    } else {
      this.report('quotation-missing', at, this.#missing(quotation));
    }
    return null;
  }

  #missing({ quote, prefix, suffix }: Quotation): string {
    const [bare] = placesOf(this.source, { quote });
    if (bare) {
      const context = [prefix && `after ${shown(prefix)}`, suffix && `before ${shown(suffix)}`];
      return `${shown(quote)} stands at ${this.#where(bare)}, but not ${context.filter(Boolean).join(' and ')}`;
    }
    const missing = `${shown(quote)} does not stand in the source`;
    this.#nearestLeft -= 1;
    if (this.#nearestLeft < 0) return `${missing} (the nearest is shown for the first ${MAX_NEAREST} only)`;
    const nearest = nearestTo(this.source, quote);
    if (!nearest) return `${missing}, and nothing in it is much like it`;
    const words = this.source.text.slice(nearest.start, nearest.end);
    return `${missing}; the nearest is, at ${this.#where(nearest)}: ${shown(words)}`;
  }

  #where({ start }: Stretch): string {
    const { line, column } = positionOf(this.source.text, start);
    return `line ${line}, column ${column}`;
  }

  /** Invariant 3: every filled own field is carried, and nothing empty is said to be. */
  #carried(
    resource: Resource,
    own: Record<string, unknown>,
    { evidence, inferences }: { evidence: AuthoredEvidence[]; inferences: Inference[] },
    path: Path,
  ): void {
    const carriers = [
      ...evidence.map(({ supports }, index) => ({ names: supports, at: ['evidence', index, 'supports'] })),
      ...inferences.map(({ fields }, index) => ({ names: fields, at: ['inferences', index, 'fields'] })),
    ];
    for (const { names, at } of carriers) {
      for (const [index, name] of names.entries()) {
        if (isFilled(own[name])) continue;
        this.report('empty-field', [...path, ...at, index], `${name} is empty, so nothing can carry it`);
      }
    }
    const carried = new Set([...carriers.flatMap(({ names }) => names), ...(resource.accompanying ?? [])]);
    for (const name of resource.fieldNames) {
      if (isFilled(own[name]) && !carried.has(name)) {
        const message = `${name} is carried by no evidence (supports) and no inference (fields)`;
        this.report('unsupported-field', [...path, name], message);
      }
    }
  }

  /** Invariant 4: every reference leads to a fact; its type was checked with the field's form. */
  async references(facts: CheckedFact[], dossier: unknown, known: KnownFacts): Promise<void> {
    const written = ((dossier as { facts?: unknown[] } | null)?.facts ?? []).map(namedIn);
    const document = keyOf({ type: 'document', id: this.#documentId() });
    const here = new Set([document, ...written]);
    const foreign = facts.flatMap(referencesIn).filter(({ to }) => !here.has(keyOf(to)));
    const elsewhere = await known(foreign.map(({ to }) => to));
    for (const { fact, path, to } of foreign) {
      if (elsewhere.has(keyOf(to))) continue;
      const at = ['facts', written.indexOf(keyOf(fact)), ...path];
      this.report('unknown-reference', at, `${keyOf(to)} is neither in this dossier nor in the store`);
    }
  }

  home(documentId: string, folder: string): void {
    if (documentId === folder) return;
    const message = `id: ${documentId} is not the name of the dossier, ${folder}`;
    this.report('invalid-field', ['document', 'id'], message);
  }

  /** Invariant 5: every sentence and heading is touched by evidence, or listed with a reason. */
  sentences(facts: CheckedFact[], { document, uncovered }: Outline): void {
    const listed = uncovered.flatMap((quotation, index) => {
      const place = this.#place(quotation, ['uncovered', index]);
      return place ? [this.#span(place)] : [];
    });
    // One array that says for each code point whether something touches it: linear in text and spans.
    const touched = new Uint8Array(this.source.lengthCodePoints);
    const evidence = facts.flatMap(({ body }) => body.evidence ?? []);
    for (const { start, end } of [...evidence, ...listed]) touched.fill(1, start, end);
    for (const sentence of sentencesOf(this.source, document.language)) {
      const { start, end } = this.#span(sentence);
      if (touched.subarray(start, end).includes(1)) continue;
      const words = shown(this.source.text.slice(sentence.start, sentence.end));
      const message = `no evidence touches ${words}: draw a fact from it, or list it under uncovered with a reason`;
      this.#reportInSource('uncovered-sentence', sentence.start, message);
    }
  }

  #span({ start, end }: Stretch): Stretch {
    return { start: this.source.codePointAt(start), end: this.source.codePointAt(end) };
  }
}

/** `type/id` as a raw fact names itself, whether or not the rest of it is sound. */
function namedIn(value: unknown): string | null {
  const { type, id } = (value ?? {}) as { type?: unknown; id?: unknown };
  return typeof type === 'string' && typeof id === 'string' ? keyOf({ type, id }) : null;
}

/** Every reference in a fact's own fields and `accordingTo`, with the path that it was written at. */
function referencesIn(fact: CheckedFact): { fact: CheckedFact; path: Path; to: Reference }[] {
  const paths = resourceByType.get(fact.type)?.referencePaths ?? [];
  return [...paths, 'accordingTo'].flatMap((path) =>
    leavesAt(fact.body, path).map((leaf) => ({ fact, path: leaf.path, to: leaf.value as Reference })),
  );
}

function isFilled(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}

/** A quotation for a message: on one line, and not too long. */
function shown(words: string): string {
  const points = Array.from(words);
  return JSON.stringify(points.length > 120 ? `${points.slice(0, 120).join('')}…` : words);
}
