/** Cache of files that take long to build: built one at a time, shared by requests for the same file. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteRange } from '../../http/byte-range.ts';
import { BoundedQueue } from '../../lib/bounded-queue.ts';
import { Problem, RETRY_AFTER_HEADER, serviceUnavailable } from '../../lib/problem-details.ts';

/** Maximum number of files, including those waiting to be built or being sent; each may have gigabytes. */
const MAX_FILES = 4;
/** Time before an idle file is evicted; short, because the file may have a text that was redacted since. */
const IDLE_TTL_MS = 15 * 60_000;
/** Time after which a download may be aborted to make room for another file. */
const MAX_DOWNLOAD_MS = 15 * 60_000;
/** Memory per download: a file is read in chunks of this size. */
const CHUNK_BYTES = 64 * 1024;

export interface FileRequest {
  /** Cache key; files with equal keys have equal bytes. */
  key: string;
  /** Newest revision when the file was requested; after the next one, the file is not requested again. */
  latestRevision: number;
  /** Writes the file at `path`; rejects when `signal` aborts. */
  write(path: string, signal: AbortSignal): Promise<void>;
}

/** Open file that has been unlinked, so that it is gone when this process ends, even after a crash. */
export interface CachedFile {
  handle: FileHandle;
  sizeBytes: number;
  sha256: Buffer;
}

/** Claim on a file, which stays open until its last lease is released. */
export interface Lease {
  ready: Promise<CachedFile>;
  /** Ends the lease, after the file has been sent or the client has disconnected. */
  release(): void;
}

export interface FileCache {
  /** Returns the file if it is built; builds nothing. */
  find(key: string): CachedFile | null;
  /**
   * Returns a lease of the file, which is built if needed; throws a 503 if there are too many files. `abort`
   * is called to end this download when another file needs the room.
   */
  acquire(request: FileRequest, abort: () => void): Lease;
  /** Aborts the running build and rejects the waiting ones. */
  stop(): void;
  /** Closes all files; no lease may be in use. */
  close(): Promise<void>;
}

interface LeaseHolder {
  acquiredAt: number;
  abort(): void;
}

interface Entry {
  request: FileRequest;
  /** Null until the file is built. */
  file: CachedFile | null;
  ready: Promise<CachedFile>;
  /** Downloads that wait for the file or receive it. */
  holders: Set<LeaseHolder>;
  /** Evicts an idle file after `IDLE_TTL_MS`. */
  timer: NodeJS.Timeout | null;
}

export function createFileCache(parentFolder = tmpdir()): FileCache {
  /** Entries by key, the most recently requested last. */
  const entries = new Map<string, Entry>();
  const shutdown = new AbortController();
  // One file at a time; the entries limit how many wait.
  const builds = new BoundedQueue({
    concurrency: 1,
    capacity: MAX_FILES,
    createFullError: createFilesFullError,
  });

  const evict = (entry: Entry): void => {
    if (entry.timer) clearTimeout(entry.timer);
    entries.delete(entry.request.key);
    if (entry.holders.size === 0) void entry.file?.handle.close();
  };
  const getBuiltEntries = () => [...entries.values()].filter(({ file }) => file !== null);
  const getIdleEntries = () => getBuiltEntries().filter(({ holders }) => holders.size === 0);
  const makeRoom = () => {
    if (entries.size < MAX_FILES) return;
    const cutoff = Date.now() - MAX_DOWNLOAD_MS;
    const isSlow = ({ acquiredAt }: LeaseHolder) => acquiredAt < cutoff;
    const [candidate] = [
      ...getIdleEntries(),
      ...getBuiltEntries().filter(({ holders }) => [...holders].every(isSlow)),
    ];
    if (!candidate) throw createFilesFullError();
    for (const { abort } of candidate.holders) abort();
    evict(candidate);
  };
  const build = async (entry: Entry): Promise<CachedFile> => {
    // No client is left to receive the file.
    if (entry.holders.size === 0) throw new Problem('request-timeout', 'The client has disconnected');
    const folder = await createFolder(parentFolder);
    try {
      const path = join(folder, 'archive');
      await entry.request.write(path, shutdown.signal);
      entry.file = await openFile(path);
      return entry.file;
    } catch (error) {
      throw isDiskFull(error)
        ? serviceUnavailable('The disk is full, so the file could not be written')
        : error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  const startBuild = (request: FileRequest): Entry => {
    makeRoom();
    const ready: Promise<CachedFile> = builds.run(() => build(entry));
    const entry: Entry = { request, file: null, ready, holders: new Set(), timer: null };
    ready.then(
      () => expireIfIdle(entry),
      () => evict(entry),
    );
    entries.set(request.key, entry);
    return entry;
  };
  const expireIfIdle = (entry: Entry): void => {
    if (entry.holders.size > 0 || !entry.file) return;
    if (entries.get(entry.request.key) !== entry) void entry.file.handle.close();
    else entry.timer = setTimeout(() => evict(entry), IDLE_TTL_MS).unref();
  };
  return {
    find: (key) => entries.get(key)?.file ?? null,
    acquire(request, abort) {
      shutdown.signal.throwIfAborted();
      for (const entry of getIdleEntries())
        if (entry.request.latestRevision !== request.latestRevision) evict(entry);
      const entry = entries.get(request.key) ?? startBuild(request);
      if (entry.timer) clearTimeout(entry.timer);
      // Moves the entry to the end.
      entries.delete(request.key);
      entries.set(request.key, entry);
      const holder = { acquiredAt: Date.now(), abort };
      entry.holders.add(holder);
      return {
        ready: entry.ready,
        release() {
          if (entry.holders.delete(holder)) expireIfIdle(entry);
        },
      };
    },
    stop() {
      shutdown.abort(SHUTDOWN_PROBLEM);
      void builds.close(SHUTDOWN_PROBLEM);
    },
    async close() {
      await builds.close(SHUTDOWN_PROBLEM);
      for (const entry of entries.values()) evict(entry);
    },
  };
}

/** Creates the folder in which an archive is built; the server may have no file system that it can write. */
async function createFolder(parentFolder: string): Promise<string> {
  try {
    return await mkdtemp(join(parentFolder, 'summit-facts-exports-'));
  } catch (error) {
    if (isDiskFull(error)) throw serviceUnavailable('The disk is full, so the file could not be written');
    const { code } = error as NodeJS.ErrnoException;
    throw serviceUnavailable(
      `Archives need a temporary folder that the server can write, and ${parentFolder} cannot be written (${code}): its operator can set TMPDIR`,
    );
  }
}

/** True if the disk or its quota is full. */
const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'].includes(String((error as { code?: string }).code));

const SHUTDOWN_PROBLEM = serviceUnavailable('The server is shutting down');

const createFilesFullError = (): Problem =>
  new Problem(
    'exports-full',
    `${MAX_FILES} files are being built or sent, which is the maximum; retry after the seconds in Retry-After`,
    [],
    RETRY_AFTER_HEADER,
  );

async function openFile(path: string): Promise<CachedFile> {
  const handle = await open(path);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of readChunks({ handle })) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { handle, sizeBytes, sha256: hash.digest() };
}

/**
 * Yields the bytes of a file, or of a part of it. A read stream would stay attached to the handle until that closes.
 */
export async function* readChunks(
  { handle }: Pick<CachedFile, 'handle'>,
  { first, last }: ByteRange = { first: 0, last: Number.POSITIVE_INFINITY },
): AsyncGenerator<Buffer> {
  for (let offset = first; offset <= last; ) {
    const length = Math.min(CHUNK_BYTES, last - offset + 1);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    offset += bytesRead;
  }
}
