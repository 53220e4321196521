/** What a client can have done to a dossier: checked, imported, deleted. */
import type { CheckedDossier, DossierFiles } from '../dossier/validate.ts';
import type { CheckProblem } from '../dossier/validation-errors.ts';
import { matches } from '../http/etag.ts';
import { Problem, type ProblemCode, type ProblemError } from '../lib/problem-details.ts';
import {
  checkAgainst,
  ImportConflict,
  type ImportOutcome,
  importDossier,
  outcomeOf,
  planFor,
  removeDossier,
} from '../store/import/import-dossier.ts';
import type { Store } from '../store/open.ts';
import {
  dossierNow,
  factsIn,
  redactedText,
  redactionOf,
  type StoredDossier,
} from '../store/queries/dossiers.ts';
import { dossierTag } from './etag.ts';
import { readSent, type SentDossier } from './parse-submission.ts';

export interface Sent {
  id: string;
  mediaType: string;
  body: Uint8Array;
  note: string | null;
}

/** What a client believes of the dossier: the headers, as they came. */
export interface Preconditions {
  ifMatch: string | null;
  ifNoneMatch: string | null;
}

export interface Import extends Sent, Preconditions {
  author: string;
  reviewer: string | null;
}

export interface Removal extends Preconditions {
  id: string;
  author: string;
  reviewer: string | null;
  reason: string;
}

type Touches = Omit<ImportOutcome, 'revision'>;

export interface Receipt extends Touches {
  /** The revision that brought the dossier, or took it away. */
  revision: number;
  /** What it did now; `none` if the dossier was just that already. */
  action: 'created' | 'replaced' | 'deleted' | 'none';
}

export interface Verdict extends Touches {
  /** At most so many as an answer lists. */
  problems: ProblemError[];
  problemCount: number;
}

export async function importSent(store: Store, job: Import, now?: () => Date): Promise<Receipt> {
  const { id, author, reviewer, note } = job;
  const stored = await store.read((db) => dossierNow(db, id));
  refuseUnconditional(job, stored);
  const sent = readUnlessStale(job, stored);
  // Before If-Match has its say: a client that lost the answer sends the same again, with the ETag of before.
  if (stored && isSame(sent, stored)) return alreadyThere(stored);
  refuseStale(job, stored);
  const { dossier, problems } = await soundIn(store, id, sent, stored);
  if (!dossier)
    throw refused(
      problems.some(({ code }) => code === 'redacted-text') ? 'conflict' : 'invalid-dossier',
      problems,
    );
  let action: 'created' | 'replaced' = 'created';
  const admit = (current: StoredDossier | undefined) => {
    refuseUnconditional(job, current);
    refuseStale(job, current);
    if (sent.source === null && current?.source !== stored?.source) throw changedMeanwhile(id);
    if (current) action = 'replaced';
  };
  const options = { author, note, reviewer, admit, ...(now && { now }) };
  const { revision, ...touches } = await importDossier(store, dossier, options).catch(conflictAsProblem);
  if (revision !== null) return { revision, action, ...touches };
  // Somebody else has brought the very same meanwhile.
  const current = await store.read((db) => dossierNow(db, id));
  if (!current) throw changedMeanwhile(id);
  return alreadyThere(current);
}

/** A body that cannot be read counts for less than that the dossier has changed. */
function readUnlessStale(job: Import, stored: StoredDossier | undefined): SentDossier {
  try {
    return readSent(job.mediaType, job.body);
  } catch (error) {
    refuseStale(job, stored);
    throw error;
  }
}

const alreadyThere = (stored: StoredDossier): Receipt => ({
  revision: stored.revision,
  action: 'none',
  ...NOTHING,
  unchanged: factsIn(stored),
});

const changedMeanwhile = (id: string): Problem =>
  new Problem('precondition-failed', `The dossier ${id} was changed while this one was being looked at.`);

const conflictAsProblem = (error: unknown): never => {
  throw error instanceof ImportConflict ? refused('conflict', error.problems) : error;
};

/** What an import would do, and everything that stands in its way; nothing is written. */
export async function checkSent(store: Store, { id, mediaType, body, note }: Sent): Promise<Verdict> {
  const stored = await store.read((db) => dossierNow(db, id));
  const sent = readSent(mediaType, body);
  if (stored && isSame(sent, stored)) return verdict({ ...NOTHING, unchanged: factsIn(stored) }, []);
  const { dossier, problems } = await soundIn(store, id, sent, stored);
  if (!dossier) return verdict(NOTHING, problems);
  const plan = await store.read((db) => planFor(db, dossier, note));
  return verdict(outcomeOf(plan), plan.problems);
}

