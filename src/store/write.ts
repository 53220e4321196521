/** Importing: one checked dossier, one revision. */
import {
  type CheckedDossier,
  type CheckedFact,
  type CheckResult,
  checkDossier,
  type DossierFiles,
} from '../dossier/check.ts';
import { keyOf } from '../facts/body.ts';
import type { Reference } from '../facts/fields.ts';
import { valuesAt } from '../facts/schema-walk.ts';
import { resourceOf } from '../resources/index.ts';
import type { Synonyms } from '../search/synonyms.ts';
import { batches } from './batches.ts';
import type { Store } from './open.ts';
import { asReader, type Reader, type Writer } from './portable/index.ts';
import { labelsOf } from './read.ts';
import { OPEN_END, type Tables } from './tables.ts';
import { closeVersions, insertVersions, type NewVersion } from './versions.ts';

export interface ImportOptions {
  author: string;
  note: string;
  /** The clock; a revision is never recorded before the one that came before it. */
  now?: () => Date;
  /** Leave a dossier alone that the store has seen before, whatever it holds now. */
  onlyIfNew?: boolean;
}

export interface ImportOutcome {
  /** Null if nothing was to be done. */
  revision: number | null;
  added: number;
  modified: number;
  unchanged: number;
}

/** A dossier that is sound in itself but does not fit what the store holds. */
export class ImportConflict extends Error {
  readonly conflicts: string[];

  constructor(conflicts: string[]) {
    super(conflicts.join('\n'));
    this.conflicts = conflicts;
  }
}

/** Imports a checked dossier as one revision, or not at all. */
export function importDossier(
  store: Store,
  dossier: CheckedDossier,
  { author, note, now = () => new Date(), onlyIfNew = false }: ImportOptions,
): Promise<ImportOutcome> {
  return store.write(async (db) => {
    const stored = await storedDossier(asReader(db), dossier.id);
    const same = stored?.source === dossier.files.source && stored.facts === dossier.files.facts;
    if (stored && (onlyIfNew || same)) return NOTHING_DONE;
    const revision = await insertRevision(db, { author, note, now });
    await insertDossier(db, revision, dossier);
    return { revision, ...(await applyFacts(db, revision, dossier, store.synonyms)) };
  });
}

/** What the store last received under this id. */
export function storedDossier(
  db: Reader,
  id: string,
): Promise<{ source: string; facts: string } | undefined> {
  return db
    .selectFrom('dossier')
    .select(['source', 'facts'])
    .where('id', '=', id)
    .orderBy('rev_from', 'desc')
    .limit(1)
    .executeTakeFirst();
}

const NOTHING_DONE: ImportOutcome = { revision: null, added: 0, modified: 0, unchanged: 0 };

async function insertRevision(
  db: Writer,
  { author, note, now }: { author: string; note: string; now: () => Date },
): Promise<number> {
  const last = await db
    .selectFrom('revision')
    .select(['n', 'recorded_at'])
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
  const n = (last?.n ?? 0) + 1;
  const clock = now().toISOString();
  const recorded_at = last && last.recorded_at > clock ? last.recorded_at : clock;
  await db.insertInto('revision').values({ n, recorded_at, author, note }).execute();
  return n;
}

async function insertDossier(
  db: Writer,
  revision: number,
  { id, files, source }: CheckedDossier,
): Promise<void> {
  await db
    .updateTable('dossier')
    .set({ rev_to: revision })
    .where('id', '=', id)
    .where('rev_to', '=', OPEN_END)
    .execute();
  await db
    .insertInto('dossier')
    .values({
      id,
      rev_from: revision,
      rev_to: OPEN_END,
      sha256: source.sha256,
      source: files.source,
      facts: files.facts,
    })
    .execute();
}

type StoredVersion = Pick<Tables['fact'], 'type' | 'id' | 'version' | 'label' | 'reported_on' | 'body'> & {
  row: number;
};

