/** Files that take long to make: made one at a time, shared by all who ask for the same, and kept for a while. */
import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notReady, Problem, RETRY } from '../../problem.ts';

/** How many files there may be, those that are still to be made or are being sent among them. */
const MAX_FILES = 4;
/** How many requests may wait for files to be made. */
const MAX_WAITING_REQUESTS = 16;
/** How long a file is kept when nobody asks for it: a text that was redacted meanwhile must not lie there for long. */
const KEPT_MS = 15 * 60_000;

/** What is to be in a file. */
export interface Wanted {
  /** The same for the same bytes. */
  key: string;
  /** The newest revision: after the next one, nobody asks for the file any more. */
  newest: number;
  /** Writes the file at `path`, and gives up once `stop` says so. */
  make(path: string, stop: AbortSignal): Promise<void>;
}

export interface MadeFile {
  path: string;
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
  /** The file, made if it is not there; refused if too many are. */
  hold(wanted: Wanted): Held;
  /** Gives up what is being made and refuses what waits. */
  stop(): void;
  /** Takes all files away; nothing may be using them any more. */
  close(): Promise<void>;
}

interface Entry {
  wanted: Wanted;
  /** Null until it is made. */
  file: MadeFile | null;
  ready: Promise<MadeFile>;
  /** How many wait for it or are being sent it. */
  holders: number;
  /** Takes it away when nobody has asked for it for long. */
  timer: NodeJS.Timeout | null;
}

export function filesInFolder(parent = tmpdir()): Files {
  /** By key, the one that was asked for last at the end. */
  const entries = new Map<string, Entry>();
  const stopping = new AbortController();
  let waiting = 0;
  let made = 0;
  let folder: string | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const drop = (entry: Entry): void => {
    if (entry.timer) clearTimeout(entry.timer);
    entries.delete(entry.wanted.key);
    if (entry.file) rmSync(entry.file.path, { force: true });
  };
  const idle = () => [...entries.values()].filter(({ file, holders }) => file !== null && holders === 0);
  const makeRoom = () => {
    const [longestIdle] = idle();
    if (entries.size < MAX_FILES) return;
    if (!longestIdle) throw full(`${MAX_FILES} files are being made or sent`);
    drop(longestIdle);
  };
  const make = async (entry: Entry): Promise<MadeFile> => {
    stopping.signal.throwIfAborted();
    // Nobody would hear of it.
    if (entry.holders === 0) throw new Problem('request-timeout', 'The client has gone.');
    folder ??= mkdtempSync(join(parent, 'summit-facts-exports-'));
    made += 1;
    const path = join(folder, String(made));
    try {
      await entry.wanted.make(path, stopping.signal);
      entry.file = { path, ...(await digestOf(path)) };
      return entry.file;
    } catch (error) {
      await rm(path, { force: true });
      throw isFull(error) ? notReady('There is no room for the file.') : error;
    }
  };
  const begin = (wanted: Wanted): Entry => {
    makeRoom();
    const ready: Promise<MadeFile> = last.then(() => make(entry));
    const entry: Entry = { wanted, file: null, ready, holders: 0, timer: null };
    last = ready.then(
      () => keepIfIdle(entry),
      () => drop(entry),
    );
    entries.set(wanted.key, entry);
    return entry;
  };
  const keepIfIdle = (entry: Entry): void => {
    if (entry.holders > 0 || !entry.file) return;
    entry.timer = setTimeout(() => drop(entry), KEPT_MS).unref();
  };
  return {
    find: (key) => entries.get(key)?.file ?? null,
    hold(wanted) {
      stopping.signal.throwIfAborted();
      for (const entry of idle()) if (entry.wanted.newest !== wanted.newest) drop(entry);
      const found = entries.get(wanted.key);
      if (!found?.file && waiting === MAX_WAITING_REQUESTS) throw full(`${waiting} requests wait for files`);
      const entry = found ?? begin(wanted);
      if (entry.timer) clearTimeout(entry.timer);
      // Back to the end.
      entries.delete(wanted.key);
      entries.set(wanted.key, entry);
      entry.holders += 1;
      let waits = entry.file === null;
      if (waits) waiting += 1;
      const served = () => {
        if (waits) waiting -= 1;
        waits = false;
      };
      let here = true;
      return {
        ready: entry.ready.finally(served),
        leave() {
          if (!here) return;
          here = false;
          served();
          entry.holders -= 1;
          keepIfIdle(entry);
        },
      };
    },
    stop: () => stopping.abort(notReady('The server is about to stop.')),
    async close() {
      await last;
      for (const entry of entries.values()) drop(entry);
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether the disk has no room for more. */
const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'SQLITE_FULL'].includes(String((error as { code?: string }).code));

const full = (detail: string): Problem =>
  new Problem('exports-full', `${detail}, and no more may.`, [], RETRY);

async function digestOf(path: string): Promise<Omit<MadeFile, 'path'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest() };
}
