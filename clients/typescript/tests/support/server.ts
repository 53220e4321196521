/** Server of the repository, as a process with a new SQLite store. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Client, Dossier } from '../../dist/index.js';

export const REPOSITORY = fileURLToPath(new URL('../../../../', import.meta.url));

export interface TestServer {
  url: string;
  /** API key with the scope `write`. */
  key: string;
  stop(): Promise<void>;
}

/** Starts a server with the first dossier in its store, on a free port. */
export async function startServer(environment: Record<string, string> = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'summit-facts-client-'));
  const env = {
    ...process.env,
    DATABASE_URL: `file:${join(folder, 'store.sqlite')}`,
    PORT: '0',
    RATE_LIMIT_PER_MINUTE: '0',
    ...environment,
  };
  const child = spawn(process.execPath, ['src/main.ts'], { cwd: REPOSITORY, env });
  const url = await urlOf(child);
  const args = ['src/cli/main.ts', 'keys', 'create', '--name', 'tests', '--scope', 'write', '--json'];
  const options = { cwd: REPOSITORY, env, encoding: 'utf8', stdio: 'pipe' } as const;
  const { key } = JSON.parse(execFileSync(process.execPath, args, options));
  const stop = async () => {
    child.kill();
    if (child.exitCode === null) await once(child, 'close');
    rmSync(folder, { recursive: true });
  };
  return { url, key, stop };
}

async function urlOf(child: ChildProcess): Promise<string> {
  let printed = '';
  child.stderr?.on('data', (chunk) => {
    printed += chunk;
  });
  for await (const chunk of child.stdout ?? []) {
    printed += chunk;
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
    // Continue to read, so that the pipe does not fill up.
    if (url) {
      child.stdout?.resume();
      return url;
    }
  }
  throw new Error(`The server ended: ${printed}`);
}

/** Reads a dossier of the repository's tests in the form that the API accepts: with its text. */
export function dossierOf(id: string): Dossier {
  const folder = join(REPOSITORY, 'tests/fixtures/dossiers', id);
  const facts = parse(readFileSync(join(folder, 'facts.yaml'), 'utf8'));
  return { ...facts, text: readFileSync(join(folder, 'source.txt'), 'utf8') };
}

/** Imports a new dossier with `client`. Returns the revision. */
export async function put(client: Client, dossier: Dossier, note = 'For a test'): Promise<number> {
  const { data, error } = await client.PUT('/v1/dossiers/{id}', {
    params: { path: { id: dossier.document.id }, query: { note } },
    body: dossier,
  });
  if (data?.revision == null) throw new Error(JSON.stringify(error ?? data));
  return data.revision;
}

/** Creates a dossier whose text has a line about a meeting in each of `names`, with an event for each. */
export function meetings(id: string, names: string[]): Dossier {
  return {
    document: {
      id,
      title: `Meetings of ${id}`,
      language: 'en',
      publishedOn: '2031-05-02',
      rights: { statement: 'Written for the tests', display: 'full' },
    },
    text: names.map((name) => `They met in ${name}.\n`).join(''),
    facts: names.map((name) => ({
      type: 'event',
      id: name.toLowerCase(),
      name: `Meeting in ${name}`,
      kind: 'meeting',
      status: 'held',
      evidence: [{ quote: `They met in ${name}`, supports: ['name', 'kind', 'status'] }],
    })),
  };
}
