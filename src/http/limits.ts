/** Limits that apply to every request before a route handles it. */

/** Characters of a URL without a cursor, so that clients can read a `Link` header with two of them. */
export const MAX_URL_LENGTH = 4_000;
/** Characters of a URL with a cursor, so that every `links.next` can be followed. */
export const MAX_URL_LENGTH_WITH_CURSOR = 8_000;
/** Size of the request line and the headers together. */
export const MAX_HEADER_BYTES = 16 * 1024;
export const MAX_BODY_BYTES = 64 * 1024;
/** Size of a dossier with its text. */
export const MAX_DOSSIER_BYTES = 32 * 1024 * 1024;
export const MAX_CONNECTIONS = 10_000;

/** Time for the complete request to arrive. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** Time for the request line and headers to arrive. */
export const HEADERS_TIMEOUT_MS = 20_000;
/** Time without a byte in either direction. */
export const CONNECTION_TIMEOUT_MS = 60_000;
/** Idle timeout during an import, which may wait in the queue and take long: no byte is sent meanwhile. */
export const IMPORT_TIMEOUT_MS = 15 * 60_000;
/** Idle timeout while an archive is built, which may wait in the queue as well. */
export const EXPORT_TIMEOUT_MS = 15 * 60_000;
/** Time that an idle connection stays open: longer than the minute after which proxies close theirs. */
export const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** Interval at which Node closes connections that have timed out. */
export const CONNECTIONS_CHECK_INTERVAL_MS = 5_000;

/** Time after which a shutdown closes connections whose client neither completes its request nor reads. */
export const SHUTDOWN_STALL_TIMEOUT_MS = 4_000;
/** Time that a shutdown gives clients to read why their request is rejected, and to close the connection. */
export const SHUTDOWN_LINGER_MS = 300;
/** Time after which a shutdown closes all connections, so that it ends before the process is killed. */
export const SHUTDOWN_RESPONSE_TIMEOUT_MS = 14_000;

export const RATE_LIMIT_WINDOW_S = 60;
