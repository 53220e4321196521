/** Catalog of the errors that the API returns: the problems, and the reasons inside them (RFC 9457). */

/** Reason phrases of the statuses that problems have, as RFC 9110, RFC 6585 and RFC 7725 write them. */
const REASON_PHRASES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  417: 'Expectation Failed',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
} as const;

interface ProblemEntry {
  status: number;
  /** Reason phrase of the status. */
  title: string;
  /** One sentence: what happened. */
  summary: string;
  /** Text of the page under `/problems/`: the summary, and what to do. */
  explanation: string;
}

const defineProblem = (
  status: keyof typeof REASON_PHRASES,
  summary: string,
  advice: string,
): ProblemEntry => ({
  status,
  title: REASON_PHRASES[status],
  summary,
  explanation: `${summary} ${advice}`,
});

export const PROBLEM_TYPES = {
  'invalid-parameter': defineProblem(
    400,
    'A path or query parameter is unknown, or its value is not allowed.',
    'Each entry of `errors` names the parameter, what is wrong with it and what is allowed. Correct the ' +
      'parameters: the server neither ignores unknown ones nor clamps values.',
  ),
  'invalid-url': defineProblem(
    400,
    'The path contains a percent sign that does not start a percent-encoded UTF-8 character, or the URL ' +
      'contains a fragment.',
    'Encode a literal percent sign as `%25`, and remove the fragment.',
  ),
  'invalid-request': defineProblem(
    400,
    'The request violates HTTP/1.1, does not have exactly one `Host` header, or has headers or a body that ' +
      'the operation does not accept.',
    '`detail` says what is wrong; correct it and send the request again.',
  ),
  'not-found': defineProblem(
    404,
    'No fact of this type, no dossier or no revision has this id at the requested revision.',
    'This means "not in these sources", never "false". List the collection to see which ids exist.',
  ),
  unauthorized: defineProblem(
    401,
    'The request needs an API key, and has none or one that is not valid.',
    'Send the key as `Authorization: Bearer <key>`. Writing needs a key; so does reading dossiers and ' +
      'texts whose rights allow only the quoted words to be shown. The operator of the server creates keys ' +
      'with `summit-facts keys create`. The response is the same for an unknown, an expired and a revoked ' +
      'key.',
  ),
  forbidden: defineProblem(
    403,
    'The API key is valid, but lacks the scope that the operation requires.',
    'Use a key with the scope that `detail` names.',
  ),
  'read-only': defineProblem(
    403,
    'The server may not write to its database.',
    'Its operator has set `READ_ONLY=1`, or has given it a database that it can only read. Everything can be read, ' +
      'and dossiers can be checked; send imports and deletions to the server that writes.',
  ),
  'no-such-route': defineProblem(
    404,
    'The API has no resource at this path.',
    'Check the path; `/docs` lists all operations.',
  ),
  'method-not-allowed': defineProblem(
    405,
    'This path does not support the method of the request.',
    'Use one of the methods that the `Allow` header lists.',
  ),
  'not-acceptable': defineProblem(
    406,
    'The `Accept` header allows neither JSON nor another format of this resource.',
    'Request one of the formats that `detail` lists; the `Link` header has their URLs.',
  ),
  'request-timeout': defineProblem(
    408,
    'The headers or the body of the request did not arrive in time.',
    'Send the request again.',
  ),
  conflict: defineProblem(
    409,
    'The dossier is valid, but conflicts with the database: it leaves out a fact that the database has ' +
      'from it, or changes what another dossier defines.',
    'Each entry of `errors` points at the place and says what to do. Nothing was written.',
  ),
  'precondition-failed': defineProblem(
    412,
    'The dossier has changed since you read the `ETag` that you sent in `If-Match`, or it exists although ' +
      'you sent `If-None-Match: *`.',
    'Fetch the dossier again, repeat your change and send the new `ETag` in `If-Match`.',
  ),
  'precondition-required': defineProblem(
    428,
    'The dossier already exists, and the request does not say which state of it to replace.',
    'In `If-Match`, send the `ETag` of the dossier that you read, so that you do not overwrite someone ' +
      "else's changes.",
  ),
  'expectation-failed': defineProblem(
    417,
    'The `Expect` header contains something other than `100-continue`, the only expectation that the ' +
      'server supports.',
    'Remove the header.',
  ),
  'body-too-large': defineProblem(
    413,
    'The body exceeds the maximum size.',
    'Send a smaller body; `detail` names the limit.',
  ),
  'url-too-long': defineProblem(
    414,
    'The URL exceeds the maximum length.',
    'Request less at once, with fewer ids or shorter filters; `detail` names the limit.',
  ),
  'unsupported-media-type': defineProblem(
    415,
    'The operation does not support the media type of the body.',
    'Send the body in one of the media types that the documentation lists for the operation.',
  ),
  'range-not-satisfiable': defineProblem(
    416,
    'The file has no bytes in the range that the request asks for.',
    '`Content-Range` has the length of the file. If you resume a download, it is complete already, or the file has changed: ' +
      'send the `ETag` of the first part in `If-Range`.',
  ),
  'invalid-dossier': defineProblem(
    422,
    'The dossier has errors.',
    'Each entry of `errors` points at one place in the dossier, by JSON Pointer and by line and column, ' +
      'and says what is wrong there; under `/text`, lines are those of the source text itself. Nothing was ' +
      'written.',
  ),
  'rate-limited': defineProblem(
    429,
    'The client has used up its requests for this minute.',
    'Wait for the number of seconds in `Retry-After`. The `RateLimit` header of every response says how ' +
      'many requests are left. Requests with `If-None-Match` count as well.',
  ),
  'headers-too-large': defineProblem(
    431,
    'The request line and the headers together exceed 16 KiB.',
    'Shorten the URL, or send fewer or shorter headers.',
  ),
  redacted: defineProblem(
    451,
    'The text was removed for legal reasons, from all revisions.',
    '`detail` names the revision that removed it and the reason. The facts of the document remain, with ' +
      'placeholders for the words quoted from it.',
  ),
  'internal-error': defineProblem(
    500,
    'The server failed to handle the request; the request itself is not at fault.',
    'Report the error with its `requestId`, which is in the log of the server too.',
  ),
  'format-not-supported': defineProblem(
    501,
    'The server does not write cards in the format that the request names; oEmbed requires this status.',
    'Request `format=json`, or leave out `format`.',
  ),
  'imports-full': defineProblem(
    503,
    'The queue for imports is full: the server imports one dossier at a time.',
    'Try again after the number of seconds in `Retry-After`.',
  ),
  'exports-full': defineProblem(
    503,
    'The queue for archives is full: too many of them are being built or sent.',
    'The server builds one archive at a time and caches it for a while. Try again after the number of ' +
      'seconds in `Retry-After`.',
  ),
  'too-busy': defineProblem(
    503,
    'The queue for slow queries is full.',
    'Counts, searches for frequent words, exports and lists of past revisions may have to scan the entire ' +
      'database, so the server runs only a few of them at a time; fast queries are not affected. Try again ' +
      'after the number of seconds in `Retry-After`.',
  ),
  'not-ready': defineProblem(
    503,
    'The database does not respond, a query timed out, or the server is shutting down.',
    'Try again after the number of seconds in `Retry-After`.',
  ),
} satisfies Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof PROBLEM_TYPES;

