/**
 * Turns stored versions into what the API answers: labels looked up, links added. It is done on the text that the store has,
 * as only references in it and what stands around them change: taking it apart and writing it anew takes longer than all else.
 */
import type { Reference } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { getFactType } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import type { FactRow } from '../../store/queries/facts.ts';
import { LabelCache, REFERENCE_REGEX } from './label-cache.ts';

/**
 * The representations of `rows` at `revision`; all their labels are looked up together. Whoever asks for page after page
 * gives `labels`, which are of one revision.
 */
export async function toFacts(
  db: Reader,
  revision: number,
  rows: FactRow[],
  labelCache?: LabelCache,
): Promise<Fact[]> {
  const serialized = await serializeFacts(db, revision, rows, labelCache);
  return serialized.map((text) => JSON.parse(text) as Fact);
}

/** The same as JSON. */
export async function serializeFacts(
  db: Reader,
  revision: number,
  rows: FactRow[],
  labelCache = new LabelCache(),
): Promise<string[]> {
  const bodies = rows.map(({ body }) => splitBody(body));
  await labelCache.load(
    db,
    revision,
    bodies.flatMap(({ ownFields, evidenceAndInferences }) => [ownFields, evidenceAndInferences]),
  );
  return rows.map((row, index) => serializeFact(row, bodies[index] as BodyParts, labelCache));
}

/** A stored body, its braces left out; of each stretch every second entry is a reference. */
interface BodyParts {
  /** The own fields, and `accordingTo`. */
  ownFields: string[];
  /** Evidence and inferences. */
  evidenceAndInferences: string[];
  redacted: string;
}

// Each of these is the last of its kind: what comes after has no such field, and in a string the quotes would be escaped.
const EVIDENCE_START = ',"evidence":[';
const INFERENCES_START = ',"inferences":[';
const REDACTED_START = ',"redacted":{';

function splitBody(body: string): BodyParts {
  const evidenceStart = body.lastIndexOf(EVIDENCE_START);
  const ownFieldsEnd = evidenceStart < 0 ? body.lastIndexOf(INFERENCES_START) : evidenceStart;
  // Only documents are redacted, and they have no evidence.
  const redactedStart = evidenceStart < 0 ? body.lastIndexOf(REDACTED_START) : -1;
  const end = redactedStart < 0 ? body.length - 1 : redactedStart;
  return {
    ownFields: body.slice(1, ownFieldsEnd).split(REFERENCE_REGEX),
    evidenceAndInferences: body.slice(ownFieldsEnd, end).split(REFERENCE_REGEX),
    redacted: body.slice(end, -1),
  };
}

function serializeFact(
  row: FactRow,
  { ownFields, evidenceAndInferences, redacted }: BodyParts,
  labelCache: LabelCache,
): string {
  const { type, id, label, version, reported_on, recorded_at, revision, retracted } = row;
  const header = `{"type":"${type}","id":"${id}","label":${JSON.stringify(label)},"version":${version},`;
  const reportedOn = reported_on === null ? 'null' : `"${reported_on}"`;
  const timestamps = `,"reportedOn":${reportedOn},"recordedAt":"${recorded_at}","revision":${revision}`;
  const { self, html } = buildFactLinks(row);
  const links = `,"links":{"self":"${self}","html":"${html}"}`;
  const retractedField = retracted === null ? '' : `,"retracted":${retracted}`;
  return `${header}${labelCache.insertLabels(ownFields)}${timestamps}${labelCache.insertDocumentDetails(evidenceAndInferences)}${links}${retractedField}${redacted}}`;
}

/** Where a fact is to be had. */
export function buildFactLinks({ type, id }: Reference): { self: string; html: string } {
  const { collection } = getFactType(type);
  return { self: `/v1/${collection}/${id}`, html: `/${collection}/${id}` };
}
