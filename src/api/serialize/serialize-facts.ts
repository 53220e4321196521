/**
 * Turns stored versions into what the API answers: labels looked up, links added. It is done on the text that the store has,
 * as only references in it and what stands around them change: taking it apart and writing it anew takes longer than all else.
 */
import type { Reference } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { resourceOf } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import type { FactRow } from '../../store/queries/facts.ts';
import { Labels, REFERENCE } from './label-cache.ts';

/**
 * The representations of `rows` at `revision`; all their labels are looked up together. Whoever asks for page after page
 * gives `labels`, which are of one revision.
 */
export async function represent(
  db: Reader,
  revision: number,
  rows: FactRow[],
  labels?: Labels,
): Promise<Fact[]> {
  const written = await writtenFacts(db, revision, rows, labels);
  return written.map((text) => JSON.parse(text) as Fact);
}

/** The same as JSON. */
export async function writtenFacts(
  db: Reader,
  revision: number,
  rows: FactRow[],
  labels = new Labels(),
): Promise<string[]> {
  const bodies = rows.map(({ body }) => takenApart(body));
  await labels.lookUp(
    db,
    revision,
    bodies.flatMap(({ own, carried }) => [own, carried]),
  );
  return rows.map((row, index) => written(row, bodies[index] as Body, labels));
}

/** A stored body, its braces left out; of each stretch every second entry is a reference. */
interface Body {
  /** The own fields, and `accordingTo`. */
  own: string[];
  /** Evidence and inferences. */
  carried: string[];
  redacted: string;
}

// Each of these is the last of its kind: what comes after has no such field, and in a string the quotes would be escaped.
const EVIDENCE = ',"evidence":[';
const INFERENCES = ',"inferences":[';
const REDACTED = ',"redacted":{';

function takenApart(body: string): Body {
  const evidence = body.lastIndexOf(EVIDENCE);
  const at = evidence < 0 ? body.lastIndexOf(INFERENCES) : evidence;
  // Only documents are redacted, and they have no evidence.
  const redacted = evidence < 0 ? body.lastIndexOf(REDACTED) : -1;
  const end = redacted < 0 ? body.length - 1 : redacted;
  return {
    own: body.slice(1, at).split(REFERENCE),
    carried: body.slice(at, end).split(REFERENCE),
    redacted: body.slice(end, -1),
  };
}

function written(row: FactRow, { own, carried, redacted }: Body, labels: Labels): string {
  const { type, id, label, version, reported_on, recorded_at, revision, retracted } = row;
  const head = `{"type":"${type}","id":"${id}","label":${JSON.stringify(label)},"version":${version},`;
  const reported = reported_on === null ? 'null' : `"${reported_on}"`;
  const clocks = `,"reportedOn":${reported},"recordedAt":"${recorded_at}","revision":${revision}`;
  const { self, html } = linksOf(row);
  const links = `,"links":{"self":"${self}","html":"${html}"}`;
  const withdrawn = retracted === null ? '' : `,"retracted":${retracted}`;
  return `${head}${labels.labelled(own)}${clocks}${labels.described(carried)}${links}${withdrawn}${redacted}}`;
}

/** Where a fact is to be had. */
export function linksOf({ type, id }: Reference): { self: string; html: string } {
  const { collection } = resourceOf(type);
  return { self: `/v1/${collection}/${id}`, html: `/${collection}/${id}` };
}