/** Errors within a dossier, and conflicts between a dossier and the database. */
export const DOSSIER_ERROR_CODES = {
  'invalid-yaml': 'The dossier cannot be parsed as YAML.',
  'invalid-json': 'The dossier cannot be parsed as JSON.',
  'text-missing': 'The dossier has no source text, and the database has none for it either: send the text.',
  'invalid-text': 'The text is empty, or contains NUL or half of a surrogate pair.',
  'invalid-field': 'The value does not have the form that the field requires.',
  'unknown-field': 'No field has this name; `detail` lists the allowed names.',
  'quotation-missing': 'The source text does not contain the quotation.',
  'quotation-ambiguous':
    'The source text contains the quotation more than once: add a prefix or suffix to make it unique.',
  'unsupported-field': 'The field has a value, but neither evidence nor an inference supports it.',
  'empty-field': 'Evidence or an inference names the field, but the field is empty.',
  'unknown-reference': 'The fact exists neither in the dossier nor in the database.',
  'self-reference': 'The fact refers to itself.',
  'duplicate-id': 'The same fact is given twice.',
  'uncovered-sentence': 'No evidence touches the sentence, and `uncovered` does not list it.',
  'fact-left-out':
    'The database has the fact from this dossier, but the dossier neither contains nor retracts it.',
  'home-elsewhere': 'The fact has another home dossier, and only its home dossier may do this.',
  'home-here': 'This dossier is the home dossier of the fact: change the fact itself.',
  'retracted-fact': 'The fact is retracted.',
  'renamed-fact': 'The fact has another id now, or the new id is already taken.',
  'reason-missing': 'The import corrects the record without a reason: add a note.',
  'redacted-text': 'The text was removed for legal reasons, and cannot be imported again.',
  'later-word':
    'Another dossier corrects the field and takes precedence, so that this value would have no effect.',
} satisfies Record<string, string>;

