/** One fact of a dossier, held against its form and the source. */
import type * as z from 'zod';
import { uncarriedFields } from '../model/amendments.ts';
import { Quotation, type StoredEvidence } from '../model/evidence.ts';
import { type FactBody, isFilled } from '../model/fact-body.ts';
import type { Found, Made, Resource } from '../model/fact-type.ts';
import type { Reference } from '../model/fields.ts';
import { standsQuoted } from '../model/quotation-marks.ts';
import { keysAllowedAt } from '../model/schema-fields.ts';
import { contextOf, type SourceText, type Stretch } from '../model/source-text.ts';
import { resourceByType } from '../model/types/index.ts';
import type { Path } from './parse-yaml.ts';
import type { Quotations } from './quotation-resolver.ts';
import { authoredFacts } from './schema.ts';
import type { Report } from './validation-errors.ts';

/** What the checks share: the source, where problems go, and how quotations are found. */
export interface Check {
  /** The id of the dossier, which is its document's. */
  id: string;
  source: SourceText;
  report: Report;
  quotations: Quotations;
}

export interface CheckedFact extends Reference {
  body: FactBody;
}

/** The value in the form of `schema`, or null and its problems. */
export function checkShape<S extends z.ZodType>(
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

export function checkFact(check: Check, value: unknown, path: Path): CheckedFact | null {
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
  const spans = all.flatMap(({ place, supports }) => (place ? [spanOf(check, place, supports)] : []));
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
export function locate({ source, quotations }: Check, quotation: Quotation, path: Path): Found | null {
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
export function checkCarried(
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
  const names = carriers.flatMap((carrier) => carrier.names);
  for (const name of uncarriedFields(resource, own, names)) {
    const message = `${name} is carried by no evidence (supports) and no inference (fields)`;
    report.add('unsupported-field', [...path, name], message);
  }
}

/** A place in the source as evidence of the dossier's document. */
export function spanOf({ id }: Check, place: Found['place'], supports: string[]): StoredEvidence {
  return { document: { type: 'document', id }, ...place, supports };
}
