/** Errors between threads: structured cloning loses their classes, so their parts are transferred. */
import { Problem } from '../lib/problem-details.ts';
import { StoreUnavailable } from '../store/database.ts';

export type SerializedError =
  | { problem: Pick<Problem, 'code' | 'message' | 'errors' | 'headers'> }
  | { unavailable: string }
  /** `code` is the error code of the operating system or SQLite, if there is one. */
  | { stack: string; code: unknown };

export function serializeError(error: unknown): SerializedError {
  if (error instanceof Problem) {
    const { code, message, errors, headers } = error;
    return { problem: { code, message, errors, headers } };
  }
  if (error instanceof StoreUnavailable) return { unavailable: error.message };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { stack, code: (error as { code?: unknown } | null)?.code };
}

export function deserializeError(serializedError: SerializedError): Error {
  if ('problem' in serializedError) {
    const { code, message, errors, headers } = serializedError.problem;
    return new Problem(code, message, errors, headers);
  }
  if ('unavailable' in serializedError) return new StoreUnavailable(serializedError.unavailable);
  return Object.assign(new Error(serializedError.stack), { code: serializedError.code });
}

/** Result of a task in another thread. */
export type TaskResult<T> = { value: T } | { error: SerializedError };

/** Returns the result of `work`, or its error in a form that can be transferred. */
export async function toTaskResult<T>(work: () => Promise<T>): Promise<TaskResult<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: serializeError(error) };
  }
}
