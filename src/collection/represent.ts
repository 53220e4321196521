/** Turns stored versions into what the API answers: labels looked up, links added. */
import { type FactBody, keyOf, referencesIn } from '../facts/body.ts';
import type { Reference } from '../facts/fields.ts';
import type { Fact } from '../facts/representation.ts';
import { resourceOf } from '../resources/index.ts';
import type { Reader } from '../store/portable/index.ts';
import { type FactRow, type Label, labelsOf } from '../store/read.ts';

type Labels = Map<string, Label>;

/** The representations of `rows` at `revision`; all their labels are looked up together. */
export async function represent(db: Reader, revision: number, rows: FactRow[]): Promise<Fact[]> {
  const bodies = rows.map(({ body }) => JSON.parse(body) as FactBody);
  const found = referencesIn(bodies);
  const labels = await labelsOf(db, revision, found);
  for (const reference of found) label(reference, labels);
  const spans = bodies.flatMap(({ evidence = [] }) => evidence);
  for (const [key, of] of Map.groupBy(spans, ({ document }) => keyOf(document))) {
    const described = describeDocument(labels.get(key));
    for (const { document } of of) Object.assign(document, described);
  }
  return rows.map((row, index) => factOf(row, bodies[index] as FactBody));
}

function factOf(row: FactRow, body: FactBody): Fact {
  const { accordingTo, evidence, inferences, redacted, ...own } = body;
  const { type, id, label, version, reported_on, recorded_at, revision, retracted } = row;
  return {
    type,
    id,
    label,
    version,
    ...own,
    ...(accordingTo !== undefined && { accordingTo }),
    reportedOn: reported_on,
    recordedAt: recorded_at,
    revision,
    ...(evidence && { evidence }),
    inferences,
    links: linksOf(row),
    ...(retracted && { retracted: JSON.parse(retracted) }),
    ...(redacted && { redacted }),
  } as Fact;
}

/** Where a fact is to be had. */
export function linksOf({ type, id }: Reference): { self: string; html: string } {
  const { collection } = resourceOf(type);
  return { self: `/v1/${collection}/${id}`, html: `/${collection}/${id}` };
}

function label(reference: Reference & { label?: string }, labels: Labels): void {
  reference.label = labels.get(keyOf(reference))?.label ?? reference.id;
}

function describeDocument(found: Label | undefined) {
  const { sha256 = '', publishedOn = null, url = null } = found?.body ? JSON.parse(found.body) : {};
  return { sha256, publishedOn, url };
}