const verdict = (touches: Touches, problems: CheckProblem[]): Verdict => ({
  ...touches,
  problems: errorsOf(problems),
  problemCount: problems.length,
});

export async function removeStored(store: Store, job: Removal, now?: () => Date): Promise<Receipt> {
  const { id, author, reviewer, reason } = job;
  const admit = (current: StoredDossier) => {
    if (job.ifMatch === null) throw preconditionRequired(id);
    refuseStale(job, current);
  };
  const options = { author, reason, reviewer, admit, ...(now && { now }) };
  const done = await removeDossier(store, id, options).catch(conflictAsProblem);
  if (!done) throw new Problem('not-found', `There is no dossier with the id ${id}.`);
  return { ...done, action: 'deleted' };
}

/** What was sent, checked against its text: the one that came along, or the one that the store has. */
async function soundIn(
  store: Store,
  id: string,
  sent: SentDossier,
  stored: StoredDossier | undefined,
): Promise<{ dossier: CheckedDossier | null; problems: CheckProblem[] }> {
  const redaction = await store.read((db) => redactionOf(db, id));
  // The text that may be left out is not there to be checked against.
  if (redaction) {
    const place = {
      file: 'facts.yaml',
      pointer: '/document/id',
      ...sent.parsed.positionOf(['document', 'id']),
    } as const;
    return {
      dossier: null,
      problems: [{ code: 'redacted-text', message: redactedText(id, redaction), ...place }],
    };
  }
  return checkAgainst(store, filesOf(id, sent, stored), sent.parsed);
}

const NOTHING: Touches = { added: [], modified: [], retracted: [], unchanged: 0 };

/** Whether what was sent is what is there, to the letter in YAML, in what it says in JSON. */
const isSame = ({ source, equals }: SentDossier, stored: StoredDossier): boolean =>
  (source === null || source === stored.source) && equals(stored);

function filesOf(id: string, sent: SentDossier, stored: StoredDossier | undefined): DossierFiles {
  const source = sent.source ?? stored?.source;
  if (source !== undefined) return { id, source, facts: sent.facts };
  const detail = 'text is missing: it may be left out only where the store has it';
  throw new Problem('invalid-dossier', detail, [{ pointer: '/text', code: 'text-missing', detail }]);
}

/** Whoever overwrites says what is overwritten; `If-None-Match: *` says that nothing is to be. */
function refuseUnconditional(
  { ifMatch, ifNoneMatch }: Preconditions,
  stored: StoredDossier | undefined,
): void {
  if (stored && ifMatch === null && ifNoneMatch?.trim() !== '*') throw preconditionRequired(stored.id);
}

const preconditionRequired = (id: string): Problem =>
  new Problem('precondition-required', `The dossier ${id} is there already: send If-Match with its ETag.`);

function refuseStale({ ifMatch, ifNoneMatch }: Preconditions, stored: StoredDossier | undefined): void {
  const tag = stored && dossierTag(stored);
  const named = (list: string) => tag !== undefined && (list.trim() === '*' || matches(list, tag));
  // A weak tag never matches where something is to be written.
  if (ifMatch !== null && !named(ifMatch.replaceAll(/W\/"[^"]*"/g, ''))) {
    throw new Problem(
      'precondition-failed',
      tag
        ? `The dossier has the ETag ${tag} by now.`
        : 'There is no such dossier, so that no ETag can match.',
    );
  }
  if (ifNoneMatch !== null && named(ifNoneMatch)) {
    throw new Problem('precondition-failed', `The dossier is there, with the ETag ${tag}.`);
  }
}

/** How many problems an answer lists; whoever has more begins with these. */
const MAX_ERRORS = 1_000;

function refused(code: ProblemCode, problems: CheckProblem[]): Problem {
  const [first] = problems;
  const more = problems.length > 1 ? ` (the first of ${problems.length})` : '';
  return new Problem(code, `${first?.message ?? ''}${more}`, errorsOf(problems));
}

const errorsOf = (problems: CheckProblem[]): ProblemError[] =>
  problems.slice(0, MAX_ERRORS).map(({ file, pointer, code, message: detail, line, column }) => ({
    pointer: file === 'source.txt' ? '/text' : pointer,
    code,
    detail,
    line,
    column,
  }));
