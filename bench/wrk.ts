/** Load generation with wrk: https://github.com/wg/wrk, Debian's package of that name. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ON_CLIENT_CORE } from './spawn-server.ts';

export interface WrkOptions {
  url: string;
  /** Requested in this order, each once. When all are used up, wrk stops, unless `repeat` is set. */
  paths: string[];
  repeat?: boolean;
  headers?: Record<string, string>;
  seconds: number;
  connections?: number;
}

export interface WrkResult {
  requests: number;
  perSecond: number;
  /** Size of all responses on the wire, with their headers. */
  bytes: number;
  p50Ms: number;
  p99Ms: number;
}

const SCRIPT_PATH = join(import.meta.dirname, 'wrk.lua');
export const CONNECTIONS = 8;

/** Runs wrk, and throws unless every response is complete and has a status below 400. */
export async function runWrk(options: WrkOptions): Promise<WrkResult> {
  const { url, paths, repeat = false, headers = {}, seconds, connections = CONNECTIONS } = options;
  const folder = mkdtempSync(join(tmpdir(), 'summit-facts-load-'));
  try {
    const file = join(folder, 'paths');
    writeFileSync(file, `${paths.join('\n')}\n`);
    const [program = '', ...args] = [
      ...[...ON_CLIENT_CORE, 'wrk', '-t1', `-c${connections}`, `-d${seconds}`, '--timeout', '30s'],
      ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
      ...['-s', SCRIPT_PATH, url, '--', file, ...(repeat ? ['repeat'] : [])],
    ];
    const { stdout } = await promisify(execFile)(program, args);
    return parseWrkOutput(`${url}${paths[0]}`, stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parseWrkOutput(label: string, output: string): WrkResult {
  const line = /^\{.*\}$/m.exec(output)?.[0];
  const { requests, microseconds, bytes, p50, p99, errorStatuses, failures } = JSON.parse(
    line ?? '{"requests":0}',
  );
  if (!requests || errorStatuses || failures) throw new Error(`${label}: some requests failed: ${output}`);
  const perSecond = (requests * 1e6) / microseconds;
  return { requests, perSecond, bytes, p50Ms: p50 / 1_000, p99Ms: p99 / 1_000 };
}

/**
 * Throws unless the received bytes match the number of responses of `bytesPerResponse` each, within
 * `tolerance` (a share). Each connection may have received part of one more response, which wrk does not
 * count.
 */
export function assertBytes(
  label: string,
  { requests, bytes }: WrkResult,
  bytesPerResponse: number,
  tolerance = 0,
): void {
  const minBytes = requests * bytesPerResponse * (1 - tolerance);
  const maxBytes = (requests * (1 + tolerance) + CONNECTIONS) * bytesPerResponse;
  if (bytes < minBytes || bytes > maxBytes) {
    throw new Error(
      `${label}: ${requests} responses have ${bytes} bytes; expected ${bytesPerResponse} bytes each`,
    );
  }
}
