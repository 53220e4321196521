/** Every error that the API answers with: one table of problems, one of the reasons inside them (RFC 9457). */

interface ProblemEntry {
  status: number;
  title: string;
  /** What the page under `/problems/` says: what happened, and what to do. */
  explanation: string;
}

export const PROBLEM_TYPES = {
  'invalid-parameter': {
    status: 400,
    title: 'A parameter is not valid',
    explanation:
      'At least one parameter of the path or the query is unknown or has a value that is not allowed. Each entry of ' +
      '`errors` names the parameter, what is wrong with it and what is allowed. Nothing is ignored or clamped.',
  },
  'invalid-url': {
    status: 400,
    title: 'The URL cannot be read',
    explanation:
      'The path holds a percent sign that does not begin two hexadecimal digits of UTF-8 (encode it as %25), or the URL ' +
      'holds a fragment.',
  },
  'invalid-request': {
    status: 400,
    title: 'The request is not valid',
    explanation:
      'The request line, the headers or the body break the rules of HTTP/1.1, name two hosts, or are not what the operation ' +
      'takes; `detail` says which.',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing by this id',
    explanation:
      'No fact of this type, or no dossier, has this id at the revision that was asked for. It means "not in these sources", never ' +
      '"false". The list of the collection shows which ids there are.',
  },
  unauthorized: {
    status: 401,
    title: 'A key is needed',
    explanation:
      'Send `Authorization: Bearer` and a key: to write, and to read dossiers and texts of which the rights let only ' +
      'the words be shown that facts point at. Whoever runs the server makes keys with `summit-facts keys create`. A key ' +
      'that is unknown, expired or revoked is refused alike.',
  },
  forbidden: {
    status: 403,
    title: 'The key does not allow this',
    explanation: 'The key is good, and lacks the scope that `detail` names.',
  },
  'no-such-route': {
    status: 404,
    title: 'There is nothing at this path',
    explanation: 'The path is not one of the API. `/docs` shows all of them.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The method is not allowed here',
    explanation: 'The `Allow` header lists the methods that this path takes.',
  },
  'not-acceptable': {
    status: 406,
    title: 'There is no such format',
    explanation:
      'The `Accept` header names neither JSON nor any format that the same can be had in; `detail` lists these, and the ' +
      '`Link` header has their URLs.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long to arrive',
    explanation: 'The headers or the body did not arrive in time. Send the request again.',
  },
  conflict: {
    status: 409,
    title: 'The dossier does not fit what is there',
    explanation:
      'The dossier is sound in itself, and cannot be taken: it leaves out a fact that the store has from it, or touches ' +
      'what is given elsewhere. Each entry of `errors` points at the place and says what to do. Nothing was written.',
  },
  'precondition-failed': {
    status: 412,
    title: 'The dossier is not as it was',
    explanation:
      'It was changed since the `ETag` in `If-Match` was read, or is there although `If-None-Match: *` says that it must ' +
      'not be. Read it again, and make the change anew.',
  },
  'precondition-required': {
    status: 428,
    title: 'If-Match is needed',
    explanation:
      'The dossier is there already: send the `ETag` that it was read with as `If-Match`, so that nobody else is ' +
      'overwritten.',
  },
  'expectation-failed': {
    status: 417,
    title: 'The expectation cannot be met',
    explanation:
      'The `Expect` header asks for something else than `100-continue`, which is all that is known here.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    explanation: 'Send a smaller body; `detail` names the limit.',
  },
  'url-too-long': {
    status: 414,
    title: 'The URL is too long',
    explanation: 'Ask for less in one request: fewer ids or shorter filters. `detail` names the limit.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The media type of the body is not supported',
    explanation: 'Send the body in one of the media types that the documentation names for the operation.',
  },
  'invalid-dossier': {
    status: 422,
    title: 'The dossier has problems',
    explanation:
      'Each entry of `errors` points at one place in the dossier, by JSON pointer and by line and column, and ' +
      'says what is wrong with it; places under `/text` count the lines of the text itself. Nothing was written.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    explanation:
      'The client has used up its requests for this minute. `Retry-After` says in how many seconds to come back, and ' +
      'the `RateLimit` header of every answer how many are left. Requests with `If-None-Match` count as well.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The request line and headers are too large',
    explanation: 'The request line and the headers together may have 16 KiB.',
  },
  redacted: {
    status: 451,
    title: 'The text was taken out of the record',
    explanation:
      'For legal reasons this text was taken out of the record, history included; `detail` says by which revision and why. ' +
      'Its facts are still there, with placeholders for the words that carry them.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong on the server',
    explanation:
      'It is not the fault of the request. Report it with the `requestId`, which the log of the server has too.',
  },
  'imports-full': {
    status: 503,
    title: 'Too many imports wait',
    explanation:
      'Dossiers are taken one at a time, and as many wait as may. Try again after the seconds that `Retry-After` gives.',
  },
  'exports-full': {
    status: 503,
    title: 'Too many exports wait',
    explanation:
      'Files of everything are made one at a time and kept for a while, and as many wait or are being sent as may. Try again ' +
      'after the seconds that `Retry-After` gives.',
  },
  'too-busy': {
    status: 503,
    title: 'Too many long questions wait',
    explanation:
      'Counts, searches for frequent words, exports and lists of the past may have to look through the whole archive. Some are ' +
      'answered at a time, and as many wait as may; short questions are answered meanwhile. Try again after the seconds that ' +
      '`Retry-After` gives.',
  },
  'not-ready': {
    status: 503,
    title: 'The server cannot answer now',
    explanation:
      'The store does not answer or took too long over the question, or the server is about to stop. Try again after the ' +
      'seconds that `Retry-After` gives.',
  },
} satisfies Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof PROBLEM_TYPES;

