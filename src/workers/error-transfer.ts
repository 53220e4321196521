/** What went wrong in a thread, told to the one that waits for it: errors go over as what they were made of. */
import { Problem } from '../lib/problem-details.ts';
import { StoreUnavailable } from '../store/database.ts';

export type Failure =
  | { problem: Pick<Problem, 'code' | 'message' | 'errors' | 'headers'> }
  | { unavailable: string }
  /** `code` is what the system or SQLite calls it, if they do. */
  | { failed: string; code: unknown };

export function failureOf(error: unknown): Failure {
  if (error instanceof Problem) {
    const { code, message, errors, headers } = error;
    return { problem: { code, message, errors, headers } };
  }
  if (error instanceof StoreUnavailable) return { unavailable: error.message };
  const failed = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { failed, code: (error as { code?: unknown } | null)?.code };
}

/** The error again. */
export function errorOf(failure: Failure): Error {
  if ('problem' in failure) {
    const { code, message, errors, headers } = failure.problem;
    return new Problem(code, message, errors, headers);
  }
  if ('unavailable' in failure) return new StoreUnavailable(failure.unavailable);
  return Object.assign(new Error(failure.failed), { code: failure.code });
}
