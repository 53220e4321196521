/**
 * Serialization of stored versions to API responses: labels and links are added. It edits the stored JSON as
 * text, as only its references change; parsing and serializing it again would be the slowest step.
 */
import type { Reference } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { getFactType } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import type { FactRow } from '../../store/queries/facts.ts';
import {
  insertDocumentDetails,
  insertLabels,
  LabelCache,
  type Labels,
  REFERENCE_REGEX,
} from './label-cache.ts';

/**
 * Returns the facts in `rows` as the API has them at `revision`; all labels are loaded together. A caller
 * that reads several pages of one revision passes a `labelCache`.
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

/** Returns the same as `toFacts`, as JSON texts. */
export async function serializeFacts(
  db: Reader,
  revision: number,
  rows: FactRow[],
  labelCache = new LabelCache(),
): Promise<string[]> {
  const bodies = rows.map(({ body }) => splitBody(body));
  const labels = await labelCache.load(
    db,
    revision,
    bodies.flatMap(({ ownFields, evidenceAndInferences }) => [ownFields, evidenceAndInferences]),
  );
  return rows.map((row, index) => serializeFact(row, bodies[index] as BodyParts, labels));
}

/** Stored body without its braces; every second segment of each list is a reference. */
interface BodyParts {
  /** Includes `accordingTo`. */
  ownFields: string[];
  evidenceAndInferences: string[];
  redacted: string;
}

// The last occurrence of each is the field itself: what follows it has no such field, and in a string the
// quotes would be escaped.
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
  labels: Labels,
): string {
  const { type, id, label, version, reported_on, recorded_at, revision, retracted } = row;
  const header = `{"type":"${type}","id":"${id}","label":${JSON.stringify(label)},"version":${version},`;
  const reportedOn = reported_on === null ? 'null' : `"${reported_on}"`;
  const timestamps = `,"reportedOn":${reportedOn},"recordedAt":"${recorded_at}","revision":${revision}`;
  const { self, html } = buildFactLinks(row);
  const links = `,"links":{"self":"${self}","html":"${html}"}`;
  const retractedField = retracted === null ? '' : `,"retracted":${retracted}`;
  return `${header}${insertLabels(ownFields, labels)}${timestamps}${insertDocumentDetails(evidenceAndInferences, labels)}${links}${retractedField}${redacted}}`;
}

/** Returns the path-absolute URLs of a fact. */
export function buildFactLinks({ type, id }: Reference): { self: string; html: string } {
  const { collection } = getFactType(type);
  return { self: `/v1/${collection}/${id}`, html: `/${collection}/${id}` };
}
