/** Files that take long to make: made one at a time, shared by all who ask for the same, and kept for a while. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem, RETRY_AFTER_HEADER, serviceUnavailable } from '../../lib/problem-details.ts';

/** How many files there may be, those that are still to be made or are being sent among them: each may have gigabytes. */
const MAX_FILES = 4;
/** How long a file is kept when nobody asks for it: a text that was redacted meanwhile must not lie there for long. */
const IDLE_TTL_MS = 15 * 60_000;
/** How long a download may take where others wait for its room. */
const MAX_DOWNLOAD_MS = 15 * 60_000;
/** How much of a file is in memory at a time, for each that is being sent. */
const CHUNK_BYTES = 64 * 1024;

/** What is to be in a file. */
export interface FileRequest {
  /** The same for the same bytes. */
  key: string;
  /** The newest revision: after the next one, nobody asks for the file any more. */
  latestRevision: number;
  /** Writes the file at `path`, and gives up once `stop` says so. */
  write(path: string, signal: AbortSignal): Promise<void>;
}

/** A file without a name: what ends this process, whatever it is, ends the file too. */
export interface CachedFile {
  handle: FileHandle;
  sizeBytes: number;
  sha256: Buffer;
}

/** A file that stays as long as somebody holds it. */
export interface Lease {
  ready: Promise<CachedFile>;
  /** It has been sent, or the client has gone. */
  release(): void;
}

export interface FileCache {
  /** The file, if it is there; nothing is made. */
  find(key: string): CachedFile | null;
  /** The file, made if it is not there; refused if too many are. `cut` breaks the download off, to make room for others. */
  acquire(request: FileRequest, abort: () => void): Lease;
  /** Gives up what is being made and refuses what waits. */
  stop(): void;
  /** Takes all files away; nothing may be using them any more. */
  close(): Promise<void>;
}

interface LeaseHolder {
  acquiredAt: number;
  abort(): void;
}

interface Entry {
  request: FileRequest;
  /** Null until it is made. */
  file: CachedFile | null;
  ready: Promise<CachedFile>;
  /** Who waits for it or is being sent it. */
  holders: Set<LeaseHolder>;
  /** Takes it away when nobody has asked for it for long. */
  timer: NodeJS.Timeout | null;
}

export function createFileCache(parentFolder = tmpdir()): FileCache {
  /** By key, the one that was asked for last at the end. */
  const entries = new Map<string, Entry>();
  const shutdown = new AbortController();
  let lastBuild: Promise<unknown> = Promise.resolve();

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
    if (!candidate) throw exportsFull(`${MAX_FILES} files are being made or sent`);
    for (const { abort } of candidate.holders) abort();
    evict(candidate);
  };
  const build = async (entry: Entry): Promise<CachedFile> => {
    shutdown.signal.throwIfAborted();
    // Nobody would hear of it.
    if (entry.holders.size === 0) throw new Problem('request-timeout', 'The client has gone.');
    const folder = await mkdtemp(join(parentFolder, 'summit-facts-exports-'));
    try {
      const path = join(folder, 'whole');
      await entry.request.write(path, shutdown.signal);
      entry.file = await openFile(path);
      return entry.file;
    } catch (error) {
      throw isDiskFull(error) ? serviceUnavailable('There is no room for the file.') : error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  const startBuild = (request: FileRequest): Entry => {
    makeRoom();
    const ready: Promise<CachedFile> = lastBuild.then(() => build(entry));
    const entry: Entry = { request, file: null, ready, holders: new Set(), timer: null };
    lastBuild = ready.then(
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
      // Back to the end.
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
    stop: () => shutdown.abort(serviceUnavailable('The server is about to stop.')),
    async close() {
      await lastBuild;
      for (const entry of entries.values()) evict(entry);
    },
  };
}

/** Whether the disk has no room for more. */
const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'].includes(String((error as { code?: string }).code));

const exportsFull = (detail: string): Problem =>
  new Problem('exports-full', `${detail}, and no more may.`, [], RETRY_AFTER_HEADER);

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

/** The bytes of a file from its start. A stream of the handle would be bound to it for as long as that is open. */
export async function* readChunks({ handle }: Pick<CachedFile, 'handle'>): AsyncGenerator<Buffer> {
  for (let offset = 0; ; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, offset);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    offset += bytesRead;
  }
}
