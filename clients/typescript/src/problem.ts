/** What is thrown where the server does not answer with what was asked for. */
import type { KnownProblemCode } from './generated/problem-codes.ts';
import type { Problem } from './generated/schemas.ts';
import { retryAfterSeconds } from './retry.ts';

/** The code of a problem. More may be added: a server may be newer than this client. */
export type ProblemCode = KnownProblemCode | (string & Record<never, never>);

/** One of the things that are wrong, such as a parameter with what is allowed. */
export type ProblemReason = Problem['errors'][number];

const SHOWN_CHARACTERS = 200;

/**
 * An answer that is no success. Of a problem document (RFC 9457) it has all fields; of anything else, such as a proxy's
 * page, `code` is undefined and `detail` quotes the beginning. Network errors are not of this class: they are thrown as
 * `fetch` throws them.
 */
export class ProblemError extends Error {
  override name = 'ProblemError';
  /** The HTTP status. */
  readonly status: number;
  /** Tells problems apart; undefined if the answer was not the API's. */
  readonly code: ProblemCode | undefined;
  /** What kind of problem it is, in a few words. */
  readonly title: string;
  /** What went wrong this time. */
  readonly detail: string;
  /** Each thing that is wrong; empty where there is no more to say. */
  readonly errors: ProblemReason[];
  /** By which the server's log knows the request, if the answer says. */
  readonly requestId: string | undefined;
  /** The seconds after which the server would like to be asked again, if it says. */
  readonly retryAfter: number | undefined;

  /** Of an answer and its body: the parsed document, or whatever else came. */
  constructor({ status, statusText, headers }: Response, body: unknown) {
    const problem = isProblem(body) ? body : undefined;
    const title = problem?.title ?? (statusText || 'Not an answer of the API');
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

/** What openapi-fetch gives: data, or the parsed error. */
interface Outcome<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of a call of `GET`, `PUT` and the like; throws a `ProblemError` if there is none. */
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
  return `the answer (${type}) is not the API's: ${text.slice(0, SHOWN_CHARACTERS)}`;
}