/** What can be wrong with a dossier in itself, and with how it fits what the store holds. */
export const DOSSIER_ERROR_CODES = {
  'invalid-yaml': 'The dossier is no YAML that could be read.',
  'invalid-json': 'The dossier is no JSON that could be read.',
  'text-missing': 'The dossier comes without its source text, and the store does not have it.',
  'invalid-text': 'The text is empty, or holds NUL or half of a surrogate pair.',
  'invalid-field': 'The value has not the form that the field takes.',
  'unknown-field': 'There is no field of this name; `detail` lists those there are.',
  'quotation-missing': 'The quotation does not stand in the source.',
  'quotation-ambiguous': 'The quotation stands in the source more than once: add a prefix or suffix.',
  'unsupported-field': 'The field is filled, and no evidence and no inference carries it.',
  'empty-field': 'The field is empty, so nothing can carry it.',
  'unknown-reference': 'There is no such fact, neither in the dossier nor in the store.',
  'self-reference': 'The fact refers to itself.',
  'duplicate-id': 'The same fact is given twice.',
  'uncovered-sentence': 'No evidence touches the sentence, and it is not listed under uncovered.',
  'fact-left-out': 'The store has it from this dossier, and it is neither given nor retracted.',
  'home-elsewhere': 'The fact has its home in another dossier, and only that one may do this.',
  'home-here': 'The fact has its home in this dossier: change it where it stands.',
  'retracted-fact': 'The fact is retracted.',
  'renamed-fact': 'The fact has another id by now, or cannot be given the one asked for.',
  'reason-missing': 'The record is to be corrected, and nothing says why: give a note.',
  'redacted-text': 'The text was taken out of the record for good, and cannot be imported again.',
  'later-word': 'Another dossier has a later word on the field, so that this one would have no effect.',
} satisfies Record<string, string>;

/** The codes in `errors[]`: what is wrong with one parameter, or with one place in a dossier. */
export const ERROR_CODES = {
  'unknown-parameter': 'The operation has no parameter of this name; `detail` lists those it has.',
  'repeated-parameter': 'The parameter takes one value and was given several.',
  'missing-parameter': 'The operation cannot do without this parameter.',
  'invalid-value': 'The value has not the form or is not one of the values that `detail` names.',
  'out-of-range': 'The value lies outside the range that `detail` names.',
  'invalid-encoding': 'The value is not percent-encoded UTF-8, or holds a NUL.',
  'too-many-parameters': 'The query holds more parameters than any request needs.',
  'invalid-cursor': 'The cursor was not made by this API, or not whole. Begin again without it.',
  'cursor-mismatch': 'The cursor belongs to another list, filter or sort. Follow `links.next` as it is.',
  ...DOSSIER_ERROR_CODES,
} satisfies Record<string, string>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ProblemError {
  /** The parameter that is wrong. */
  parameter?: string;
  /** RFC 6901 pointer to what is wrong in the body. */
  pointer?: string;
  code: ErrorCode;
  detail: string;
  /** Where it stands in the dossier that was sent, or for `/text` in the text itself; both from 1. */
  line?: number;
  column?: number;
}

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: ProblemCode;
  requestId: string;
  errors: ProblemError[];
}

/** Thrown anywhere on a request's way; the error handler makes the answer of it. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: ProblemError[];
  readonly headers: Record<string, string>;

  constructor(
    code: ProblemCode,
    detail: string,
    errors: ProblemError[] = [],
    headers: Record<string, string> = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }

  get status(): number {
    return PROBLEM_TYPES[this.code].status;
  }

  /** The body of the answer to the request for `instance`. */
  toDocument(instance: string, requestId: string): ProblemDocument {
    const { title, status } = PROBLEM_TYPES[this.code];
    const { code, message: detail, errors } = this;
    return { type: `/problems/${code}`, title, status, detail, instance, code, requestId, errors };
  }
}

/** Thrown where a fact goes by another id: the answer is a redirect to the same path with that id. */
export class PermanentRedirect extends Error {
  readonly id: string;

  constructor(id: string) {
    super(`It goes by the id ${id}.`);
    this.id = id;
  }
}

/** Thrown where what the client would rather have stands at another URL: the answer is a redirect. */
export class TemporaryRedirect extends Error {
  /** Path-absolute. */
  readonly url: string;

  constructor(url: string) {
    super(`It is at ${url}.`);
    this.url = url;
  }
}

/** A 400 about parameters, one error each. */
export function invalidParameters(errors: ProblemError[]): Problem {
  const detail = errors.map((error) =>
    error.parameter ? `${error.parameter}: ${error.detail}` : error.detail,
  );
  return new Problem('invalid-parameter', detail.join('; '), errors);
}

/** When to come back where all that is wrong is the moment. */
export const RETRY_AFTER_HEADER = { 'retry-after': '2' };

export const serviceUnavailable = (detail: string): Problem =>
  new Problem('not-ready', detail, [], RETRY_AFTER_HEADER);
