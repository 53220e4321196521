/** Comparison of OpenAPI documents by oasdiff, which Go builds and caches at the version in `go.mod`. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/** Change between two documents, in the form of oasdiff. */
export interface Change {
  /** Name of the rule that found it; `go tool oasdiff checks changelog` lists the rules. */
  id: string;
  text: string;
  /** 1 for information, 2 for a warning, 3 for an error. */
  level: 1 | 2 | 3;
  /** Method and path; a change of a component has neither. */
  operation?: string;
  path?: string;
  operationId?: string;
}

const FOLDER = import.meta.dirname;
/** Settings that use exactly the versions in `go.mod` and `go.sum`, and the installed Go. */
const GO_ENV = { GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' };
/** Generated clients pass path parameters by name, so a new name breaks them. */
const OPTIONS = ['--format', 'json', '--flatten-allof', '--include-path-params'];
/** A change of a shared component is reported for every operation that uses it. */
const MAX_OUTPUT_BYTES = 2 ** 30;

/**
 * Lists the changes from the released to the present document. `severity-levels.txt` raises rules to errors
 * where the compatibility promise in CONTRIBUTING.md is stricter than oasdiff: names that generated clients
 * use, defaults of requests, and responses of a kind that clients do not know.
 */
export function findChanges(released: string, present: string): Change[] {
  const command = ['tool', 'oasdiff', 'changelog', resolve(released), resolve(present)];
  const { error, status, stdout } = spawnSync(
    'go',
    [...command, ...OPTIONS, '--severity-levels', 'severity-levels.txt'],
    {
      cwd: FOLDER,
      encoding: 'utf8',
      env: { ...process.env, ...GO_ENV },
      maxBuffer: MAX_OUTPUT_BYTES,
      // The first run takes a minute and reports its downloads.
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  if (error && 'code' in error && error.code === 'ENOENT')
    throw new Error(
      'Cannot run oasdiff, because there is no `go` in PATH. Install Go 1.26 or later ' +
        '(https://go.dev/doc/install); this command then downloads and builds oasdiff by itself.',
    );
  if (error) throw error;
  if (status !== 0)
    throw new Error(
      `oasdiff failed with exit code ${status}; its message is above. If it could not be built: that needs Go 1.26 ` +
        'or later and, the first time, a network connection.',
    );
  return JSON.parse(stdout);
}
