/** What a request may cost before anything looks at it. */

/** Of a URL without a cursor, so that the `Link` header with two of them stays below what clients read. */
export const MAX_URL_LENGTH = 4_000;
/** Of a URL with a cursor: every `links.next` can be followed. */
export const MAX_URL_LENGTH_WITH_CURSOR = 8_000;
/** Of the request line and the headers together. */
export const MAX_HEADER_BYTES = 16 * 1024;
export const MAX_BODY_BYTES = 64 * 1024;
/** Of a dossier with its text. */
export const MAX_DOSSIER_BYTES = 32 * 1024 * 1024;
export const MAX_CONNECTIONS = 10_000;

/** Time for the whole request to arrive. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** Time for the request line and headers to arrive. */
export const HEADERS_TIMEOUT_MS = 20_000;
/** Time without a byte in either direction. */
export const CONNECTION_TIMEOUT_MS = 60_000;
/** The same while a dossier is taken in, which may wait for others and be large: no byte goes either way meanwhile. */
export const IMPORT_TIMEOUT_MS = 15 * 60_000;
/** The same while a file of everything is made, which may wait for others too. */
export const EXPORT_TIMEOUT_MS = 15 * 60_000;
/** Time that a connection is kept for the next request: longer than the minute that proxies keep theirs. */
export const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** How often Node looks for connections past their time. */
export const CONNECTIONS_CHECK_INTERVAL_MS = 5_000;

export const RATE_LIMIT_WINDOW_S = 60;
