/** Load by wrk: https://github.com/wg/wrk, Debian's package of that name. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ON_CLIENT_CORE } from './spawn-server.ts';

export interface Load {
  url: string;
  /** Asked for in this order: each once, and no more when they are used up, unless `repeat` is set. */
  paths: string[];
  repeat?: boolean;
  headers?: Record<string, string>;
  seconds: number;
  connections?: number;
}

export interface Loaded {
  requests: number;
  perSecond: number;
  /** Of all that came, headers and all. */
  bytes: number;
  p50Ms: number;
  p99Ms: number;
}

const SCRIPT = join(import.meta.dirname, 'wrk.lua');
export const CONNECTIONS = 8;

/** Throws unless every answer came whole and with a status below 400. */
export async function load(asked: Load): Promise<Loaded> {
  const { url, paths, repeat = false, headers = {}, seconds, connections = CONNECTIONS } = asked;
  const folder = mkdtempSync(join(tmpdir(), 'summit-facts-load-'));
  try {
    const file = join(folder, 'paths');
    writeFileSync(file, `${paths.join('\n')}\n`);
    const [program = '', ...args] = [
      ...[...ON_CLIENT_CORE, 'wrk', '-t1', `-c${connections}`, `-d${seconds}`, '--timeout', '30s'],
      ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
      ...['-s', SCRIPT, url, '--', file, ...(repeat ? ['repeat'] : [])],
    ];
    const { stdout } = await promisify(execFile)(program, args);
    return loadedOf(`${url}${paths[0]}`, stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function loadedOf(of: string, output: string): Loaded {
  const line = /^\{.*\}$/m.exec(output)?.[0];
  const { requests, microseconds, bytes, p50, p99, bad, broken } = JSON.parse(line ?? '{"requests":0}');
  if (!requests || bad || broken) throw new Error(`${of}: not every answer is good: ${output}`);
  const perSecond = (requests * 1e6) / microseconds;
  return { requests, perSecond, bytes, p50Ms: p50 / 1_000, p99Ms: p99 / 1_000 };
}

/**
 * Throws unless what came is as much as so many answers of `each` bytes, or by `tolerance` more or less. Beside whole answers
 * there may be a part of one on each connection, and of what is not waited for.
 */
export function holdBytes(of: string, { requests, bytes }: Loaded, each: number, tolerance = 0): void {
  const least = requests * each * (1 - tolerance);
  const most = (requests * (1 + tolerance) + CONNECTIONS) * each;
  if (bytes < least || bytes > most) {
    throw new Error(`${of}: ${requests} answers have ${bytes} bytes, but ${each} bytes each are to come`);
  }
}