/** Writes the versions that a dossier makes at `revision`: pure in dossier and store, so it can be replayed. */
export async function applyFacts(
  db: Writer,
  revision: number,
  dossier: CheckedDossier,
  synonyms: Synonyms,
): Promise<Omit<ImportOutcome, 'revision'>> {
  const before = await db
    .selectFrom('fact')
    .select(['row', 'type', 'id', 'version', 'label', 'reported_on', 'body'])
    .where('document', '=', dossier.id)
    .where('rev_to', '=', OPEN_END)
    .execute();
  const stored = new Map<string, StoredVersion>(before.map((version) => [keyOf(version), version]));
  await refuseConflicts(db, dossier, stored);

  const labels = await labelsFor(db, revision, dossier);
  const { last } = await db
    .selectFrom('fact')
    .select((eb) => eb.fn.coalesce(eb.fn.max('row'), eb.lit(0)).as('last'))
    .executeTakeFirstOrThrow();
  const versions = dossier.facts.map((fact) => ({
    previous: stored.get(keyOf(fact)),
    next: versionOf(fact, dossier, labels(fact), revision),
  }));
  const changed = versions
    .filter(({ previous, next }) => !previous || !sameVersion(previous, next))
    .map(({ previous, next }, index) => ({
      previous,
      next: { ...next, version: (previous?.version ?? 0) + 1, row: last + index + 1 },
    }));

  await closeVersions(
    db,
    revision,
    changed.flatMap(({ previous }) => previous?.row ?? []),
  );
  await insertVersions(
    db,
    changed.map(({ next }) => next),
    synonyms,
  );
  const modified = changed.filter(({ previous }) => previous).length;
  return {
    added: changed.length - modified,
    modified,
    unchanged: versions.length - changed.length,
  };
}

function versionOf(fact: CheckedFact, dossier: CheckedDossier, label: string, revision: number): NewVersion {
  const { type, id, body } = fact;
  return {
    row: 0,
    type,
    id,
    version: 0,
    rev_from: revision,
    rev_to: OPEN_END,
    label,
    reported_on: dossier.publishedOn,
    retracted: null,
    document: dossier.id,
    body: JSON.stringify(body),
  };
}

const sameVersion = (a: StoredVersion, b: NewVersion): boolean =>
  a.body === b.body && a.label === b.label && a.reported_on === b.reported_on;

/** A fact has one home, and none is dropped in silence. */
async function refuseConflicts(
  db: Writer,
  dossier: CheckedDossier,
  stored: Map<string, StoredVersion>,
): Promise<void> {
  const given = new Set(dossier.facts.map(keyOf));
  const leftOut = [...stored.keys()].filter((key) => !given.has(key));
  const conflicts = leftOut.map((key) => `${key} is in the store and left out of dossier ${dossier.id}`);
  for (const batch of batches(dossier.facts.filter((fact) => !stored.has(keyOf(fact))))) {
    const taken = await db
      .selectFrom('fact')
      .select(['type', 'id', 'document'])
      .where((eb) => eb.or(batch.map(({ type, id }) => eb.and({ type, id }))))
      .where('rev_to', '=', OPEN_END)
      .orderBy('type')
      .orderBy('id')
      .execute();
    for (const fact of taken) {
      conflicts.push(
        `${keyOf(fact)} has its home in dossier ${fact.document}, and ${dossier.id} gives it too`,
      );
    }
  }
  if (conflicts.length > 0) throw new ImportConflict(conflicts);
}

/** Labels of the dossier's facts, each worked out once; facts of other dossiers have theirs in the store. */
async function labelsFor(
  db: Writer,
  revision: number,
  dossier: CheckedDossier,
): Promise<(reference: Reference) => string> {
  const facts = new Map(dossier.facts.map((fact) => [keyOf(fact), fact]));
  const foreign = dossier.facts
    .flatMap(({ type, body }) => resourceOf(type).referencePaths.flatMap((path) => valuesAt(body, path)))
    .filter((reference) => !facts.has(keyOf(reference as Reference))) as Reference[];
  const elsewhere = await labelsOf(asReader(db), revision, foreign);
  const known = new Map<string, string>();
  const name = (reference: Reference): string => {
    const key = keyOf(reference);
    const fact = facts.get(key);
    if (!fact) return elsewhere.get(key)?.label ?? reference.id;
    // Set before it is worked out: two facts that name each other end here instead of going round.
    if (!known.has(key)) known.set(key, reference.id);
    else return known.get(key) as string;
    const label = resourceOf(fact.type).label(fact.body as never, name);
    known.set(key, label);
    return label;
  };
  return name;
}

/** Checks a dossier; its references may lead to facts that the store holds. */
export const checkAgainst = ({ read }: Pick<Store, 'read'>, files: DossierFiles): Promise<CheckResult> =>
  checkDossier(files, (references) => read((db) => existing(db, references)));

/** Which of these facts the store holds, as `type/id`. */
async function existing(db: Reader, references: Reference[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const batch of batches(references)) {
    const rows = await db
      .selectFrom('identity')
      .select(['type', 'id'])
      .where((eb) => eb.or(batch.map(({ type, id }) => eb.and({ type, id }))))
      .execute();
    for (const row of rows) found.add(keyOf(row));
  }
  return found;
}
