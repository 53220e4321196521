/** Import and deletion of a dossier, each as one revision. */

import { type ExpressionBuilder, type Insertable, sql } from 'kysely';
import type { ParseResult } from '../../dossier/parse-yaml.ts';
import {
  type DossierContent,
  type DossierFiles,
  type ValidatedDossier,
  type ValidationResult,
  validateDossier,
} from '../../dossier/validate.ts';
import type { ValidationProblem } from '../../dossier/validation-errors.ts';
import type { ReportProgress } from '../../lib/progress.ts';
import type { Cause } from '../../model/change.ts';
import { refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import type { Synonyms } from '../../search/synonyms.ts';
import { asReader, query, type Reader, type Writer } from '../database.ts';
import type { Revision } from '../latest-revision.ts';
import type { Store } from '../open.ts';
import {
  findCurrentDossier,
  findRedaction,
  formatRedactionMessage,
  hasBeenImported,
  type StoredDossier,
} from '../queries/dossiers.ts';
import { countVersions } from '../queries/facts.ts';
import { findIdentities, findIdentitiesLike } from '../queries/identities.ts';
import { latestRevision } from '../queries/revisions.ts';
import { CURRENT, type Tables } from '../schema.ts';
import { replaceContributions } from './contributions.ts';
import type { PendingVersion } from './pending-versions.ts';
import { planDeletion } from './plan/deletion.ts';
import { type ImportPlan, type PlannedChange, type PlanOptions, planChanges } from './plan/index.ts';
import { closeVersions, insertIdentities, insertVersions, type NewVersion } from './write-versions.ts';

export interface ImportOptions {
  author: string;
  /** Note of the revision, and reason of corrections to the dossier's own facts; null if omitted. */
  note: string | null;
  reviewer?: string | null;
  /** Clock; even if it is set back, no revision gets an earlier time than the previous one. */
  now?: () => Date;
  /** Skips a dossier that was ever imported, whatever it contains now. */
  onlyIfNew?: boolean;
  /** Called with the stored dossier once the write lock is held; throws to prevent the import. */
  assertAllowed?: (current: StoredDossier | undefined) => void;
  /** Called with the number of versions written so far. */
  onProgress?: ReportProgress;
}

/** Fact that an import has changed, or would change in a dry run. */
export interface ChangedFact extends Reference {
  label: string;
  cause: Cause;
}

export interface ImportOutcome {
  /** Null if there was nothing to do. */
  revision: number | null;
  added: ChangedFact[];
  modified: ChangedFact[];
  retracted: ChangedFact[];
  /** Number of the dossier's facts that do not change. */
  unchanged: number;
}

/** Conflict of a dossier that is valid in itself with the facts in the store. */
export class ImportConflict extends Error {
  readonly problems: ValidationProblem[];

  constructor(problems: ValidationProblem[]) {
    super(problems.map(({ message }) => message).join('\n'));
    this.problems = problems;
  }
}

/** True if the store has exactly these files, so that importing them would change nothing. */
export const isStored = async (db: Reader, files: DossierFiles): Promise<boolean> =>
  hasFiles(await findCurrentDossier(db, files.id), files);

const hasFiles = (stored: StoredDossier | undefined, { source, facts }: DossierFiles): boolean =>
  stored?.source === source && stored.facts === facts;

/** Imports a validated dossier as one revision, or not at all. */
export function importDossier(
  store: Pick<Store, 'write' | 'synonyms'>,
  dossier: ValidatedDossier,
  {
    author,
    note,
    reviewer = null,
    now = systemClock,
    onlyIfNew = false,
    assertAllowed,
    onProgress,
  }: ImportOptions,
): Promise<ImportOutcome> {
  return store.write(async (db) => {
    if (onlyIfNew && (await hasBeenImported(asReader(db), dossier.id))) return EMPTY_OUTCOME;
    const storedDossier = await findCurrentDossier(asReader(db), dossier.id);
    if (hasFiles(storedDossier, dossier.files)) {
      return { ...EMPTY_OUTCOME, unchanged: dossier.facts.length };
    }
    assertAllowed?.(storedDossier);
    const revisionNote = note ?? `Import of ${dossier.id}`;
    const revision = await insertRevision(
      db,
      { author, note: revisionNote, reviewer, dossier: dossier.id, action: 'import' },
      now,
    );
    await closeDossier(db, revision, dossier.id);
    await insertDossier(db, revision, dossier);
    const plan = await planImport(asReader(db), dossier, note, revision);
    if (plan.problems.length > 0) throw new ImportConflict(plan.problems);
    await applyPlan(db, revision, plan, store.synonyms, onProgress);
    return { revision, ...summarizePlan(plan) };
  });
}

export interface RemovalOptions extends Pick<ImportOptions, 'author' | 'reviewer' | 'now'> {
  /** Note of the revision, and reason of all retractions. */
  reason: string;
  /** Called with the stored dossier once the write lock is held; throws to prevent the deletion. */
  assertAllowed?: (current: StoredDossier) => void;
}

/** Deletes a dossier as one revision and retracts its facts. Returns null if there is no such dossier. */
export function removeDossier(
  store: Store,
  id: string,
  { author, reason, reviewer = null, now = systemClock, assertAllowed }: RemovalOptions,
): Promise<(ImportOutcome & { revision: number }) | null> {
  return store.write(async (db) => {
    const storedDossier = await findCurrentDossier(asReader(db), id);
    if (!storedDossier) return null;
    assertAllowed?.(storedDossier);
    const plan = await planDeletion(asReader(db), id, reason);
    if (plan.problems.length > 0) throw new ImportConflict(plan.problems);
    const revision = await insertRevision(
      db,
      { author, note: reason, reviewer, dossier: id, action: 'delete' },
      now,
    );
    await closeDossier(db, revision, id);
    await applyPlan(db, revision, plan, store.synonyms);
    return { revision, ...summarizePlan(plan) };
  });
}

const systemClock = () => new Date();

/** Plans an import as `revision`, or as a dry run. Rejects a dossier whose text was redacted. */
export async function planImport(
  db: Reader,
  dossier: DossierContent,
  note: string | null,
  revision = CURRENT,
): Promise<ImportPlan> {
  const redaction = await findRedaction(db, dossier.id);
  if (!redaction) return replanImport(db, dossier, note, revision);
  const problem = dossier.createProblem(
    'redacted-text',
    ['document', 'id'],
    formatRedactionMessage(dossier.id, redaction),
  );
  return { changes: [], unchanged: 0, renames: [], contributions: [], problems: [problem] };
}

/** Plans an import without checking for redaction: imports from before one are replayed without the text. */
export async function replanImport(
  db: Reader,
  dossier: DossierContent,
  note: string | null,
  revision: number,
): Promise<ImportPlan> {
  return planChanges(db, dossier, { ...(await findFirstRevision(db, dossier.id)), revision, reason: note });
}

/** Finds the first revision of a dossier; one that was never imported gets a revision after all others. */
async function findFirstRevision(
  db: Reader,
  id: string,
): Promise<Pick<PlanOptions, 'firstRevision' | 'firstRecordedOn'>> {
  const [first] = await query(
    db,
    sql<Revision>`select r.n, r.recorded_at as "recordedAt"
      from dossier as d join revision as r on r.n = d.rev_from where d.id = ${id} order by r.n limit 1`,
  );
  return first
    ? { firstRevision: first.n, firstRecordedOn: first.recordedAt.slice(0, 10) }
    : { firstRevision: CURRENT, firstRecordedOn: new Date().toISOString().slice(0, 10) };
}

/** Lists the changed facts of a plan. */
export function summarizePlan({ changes, unchanged }: ImportPlan): Omit<ImportOutcome, 'revision'> {
  const toChangedFact = ({ pendingVersion: { type, id, label }, cause }: PlannedChange) => ({
    type,
    id,
    label,
    cause,
  });
  const selectChanges = (predicate: (change: PlannedChange) => boolean) =>
    changes.filter(predicate).map(toChangedFact);
  return {
    added: selectChanges(({ cause }) => cause === 'addition'),
    modified: selectChanges(({ cause }) => cause !== 'addition' && cause !== 'retraction'),
    retracted: selectChanges(({ cause }) => cause === 'retraction'),
    unchanged,
  };
}

const EMPTY_OUTCOME: ImportOutcome = { revision: null, added: [], modified: [], retracted: [], unchanged: 0 };

/** Inserts the next revision and returns its number. */
export async function insertRevision(
  db: Writer,
  revisionInfo: Pick<Insertable<Tables['revision']>, 'author' | 'note' | 'reviewer' | 'dossier' | 'action'>,
  now: () => Date,
): Promise<number> {
  const last = await latestRevision(asReader(db));
  const n = (last?.n ?? 0) + 1;
  const currentTime = now().toISOString();
  const recorded_at = last && last.recordedAt > currentTime ? last.recordedAt : currentTime;
  await db
    .insertInto('revision')
    .values({
      n,
      recorded_at,
      redaction: revisionInfo.action === 'redact' ? n : (last?.redaction ?? 0),
      ...revisionInfo,
    })
    .execute();
  return n;
}

async function closeDossier(db: Writer, revision: number, id: string): Promise<void> {
  await db
    .updateTable('dossier')
    .set({ rev_to: revision })
    .where('id', '=', id)
    .where('rev_to', '=', CURRENT)
    .execute();
}

async function insertDossier(
  db: Writer,
  revision: number,
  { id, files: { source, facts }, sha256, sections }: ValidatedDossier,
): Promise<void> {
  await db
    .insertInto('dossier')
    .values({
      id,
      rev_from: revision,
      rev_to: CURRENT,
      sha256,
      source,
      facts,
      as_json: JSON.stringify(sections),
      checked: null,
    })
    .execute();
}

/** Writes everything that a plan contains, as `revision`. */
export async function applyPlan(
  db: Writer,
  revision: number,
  { changes, renames, contributions }: ImportPlan,
  synonyms: Synonyms,
  onProgress?: ReportProgress,
): Promise<void> {
  const lastRow = await countVersions(asReader(db));
  const versions = changes.map((change, index) => toNewVersion(change, revision, lastRow + index + 1));
  await closeVersions(
    db,
    revision,
    changes.flatMap(({ pendingVersion }) => pendingVersion.previous?.row ?? []),
  );
  const facts = versions.map(({ factRow }) => factRow);
  await insertIdentities(db, [...facts, ...renames.map(({ from }) => from)]);
  for (const { from, to } of renames) {
    await db.updateTable('identity').set({ renamed_to: to.id }).where(matchesFact(from)).execute();
    await db.deleteFrom('contribution').where(matchesFact(from)).execute();
  }
  await insertVersions(db, versions, synonyms, onProgress);
  for (const { fact, home, others } of contributions) await replaceContributions(db, fact, home, others);
}

const matchesFact =
  ({ type, id }: Reference) =>
  (eb: ExpressionBuilder<Tables, 'identity' | 'contribution'>) =>
    eb.and([eb('type', '=', type), eb('id', '=', id)]);

function toNewVersion(
  { pendingVersion, cause, reason }: PlannedChange,
  revision: number,
  row: number,
): NewVersion {
  const { type, id, previous, label, document, reportedOn, retracted, body }: PendingVersion = pendingVersion;
  const factRow = {
    row,
    type,
    id,
    version: (previous?.version ?? 0) + 1,
    rev_from: revision,
    rev_to: CURRENT,
    label,
    reported_on: reportedOn,
    // A fact that is already retracted keeps its earlier revision and reason.
    retracted:
      retracted === null ? null : (previous?.retracted ?? JSON.stringify({ revision, reason: retracted })),
    document,
    body: JSON.stringify(body),
    cause,
    reason,
  };
  return { factRow, body };
}

/** Validates a dossier; its references may point to facts in the store. */
export const validateAgainstStore = (
  { read }: Pick<Store, 'read'>,
  files: DossierFiles,
  parsed?: ParseResult,
): Promise<ValidationResult> =>
  validateDossier(files, (references) => read((db) => findKnownFacts(db, references)), parsed);

/** Finds those of these facts that the store has or had, as `type/id`, and facts with similar ids for the others. */
export async function findKnownFacts(db: Reader, references: Reference[]): Promise<Set<string>> {
  const knownKeys = new Set((await findIdentities(db, references)).keys());
  const unknown = references.filter((reference) => !knownKeys.has(refKey(reference)));
  for (const reference of await findIdentitiesLike(db, unknown)) knownKeys.add(refKey(reference));
  return knownKeys;
}