/** Values of `code` in `errors[]`: each is about one parameter, or one place in a dossier. */
export const ERROR_CODES = {
  'unknown-parameter': 'The operation has no parameter of this name; `detail` lists the allowed parameters.',
  'repeated-parameter': 'The parameter takes one value, but was given more than once.',
  'missing-parameter': 'The operation requires this parameter.',
  'invalid-value':
    'The value does not have the required form, or is not one of the values that `detail` lists.',
  'out-of-range': 'The value is outside the range that `detail` names.',
  'invalid-encoding': 'The value is not percent-encoded UTF-8, or contains NUL.',
  'too-many-parameters':
    'The query string has more parameters than the server accepts; `detail` names the limit.',
  'invalid-cursor': 'The cursor was not created by this API, or is incomplete: start again without it.',
  'cursor-mismatch':
    'The cursor belongs to another list, filter or sort order: follow `links.next` without changing it.',
  ...DOSSIER_ERROR_CODES,
} satisfies Record<string, string>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface ProblemError {
  /** Name of the parameter with the error. */
  parameter?: string;
  /** RFC 6901 pointer to the error in the body. */
  pointer?: string;
  code: ErrorCode;
  detail: string;
  /** Position in the submitted dossier, or for `/text` in the text itself; lines and columns count from 1. */
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

/** Error that the error handler turns into a response; any code that handles a request may throw it. */
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

  /** Body of the response to the request for `path`; `linkBase` is the start of the URLs in it. */
  toDocument(path: string, requestId: string, linkBase = ''): ProblemDocument {
    const { title, status } = PROBLEM_TYPES[this.code];
    const { code, message: detail, errors } = this;
    const type = `${linkBase}/problems/${code}`;
    // The path of a request that cannot be parsed is unknown.
    const instance = path === '' ? '' : linkBase + path;
    return { type, title, status, detail, instance, code, requestId, errors };
  }
}

/** Thrown if a fact has been renamed: the response redirects to the same path with the new id. */
export class PermanentRedirect extends Error {
  readonly id: string;

  constructor(id: string) {
    super(`The fact has the id ${id} now`);
    this.id = id;
  }
}

/** Thrown if the format that the client prefers is at another URL: the response redirects there. */
export class TemporaryRedirect extends Error {
  /** Path-absolute. */
  readonly url: string;

  constructor(url: string) {
    super(`The resource is at ${url}`);
    this.url = url;
  }
}

/** Problem with status 400 and one error for each invalid parameter. */
export function invalidParameters(errors: ProblemError[]): Problem {
  const detail = errors.map((error) =>
    error.parameter ? `${error.parameter}: ${error.detail}` : error.detail,
  );
  return new Problem('invalid-parameter', detail.join('; '), errors);
}

/** Header of errors that soon pass, in seconds. */
export const RETRY_AFTER_HEADER = { 'retry-after': '2' };

export const serviceUnavailable = (detail: string): Problem =>
  new Problem('not-ready', detail, [], RETRY_AFTER_HEADER);
