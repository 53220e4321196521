/** Files that take long to make: made one at a time, shared by all who ask for the same, and kept for a while. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notReady, Problem, RETRY } from '../../lib/problem-details.ts';

/** How many files there may be, those that are still to be made or are being sent among them: each may have gigabytes. */
const MAX_FILES = 4;
/** How long a file is kept when nobody asks for it: a text that was redacted meanwhile must not lie there for long. */
const KEPT_MS = 15 * 60_000;
/** How long a download may take where others wait for its room. */
const SENDING_MS = 15 * 60_000;
/** How much of a file is in memory at a time, for each that is being sent. */
const CHUNK_BYTES = 64 * 1024;

/** What is to be in a file. */
export interface Wanted {
  /** The same for the same bytes. */
  key: string;
  /** The newest revision: after the next one, nobody asks for the file any more. */
  newest: number;
  /** Writes the file at `path`, and gives up once `stop` says so. */
  make(path: string, stop: AbortSignal): Promise<void>;
}

/** A file without a name: what ends this process, whatever it is, ends the file too. */
export interface MadeFile {
  handle: FileHandle;
  bytes: number;
  sha256: Buffer;
}

/** A file that stays as long as somebody holds it. */
export interface Held {
  ready: Promise<MadeFile>;
  /** It has been sent, or the client has gone. */
  leave(): void;
}

export interface Files {
  /** The file, if it is there; nothing is made. */
  find(key: string): MadeFile | null;
  /** The file, made if it is not there; refused if too many are. `cut` breaks the download off, to make room for others. */
  hold(wanted: Wanted, cut: () => void): Held;
  /** Gives up what is being made and refuses what waits. */
  stop(): void;
  /** Takes all files away; nothing may be using them any more. */
  close(): Promise<void>;
}

interface Holder {
  since: number;
  cut(): void;
}

interface Entry {
  wanted: Wanted;
  /** Null until it is made. */
  file: MadeFile | null;
  ready: Promise<MadeFile>;
  /** Who waits for it or is being sent it. */
  holders: Set<Holder>;
  /** Takes it away when nobody has asked for it for long. */
  timer: NodeJS.Timeout | null;
}

export function filesInFolder(parent = tmpdir()): Files {
  /** By key, the one that was asked for last at the end. */
  const entries = new Map<string, Entry>();
  const stopping = new AbortController();
  let last: Promise<unknown> = Promise.resolve();

  const drop = (entry: Entry): void => {
    if (entry.timer) clearTimeout(entry.timer);
    entries.delete(entry.wanted.key);
    if (entry.holders.size === 0) void entry.file?.handle.close();
  };
  const made = () => [...entries.values()].filter(({ file }) => file !== null);
  const idle = () => made().filter(({ holders }) => holders.size === 0);
  const makeRoom = () => {
    if (entries.size < MAX_FILES) return;
    const before = Date.now() - SENDING_MS;
    const isSlow = ({ since }: Holder) => since < before;
    const [least] = [...idle(), ...made().filter(({ holders }) => [...holders].every(isSlow))];
    if (!least) throw full(`${MAX_FILES} files are being made or sent`);
    for (const { cut } of least.holders) cut();
    drop(least);
  };
  const make = async (entry: Entry): Promise<MadeFile> => {
    stopping.signal.throwIfAborted();
    // Nobody would hear of it.
    if (entry.holders.size === 0) throw new Problem('request-timeout', 'The client has gone.');
    const folder = await mkdtemp(join(parent, 'summit-facts-exports-'));
    try {
      const path = join(folder, 'whole');
      await entry.wanted.make(path, stopping.signal);
      entry.file = await opened(path);
      return entry.file;
    } catch (error) {
      throw isFull(error) ? notReady('There is no room for the file.') : error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
  const begin = (wanted: Wanted): Entry => {
    makeRoom();
    const ready: Promise<MadeFile> = last.then(() => make(entry));
    const entry: Entry = { wanted, file: null, ready, holders: new Set(), timer: null };
    last = ready.then(
      () => keepIfIdle(entry),
      () => drop(entry),
    );
    entries.set(wanted.key, entry);
    return entry;
  };
  const keepIfIdle = (entry: Entry): void => {
    if (entry.holders.size > 0 || !entry.file) return;
    if (entries.get(entry.wanted.key) !== entry) void entry.file.handle.close();
    else entry.timer = setTimeout(() => drop(entry), KEPT_MS).unref();
  };
  return {
    find: (key) => entries.get(key)?.file ?? null,
    hold(wanted, cut) {
      stopping.signal.throwIfAborted();
      for (const entry of idle()) if (entry.wanted.newest !== wanted.newest) drop(entry);
      const entry = entries.get(wanted.key) ?? begin(wanted);
      if (entry.timer) clearTimeout(entry.timer);
      // Back to the end.
      entries.delete(wanted.key);
      entries.set(wanted.key, entry);
      const holder = { since: Date.now(), cut };
      entry.holders.add(holder);
      return {
        ready: entry.ready,
        leave() {
          if (entry.holders.delete(holder)) keepIfIdle(entry);
        },
      };
    },
    stop: () => stopping.abort(notReady('The server is about to stop.')),
    async close() {
      await last;
      for (const entry of entries.values()) drop(entry);
    },
  };
}

/** Whether the disk has no room for more. */
const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'].includes(String((error as { code?: string }).code));

const full = (detail: string): Problem =>
  new Problem('exports-full', `${detail}, and no more may.`, [], RETRY);

async function opened(path: string): Promise<MadeFile> {
  const handle = await open(path);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of bytesOf({ handle })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { handle, bytes, sha256: hash.digest() };
}

/** The bytes of a file from its start. A stream of the handle would be bound to it for as long as that is open. */
export async function* bytesOf({ handle }: Pick<MadeFile, 'handle'>): AsyncGenerator<Buffer> {
  for (let at = 0; ; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}
