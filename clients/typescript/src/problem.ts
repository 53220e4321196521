/** Error for responses that are not a success. */
import type { KnownProblemCode } from './generated/problem-codes.ts';
import type { Problem } from './generated/schemas.ts';
import { retryAfterSeconds } from './retry.ts';

/** Code of a problem. The type is open, because a server can be newer than this client. */
export type ProblemCode = KnownProblemCode | (string & Record<never, never>);

/** Single error of a problem, such as an invalid parameter with its allowed values. */
export type ProblemReason = Problem['errors'][number];

const SHOWN_CHARACTERS = 200;

/**
 * Response that is not a success. It has all fields of a problem document (RFC 9457). For any other response,
 * such as a page from a proxy, `code` is undefined and `detail` quotes the beginning of the body. Network
 * errors do not have this class: they are thrown as `fetch` throws them.
 */
export class ProblemError extends Error {
  override name = 'ProblemError';
  /** HTTP status. */
  readonly status: number;
  /** Code that identifies the problem; undefined if the response is not from the API. */
  readonly code: ProblemCode | undefined;
  /** Short description of the kind of problem. */
  readonly title: string;
  /** Description of this occurrence. */
  readonly detail: string;
  /** Individual errors; empty if `detail` is complete. */
  readonly errors: ProblemReason[];
  /** Id of the request in the server's log, if the response has one. */
  readonly requestId: string | undefined;
  /** Seconds to wait before a retry, if the response has `Retry-After`. */
  readonly retryAfter: number | undefined;

  /** Creates an error for a response with its body: the parsed document, or any other value. */
  constructor({ status, statusText, headers }: Response, body: unknown) {
    const problem = isProblem(body) ? body : undefined;
    const title = problem?.title ?? (statusText || 'Not a response of the API');
    const detail = problem?.detail ?? beginningOf(headers, body);
    super(`${status} ${problem?.code ?? title}: ${detail}`);
    this.status = status;
    this.code = problem?.code;
    this.title = title;
    this.detail = detail;
    this.errors = problem?.errors ?? [];
    this.requestId = problem?.requestId ?? headers.get('x-request-id') ?? undefined;
    this.retryAfter = retryAfterSeconds(headers);
  }
}

/** Result of openapi-fetch: data, or the parsed error. */
interface Outcome<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Returns the data of a call of `GET`, `PUT` and the like. Throws a `ProblemError` if there is none. */
export async function unwrap<Data>(call: Promise<Outcome<Data>>): Promise<NonNullable<Data>> {
  const { data, error, response } = await call;
  if (!response.ok || data === undefined || data === null) throw new ProblemError(response, error);
  return data;
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && typeof (body as Problem).code === 'string';
}

function beginningOf(headers: Headers, body: unknown): string {
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  const type = headers.get('content-type') ?? 'no type';
  return `the response (${type}) is not from the API: ${text.slice(0, SHOWN_CHARACTERS)}`;
}
