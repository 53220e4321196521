/** What a client can have done to a dossier: checked, imported, deleted. */
import type { DossierFiles } from '../dossier/check.ts';
import type { CheckProblem } from '../dossier/report.ts';
import { etagOf, matches } from '../http/conditional.ts';
import { Problem, type ProblemCode, type ProblemError } from '../problem.ts';
import { dossierNow, redactionOf, type StoredDossier } from '../store/dossiers.ts';
import type { Store } from '../store/open.ts';
import {
  checkAgainst,
  ImportConflict,
  type ImportOutcome,
  importDossier,
  outcomeOf,
  planFor,
  removeDossier,
} from '../store/write.ts';
import { factsIn, readSent, type SentDossier } from './body.ts';

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
  problems: ProblemError[];
}

/** The ETag of a dossier, whatever it is asked for as: it changes only with the dossier itself. */
export const dossierTag = ({ id, revision }: Pick<StoredDossier, 'id' | 'revision'>): string =>
  etagOf(['dossier', id, revision]);

export async function importSent(store: Store, job: Import, now?: () => Date): Promise<Receipt> {
  const { id, author, reviewer, note } = job;
  const stored = await store.read((db) => dossierNow(db, id));
  refuseUnconditional(job, stored);
  const sent = readSent(job.mediaType, job.body);
  // Before If-Match has its say: a client that lost the answer sends the same again, with the ETag of before.
  if (stored && isSame(sent, stored)) return alreadyThere(stored);
  refuseStale(job, stored);
  const redacted = await redactionIn(store, id);
  if (redacted) throw new Problem('conflict', redacted.detail, [redacted]);
  const { dossier, problems } = await checkAgainst(store, filesOf(id, sent, stored), sent.parsed);
  if (!dossier) throw refused('invalid-dossier', problems);
  const admit = (current: StoredDossier | undefined) => {
    refuseUnconditional(job, current);
    refuseStale(job, current);
  };
  const done = await importDossier(store, dossier, {
    author,
    note,
    reviewer,
    admit,
    ...(now && { now }),
  }).catch((error: unknown) => {
    throw error instanceof ImportConflict ? refused('conflict', error.problems) : error;
  });
  const { revision, ...touches } = done;
  if (revision !== null) return { revision, action: stored ? 'replaced' : 'created', ...touches };
  // Somebody else has brought the very same meanwhile.
  const current = await store.read((db) => dossierNow(db, id));
  return { revision: current?.revision ?? 0, action: 'none', ...touches };
}

function alreadyThere({ revision, facts }: StoredDossier): Receipt {
  return { revision, action: 'none', ...NOTHING, unchanged: factsIn(facts) };
}

/** What an import would do, and everything that stands in its way; nothing is written. */
export async function checkSent(store: Store, { id, mediaType, body, note }: Sent): Promise<Verdict> {
  const stored = await store.read((db) => dossierNow(db, id));
  const sent = readSent(mediaType, body);
  if (stored && isSame(sent, stored)) return { ...NOTHING, unchanged: factsIn(stored.facts), problems: [] };
  const redacted = await redactionIn(store, id);
  if (redacted) return { ...NOTHING, problems: [redacted] };
  const { dossier, problems } = await checkAgainst(store, filesOf(id, sent, stored), sent.parsed);
  if (!dossier) return { ...NOTHING, problems: errorsOf(problems) };
  const plan = await store.read((db) => planFor(db, dossier, note));
  return { ...outcomeOf(plan), problems: errorsOf(plan.problems) };
}

export async function removeStored(store: Store, job: Removal, now?: () => Date): Promise<Receipt> {
  const { id, author, reviewer, reason } = job;
  const admit = (current: StoredDossier | undefined) => {
    if (!current) throw new Problem('not-found', `There is no dossier with the id ${id}.`);
    refuseUnconditional(job, current);
    refuseStale(job, current);
  };
  const options = { author, reason, reviewer, admit, ...(now && { now }) };
  const done = await removeDossier(store, id, options).catch((error: unknown) => {
    throw error instanceof ImportConflict ? refused('conflict', error.problems) : error;
  });
  return { ...done, action: 'deleted' };
}

/** Told before anything is checked: the text that may be left out is not there to be checked against. */
async function redactionIn(store: Store, id: string): Promise<ProblemError | null> {
  const redaction = await store.read((db) => redactionOf(db, id));
  if (!redaction) return null;
  const { revision, reason } = redaction;
  const detail = `the text of ${id} was redacted by revision ${revision} (${reason}): no version of it is taken`;
  return { pointer: '/document/id', code: 'redacted-text', detail };
}

const NOTHING: Touches = { added: [], modified: [], retracted: [], unchanged: 0 };

/** Whether what was sent is what is there, to the letter in YAML, in what it says in JSON. */
const isSame = ({ source, equals }: SentDossier, stored: StoredDossier): boolean =>
  (source === null || source === stored.source) && equals(stored.facts);

function filesOf(id: string, sent: SentDossier, stored: StoredDossier | undefined): DossierFiles {
  const source = sent.source ?? stored?.source;
  if (source !== undefined) return { id, source, facts: sent.facts };
  const detail = 'text is missing: it may be left out only where the store has it';
  throw new Problem('invalid-dossier', detail, [{ pointer: '/text', code: 'text-missing', detail }]);
}

/** Whoever overwrites says what is overwritten. */
function refuseUnconditional(
  { ifMatch, ifNoneMatch }: Preconditions,
  stored: StoredDossier | undefined,
): void {
  if (!stored || ifMatch !== null || ifNoneMatch !== null) return;
  const detail = `The dossier ${stored.id} is there already: send If-Match with its ETag.`;
  throw new Problem('precondition-required', detail);
}

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
