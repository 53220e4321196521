/** Check, import and deletion of dossiers for clients of the API. */
import type { ValidatedDossier } from '../dossier/validate.ts';
import type { ValidationProblem } from '../dossier/validation-errors.ts';
import { compareIfMatch, etagMatches } from '../http/etag.ts';
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

/** Values of the headers If-Match and If-None-Match as received; null if absent. */
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
  /** Revision that stored or deleted the dossier. */
  revision: number;
  /** Effect of this request; `none` if the stored dossier was already equal. */
  action: 'created' | 'replaced' | 'deleted' | 'none';
}

export interface CheckResult extends ChangeSummary {
  /** First `MAX_LISTED_ERRORS` problems. */
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
  const submission = parseUnlessStale(input, stored);
  // Checked before any condition: a client that lost the response sends the same request again.
  if (stored && isUnchanged(submission, stored)) return toUnchangedResult(stored);
  requireWritePrecondition(input, stored);
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
  // Another client has imported an equal dossier in the meantime.
  const current = await store.read((db) => findCurrentDossier(db, id));
  if (!current) throw createConcurrentChangeProblem(id);
  return toUnchangedResult(current);
}

/** Parses the body. A failed precondition takes precedence over a body that cannot be parsed. */
function parseUnlessStale(input: ImportInput, stored: StoredDossier | undefined): Submission {
  try {
    return parseSubmission(input.mediaType, input.body);
  } catch (error) {
    requireWritePrecondition(input, stored);
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
  new Problem(
    'precondition-failed',
    `Dossier ${id} changed during the import; fetch it again and send the new ETag in If-Match`,
  );

const rethrowConflictAsProblem = (error: unknown): never => {
  throw error instanceof ImportConflict ? toProblem('conflict', error.problems) : error;
};

/** Returns the changes that an import would make and all problems that prevent it. Writes nothing. */
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
  if (!deletion) throw new Problem('not-found', `Dossier ${id} not found`);
  return { ...deletion, action: 'deleted' };
}

/** Validates a submission against its own text or, if that was left out, against the stored text. */
async function validateSubmission(
  store: Store,
  id: string,
  submission: Submission,
  stored: StoredDossier | undefined,
): Promise<{ dossier: ValidatedDossier | null; problems: ValidationProblem[] }> {
  const redaction = await store.read((db) => findRedaction(db, id));
  // The stored text is gone, so a submission without text could not be validated.
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
  const source = submission.source ?? stored?.source;
  const files = { id, source: source ?? NO_TEXT, facts: submission.facts };
  const result = await validateAgainstStore(store, files, submission.parseResult);
  if (source === undefined) throw createTextMissingProblem(result.problems);
  return result;
}

const NO_CHANGES: ChangeSummary = { added: [], modified: [], retracted: [], unchanged: 0 };

/** True if the submission equals the stored dossier: byte for byte in YAML, by value in JSON. */
const isUnchanged = ({ source, equalsStored }: Submission, stored: StoredDossier): boolean =>
  (source === null || source === stored.source) && equalsStored(stored);

/** Stands for a missing text: an empty one would end the validation. */
const NO_TEXT = '\n';
/** Codes of problems that a dossier has whatever its text. */
const CODES_WITHOUT_TEXT = new Set(['invalid-field', 'unknown-field', 'unknown-reference']);

/** Names the missing text, and with it the other problems that do not depend on a text. */
function createTextMissingProblem(problems: ValidationProblem[]): Problem {
  const detail = 'text is missing: it may be left out only if the database already has it';
  const others = problems.filter(({ code }) => CODES_WITHOUT_TEXT.has(code));
  return new Problem('invalid-dossier', detail, [
    { pointer: '/text', code: 'text-missing', detail },
    ...toProblemErrors(others),
  ]);
}

/** Requires If-Match to overwrite a dossier. `If-None-Match: *` passes, because it never overwrites. */
function requireWritePrecondition(
  { ifMatch, ifNoneMatch }: Preconditions,
  stored: StoredDossier | undefined,
): void {
  if (stored && ifMatch === null && ifNoneMatch?.trim() !== '*')
    throw createPreconditionRequiredProblem(stored.id);
}

const createPreconditionRequiredProblem = (id: string): Problem =>
  new Problem(
    'precondition-required',
    `Dossier ${id} already exists; fetch it and send its ETag in If-Match`,
  );

function checkWritePreconditions(
  { ifMatch, ifNoneMatch }: Preconditions,
  stored: StoredDossier | undefined,
): void {
  const etag = stored && createDossierEtag(stored);
  if (ifMatch !== null && !(etag && ifMatch.trim() === '*')) {
    const comparison = etag ? compareIfMatch(ifMatch, etag) : 'different';
    if (comparison !== 'match')
      throw new Problem('precondition-failed', explainIfMatchFailure(ifMatch, etag, comparison));
  }
  if (etag && ifNoneMatch !== null && (ifNoneMatch.trim() === '*' || etagMatches(ifNoneMatch, etag))) {
    throw new Problem(
      'precondition-failed',
      `The dossier already exists; to replace it, send its ETag, ${etag}, in If-Match`,
    );
  }
}

function explainIfMatchFailure(
  ifMatch: string,
  etag: string | undefined,
  comparison: 'marked' | 'different',
): string {
  if (!etag) return 'The dossier does not exist; to create it, send the request without If-Match';
  if (comparison === 'different') {
    const weakTagHint = ifMatch.includes('W/') ? ' without W/, since weak ETags never match' : '';
    return `If-Match does not match the dossier, whose ETag is ${etag} now; fetch it again and send the new ETag${weakTagHint}`;
  }
  return (
    `If-Match: ${ifMatch} cannot be used, because it is a weak ETag or that of a compressed response, as proxies ` +
    `that compress make them; the dossier has not changed, so send If-Match: ${etag}`
  );
}

/** Maximum number of problems in a response. */
const MAX_LISTED_ERRORS = 1_000;

function toProblem(code: ProblemCode, problems: ValidationProblem[]): Problem {
  const [first] = problems;
  const suffix = problems.length > 1 ? ` (first of ${problems.length} problems)` : '';
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
