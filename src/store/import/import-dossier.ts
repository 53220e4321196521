/** Importing: one checked dossier, one revision; and deleting one. */

import type { ExpressionBuilder, Insertable } from 'kysely';
import type { Parsed } from '../../dossier/parse-yaml.ts';
import {
  type CheckedDossier,
  type CheckResult,
  checkDossier,
  type DossierContent,
  type DossierFiles,
} from '../../dossier/validate.ts';
import type { CheckProblem } from '../../dossier/validation-errors.ts';
import type { Progress } from '../../lib/progress.ts';
import type { Cause } from '../../model/change.ts';
import type { Reference } from '../../model/fields.ts';
import type { Synonyms } from '../../search/synonyms.ts';
import { asReader, type Reader, type Writer } from '../database.ts';
import type { Store } from '../open.ts';
import { dossierNow, hasSeen, redactedText, redactionOf, type StoredDossier } from '../queries/dossiers.ts';
import { identitiesOf } from '../queries/identities.ts';
import { OPEN_END, type Tables } from '../schema.ts';
import { replaceContributions } from './contributions.ts';
import type { Draft } from './pending-versions.ts';
import { planDeletion } from './plan/deletion.ts';
import { type Plan, type PlannedChange, type PlanOptions, planImport } from './plan/index.ts';
import { closeVersions, insertIdentities, insertVersions, type NewVersion } from './write-versions.ts';

export interface ImportOptions {
  author: string;
  /** What the import is about, and why the dossier's own facts are corrected; null where nobody said. */
  note: string | null;
  reviewer?: string | null;
  /** The clock; a revision is never recorded before the one that came before it. */
  now?: () => Date;
  /** Leave a dossier alone that the store has seen before, whatever it holds now. */
  onlyIfNew?: boolean;
  /** Asked when the turn to write has come, of the dossier as it stands then: throws if nothing may be done. */
  admit?: (now: StoredDossier | undefined) => void;
  /** Is told how many versions are written. */
  onProgress?: Progress;
}

/** A fact that an import has touched, or would. */
export interface Touched extends Reference {
  label: string;
  cause: Cause;
}

export interface ImportOutcome {
  /** Null if nothing was to be done. */
  revision: number | null;
  added: Touched[];
  modified: Touched[];
  retracted: Touched[];
  /** How many of the dossier's facts stay as they are. */
  unchanged: number;
}

/** A dossier that is sound in itself but does not fit what the store holds. */
export class ImportConflict extends Error {
  readonly problems: CheckProblem[];

  constructor(problems: CheckProblem[]) {
    super(problems.map(({ message }) => message).join('\n'));
    this.problems = problems;
  }
}

/** Imports a checked dossier as one revision, or not at all. */
export function importDossier(
  store: Pick<Store, 'write' | 'synonyms'>,
  dossier: CheckedDossier,
  { author, note, reviewer = null, now = clock, onlyIfNew = false, admit, onProgress }: ImportOptions,
): Promise<ImportOutcome> {
  return store.write(async (db) => {
    if (onlyIfNew && (await hasSeen(asReader(db), dossier.id))) return NOTHING_DONE;
    const stored = await dossierNow(asReader(db), dossier.id);
    if (stored?.source === dossier.files.source && stored.facts === dossier.files.facts) {
      return { ...NOTHING_DONE, unchanged: dossier.facts.length };
    }
    admit?.(stored);
    const told = note ?? `Import of ${dossier.id}`;
    const revision = await insertRevision(
      db,
      { author, note: told, reviewer, dossier: dossier.id, action: 'import' },
      now,
    );
    await closeDossier(db, revision, dossier.id);
    await insertDossier(db, revision, dossier);
    const plan = await planFor(asReader(db), dossier, note, revision);
    if (plan.problems.length > 0) throw new ImportConflict(plan.problems);
    await applyPlan(db, revision, plan, store.synonyms, onProgress);
    return { revision, ...outcomeOf(plan) };
  });
}

export interface RemovalOptions extends Pick<ImportOptions, 'author' | 'reviewer' | 'now'> {
  /** Why it is withdrawn. */
  reason: string;
  /** As of an import. */
  admit?: (now: StoredDossier) => void;
}

/** Deletes a dossier as one revision: it is there no more, its facts are retracted. Null if there is none. */
export function removeDossier(
  store: Store,
  id: string,
  { author, reason, reviewer = null, now = clock, admit }: RemovalOptions,
): Promise<(ImportOutcome & { revision: number }) | null> {
  return store.write(async (db) => {
    const stored = await dossierNow(asReader(db), id);
    if (!stored) return null;
    admit?.(stored);
    const plan = await planDeletion(asReader(db), id, reason);
    if (plan.problems.length > 0) throw new ImportConflict(plan.problems);
    const revision = await insertRevision(
      db,
      { author, note: reason, reviewer, dossier: id, action: 'delete' },
      now,
    );
    await closeDossier(db, revision, id);
    await applyPlan(db, revision, plan, store.synonyms);
    return { revision, ...outcomeOf(plan) };
  });
}

const clock = () => new Date();

/** What an import would do now, or as `revision`, of a dossier that the store has or has not seen. */
export async function planFor(
  db: Reader,
  dossier: DossierContent,
  note: string | null,
  revision = OPEN_END,
): Promise<Plan> {
  const redaction = await redactionOf(db, dossier.id);
  if (!redaction) return planAnew(db, dossier, note, revision);
  const problem = dossier.problemAt('redacted-text', ['document', 'id'], redactedText(dossier.id, redaction));
  return { changes: [], unchanged: 0, renames: [], contributions: [], problems: [problem] };
}

