/** What a client can have done to a dossier: checked, imported, deleted. */
import type { DossierFiles, ValidatedDossier } from '../dossier/validate.ts';
import type { ValidationProblem } from '../dossier/validation-errors.ts';
import { etagMatches } from '../http/etag.ts';
import { Problem, type ProblemCode, type ProblemError } from '../lib/problem-details.ts';
import {
  ImportConflict,
  type ImportOutcome,
  importDossier,
  planImport,
  removeDossier,
  summarizePlan,
  validateAgainstStore,
} from '../store/import/import-dossier.ts';
import type { Store } from '../store/open.ts';
import {
  countDossierFacts,
  findCurrentDossier,
  findRedaction,
  formatRedactionMessage,
  type StoredDossier,
} from '../store/queries/dossiers.ts';
import { createDossierEtag } from './etag.ts';
import { parseSubmission, type Submission } from './parse-submission.ts';

export interface CheckInput {
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

export interface ImportInput extends CheckInput, Preconditions {
  author: string;
  reviewer: string | null;
}

export interface DeleteInput extends Preconditions {
  id: string;
  author: string;
  reviewer: string | null;
  reason: string;
}

type ChangeSummary = Omit<ImportOutcome, 'revision'>;

export interface ImportResult extends ChangeSummary {
  /** The revision that brought the dossier, or took it away. */
  revision: number;
  /** What it did now; `none` if the dossier was just that already. */
  action: 'created' | 'replaced' | 'deleted' | 'none';
}

export interface CheckResult extends ChangeSummary {
  /** At most so many as an answer lists. */
  problems: ProblemError[];
  problemCount: number;
}

export async function importSubmission(
  store: Store,
  input: ImportInput,
  now?: () => Date,
): Promise<ImportResult> {
  const { id, author, reviewer, note } = input;
  const stored = await store.read((db) => findCurrentDossier(db, id));
  requireWritePrecondition(input, stored);
  const submission = parseUnlessStale(input, stored);
  // Before If-Match has its say: a client that lost the answer sends the same again, with the ETag of before.
  if (stored && isUnchanged(submission, stored)) return toUnchangedResult(stored);
  checkWritePreconditions(input, stored);
  const { dossier, problems } = await validateSubmission(store, id, submission, stored);
  if (!dossier)
    throw toProblem(
      problems.some(({ code }) => code === 'redacted-text') ? 'conflict' : 'invalid-dossier',
      problems,
    );
  let action: 'created' | 'replaced' = 'created';
  const assertAllowed = (current: StoredDossier | undefined) => {
    requireWritePrecondition(input, current);
    checkWritePreconditions(input, current);
    if (submission.source === null && current?.source !== stored?.source)
      throw createConcurrentChangeProblem(id);
    if (current) action = 'replaced';
  };
  const options = { author, note, reviewer, assertAllowed, ...(now && { now }) };
  const { revision, ...changes } = await importDossier(store, dossier, options).catch(
    rethrowConflictAsProblem,
  );
  if (revision !== null) return { revision, action, ...changes };
  // Somebody else has brought the very same meanwhile.
  const current = await store.read((db) => findCurrentDossier(db, id));
  if (!current) throw createConcurrentChangeProblem(id);
  return toUnchangedResult(current);
}

/** A body that cannot be read counts for less than that the dossier has changed. */
function parseUnlessStale(input: ImportInput, stored: StoredDossier | undefined): Submission {
  try {
    return parseSubmission(input.mediaType, input.body);
  } catch (error) {
    checkWritePreconditions(input, stored);
    throw error;
  }
}

const toUnchangedResult = (stored: StoredDossier): ImportResult => ({
  revision: stored.revision,
  action: 'none',
  ...NO_CHANGES,
  unchanged: countDossierFacts(stored),
});

const createConcurrentChangeProblem = (id: string): Problem =>
  new Problem('precondition-failed', `The dossier ${id} was changed while this one was being looked at.`);

const rethrowConflictAsProblem = (error: unknown): never => {
  throw error instanceof ImportConflict ? toProblem('conflict', error.problems) : error;
};

/** What an import would do, and everything that stands in its way; nothing is written. */
export async function checkSubmission(
  store: Store,
  { id, mediaType, body, note }: CheckInput,
): Promise<CheckResult> {
  const stored = await store.read((db) => findCurrentDossier(db, id));
  const submission = parseSubmission(mediaType, body);
  if (stored && isUnchanged(submission, stored))
    return toCheckResult({ ...NO_CHANGES, unchanged: countDossierFacts(stored) }, []);
  const { dossier, problems } = await validateSubmission(store, id, submission, stored);
  if (!dossier) return toCheckResult(NO_CHANGES, problems);
  const plan = await store.read((db) => planImport(db, dossier, note));
  return toCheckResult(summarizePlan(plan), plan.problems);
}

const toCheckResult = (changes: ChangeSummary, problems: ValidationProblem[]): CheckResult => ({
  ...changes,
  problems: toProblemErrors(problems),
  problemCount: problems.length,
});

export async function deleteDossier(
  store: Store,
  input: DeleteInput,
  now?: () => Date,
): Promise<ImportResult> {
  const { id, author, reviewer, reason } = input;
  const assertAllowed = (current: StoredDossier) => {
    if (input.ifMatch === null) throw createPreconditionRequiredProblem(id);
    checkWritePreconditions(input, current);
  };
  const options = { author, reason, reviewer, assertAllowed, ...(now && { now }) };
  const deletion = await removeDossier(store, id, options).catch(rethrowConflictAsProblem);
  if (!deletion) throw new Problem('not-found', `There is no dossier with the id ${id}.`);
  return { ...deletion, action: 'deleted' };
}

/** What was sent, checked against its text: the one that came along, or the one that the store has. */
async function validateSubmission(
  store: Store,
  id: string,
  submission: Submission,
  stored: StoredDossier | undefined,
): Promise<{ dossier: ValidatedDossier | null; problems: ValidationProblem[] }> {
  const redaction = await store.read((db) => findRedaction(db, id));
  // The text that may be left out is not there to be checked against.
  if (redaction) {
    const location = {
      file: 'facts.yaml',
      pointer: '/document/id',
      ...submission.parseResult.getPosition(['document', 'id']),
    } as const;
    return {
      dossier: null,
      problems: [{ code: 'redacted-text', message: formatRedactionMessage(id, redaction), ...location }],
    };
  }
  return validateAgainstStore(store, toDossierFiles(id, submission, stored), submission.parseResult);
}

const NO_CHANGES: ChangeSummary = { added: [], modified: [], retracted: [], unchanged: 0 };

/** Whether what was sent is what is there, to the letter in YAML, in what it says in JSON. */
const isUnchanged = ({ source, equalsStored }: Submission, stored: StoredDossier): boolean =>
  (source === null || source === stored.source) && equalsStored(stored);

function toDossierFiles(id: string, submission: Submission, stored: StoredDossier | undefined): DossierFiles {
  const source = submission.source ?? stored?.source;
  if (source !== undefined) return { id, source, facts: submission.facts };
  const detail = 'text is missing: it may be left out only where the store has it';
  throw new Problem('invalid-dossier', detail, [{ pointer: '/text', code: 'text-missing', detail }]);
}

/** Whoever overwrites says what is overwritten; `If-None-Match: *` says that nothing is to be. */
function requireWritePrecondition(
  { ifMatch, ifNoneMatch }: Preconditions,
  stored: StoredDossier | undefined,
): void {
  if (stored && ifMatch === null && ifNoneMatch?.trim() !== '*')
    throw createPreconditionRequiredProblem(stored.id);
}

const createPreconditionRequiredProblem = (id: string): Problem =>
  new Problem('precondition-required', `The dossier ${id} is there already: send If-Match with its ETag.`);

function checkWritePreconditions(
  { ifMatch, ifNoneMatch }: Preconditions,
  stored: StoredDossier | undefined,
): void {
  const etag = stored && createDossierEtag(stored);
  const matchesEtag = (list: string) =>
    etag !== undefined && (list.trim() === '*' || etagMatches(list, etag));
  // A weak tag never matches where something is to be written.
  if (ifMatch !== null && !matchesEtag(ifMatch.replaceAll(/W\/"[^"]*"/g, ''))) {
    throw new Problem(
      'precondition-failed',
      etag
        ? `The dossier has the ETag ${etag} by now.`
        : 'There is no such dossier, so that no ETag can match.',
    );
  }
  if (ifNoneMatch !== null && matchesEtag(ifNoneMatch)) {
    throw new Problem('precondition-failed', `The dossier is there, with the ETag ${etag}.`);
  }
}

/** How many problems an answer lists; whoever has more begins with these. */
const MAX_LISTED_ERRORS = 1_000;

function toProblem(code: ProblemCode, problems: ValidationProblem[]): Problem {
  const [first] = problems;
  const suffix = problems.length > 1 ? ` (the first of ${problems.length})` : '';
  return new Problem(code, `${first?.message ?? ''}${suffix}`, toProblemErrors(problems));
}

const toProblemErrors = (problems: ValidationProblem[]): ProblemError[] =>
  problems.slice(0, MAX_LISTED_ERRORS).map(({ file, pointer, code, message: detail, line, column }) => ({
    pointer: file === 'source.txt' ? '/text' : pointer,
    code,
    detail,
    line,
    column,
  }));