/** What an import does, or did: those from before a redaction are gone through again without the text. */
export async function planAnew(
  db: Reader,
  dossier: DossierContent,
  note: string | null,
  revision: number,
): Promise<Plan> {
  return planImport(db, dossier, { ...(await firstOf(db, dossier.id)), revision, reason: note });
}

/** When the store first saw a dossier; of one that it never saw, a time after all others. */
async function firstOf(
  db: Reader,
  id: string,
): Promise<Pick<PlanOptions, 'firstRevision' | 'firstRecorded'>> {
  const first = await db
    .selectFrom('dossier')
    .innerJoin('revision', 'n', 'rev_from')
    .select(['n', 'recorded_at'])
    .where('id', '=', id)
    .orderBy('n')
    .limit(1)
    .executeTakeFirst();
  return first
    ? { firstRevision: first.n, firstRecorded: first.recorded_at.slice(0, 10) }
    : { firstRevision: OPEN_END, firstRecorded: new Date().toISOString().slice(0, 10) };
}

/** What a plan comes to. */
export function outcomeOf({ changes, unchanged }: Plan): Omit<ImportOutcome, 'revision'> {
  const touched = ({ draft: { type, id, label }, cause }: PlannedChange) => ({ type, id, label, cause });
  const of = (wanted: (change: PlannedChange) => boolean) => changes.filter(wanted).map(touched);
  return {
    added: of(({ cause }) => cause === 'addition'),
    modified: of(({ cause }) => cause !== 'addition' && cause !== 'retraction'),
    retracted: of(({ cause }) => cause === 'retraction'),
    unchanged,
  };
}

const NOTHING_DONE: ImportOutcome = { revision: null, added: [], modified: [], retracted: [], unchanged: 0 };

/** Notes that something is done, and gives it the next number. */
export async function insertRevision(
  db: Writer,
  told: Pick<Insertable<Tables['revision']>, 'author' | 'note' | 'reviewer' | 'dossier' | 'action'>,
  now: () => Date,
): Promise<number> {
  const last = await db
    .selectFrom('revision')
    .select(['n', 'recorded_at', 'redaction'])
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
  const n = (last?.n ?? 0) + 1;
  const clock = now().toISOString();
  const recorded_at = last && last.recorded_at > clock ? last.recorded_at : clock;
  await db
    .insertInto('revision')
    .values({ n, recorded_at, redaction: told.action === 'redact' ? n : (last?.redaction ?? 0), ...told })
    .execute();
  return n;
}

async function closeDossier(db: Writer, revision: number, id: string): Promise<void> {
  await db
    .updateTable('dossier')
    .set({ rev_to: revision })
    .where('id', '=', id)
    .where('rev_to', '=', OPEN_END)
    .execute();
}

async function insertDossier(
  db: Writer,
  revision: number,
  { id, files: { source, facts }, sha256, sections }: CheckedDossier,
): Promise<void> {
  await db
    .insertInto('dossier')
    .values({
      id,
      rev_from: revision,
      rev_to: OPEN_END,
      sha256,
      source,
      facts,
      as_json: JSON.stringify(sections),
      checked: null,
    })
    .execute();
}

/** Writes the versions that a plan makes, at `revision`. */
export async function applyPlan(
  db: Writer,
  revision: number,
  { changes, renames, contributions }: Plan,
  synonyms: Synonyms,
  onProgress?: Progress,
): Promise<void> {
  const { last } = await db
    .selectFrom('fact')
    .select((eb) => eb.fn.coalesce(eb.fn.max('row'), eb.lit(0)).as('last'))
    .executeTakeFirstOrThrow();
  const versions = changes.map((change, index) => versionOf(change, revision, last + index + 1));
  await closeVersions(
    db,
    revision,
    changes.flatMap(({ draft }) => draft.previous?.row ?? []),
  );
  const facts = versions.map(({ written }) => written);
  await insertIdentities(db, [...facts, ...renames.map(({ from }) => from)]);
  for (const { from, to } of renames) {
    await db.updateTable('identity').set({ renamed_to: to.id }).where(isFact(from)).execute();
    await db.deleteFrom('contribution').where(isFact(from)).execute();
  }
  await insertVersions(db, versions, synonyms, onProgress);
  for (const { fact, home, others } of contributions) await replaceContributions(db, fact, home, others);
}

const isFact =
  ({ type, id }: Reference) =>
  (eb: ExpressionBuilder<Tables, 'identity' | 'contribution'>) =>
    eb.and([eb('type', '=', type), eb('id', '=', id)]);

function versionOf({ draft, cause, reason }: PlannedChange, revision: number, row: number): NewVersion {
  const { type, id, previous, label, document, reportedOn, retracted, body }: Draft = draft;
  const written = {
    row,
    type,
    id,
    version: (previous?.version ?? 0) + 1,
    rev_from: revision,
    rev_to: OPEN_END,
    label,
    reported_on: reportedOn,
    // One that is withdrawn already was so by an earlier revision.
    retracted:
      retracted === null ? null : (previous?.retracted ?? JSON.stringify({ revision, reason: retracted })),
    document,
    body: JSON.stringify(body),
    cause,
    reason,
  };
  return { written, body };
}

/** Checks a dossier; its references may lead to facts that the store holds. */
export const checkAgainst = (
  { read }: Pick<Store, 'read'>,
  files: DossierFiles,
  parsed?: Parsed,
): Promise<CheckResult> =>
  checkDossier(files, (references) => read((db) => existing(db, references)), parsed);

/** Which of these facts the store holds or held, as `type/id`. */
export const existing = async (db: Reader, references: Reference[]): Promise<Set<string>> =>
  new Set((await identitiesOf(db, references)).keys());
