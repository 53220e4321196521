import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const readProjectFile = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Version of the software and of the OpenAPI documents. */
export const version = (JSON.parse(readProjectFile('package.json')) as { version: string }).version;

/**
 * Part of every ETag, so that a client's copy becomes stale when the code that produced it changes: the version, the
 * commit or the deployment's BUILD_ID, and the synonyms, which operators may edit without either.
 */
export const buildId = createBuildId();

function createBuildId(): string {
  // Threads and processes of one server inherit it: a checkout may move to another commit while they start.
  process.env['BUILD_ID'] ||= readCommit() ?? '';
  const parts = [version, process.env['BUILD_ID'], readProjectFile('db/synonyms.yaml')];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 12);
}

/** Returns the checked-out commit, or null outside a checkout. */
function readCommit(): string | null {
  try {
    const head = readProjectFile('.git/HEAD').trim();
    if (!head.startsWith('ref: ')) return head;
    const branch = head.slice('ref: '.length);
    return readBranch(branch) ?? readPackedBranch(branch);
  } catch {
    return null;
  }
}

function readBranch(branch: string): string | null {
  try {
    return readProjectFile(`.git/${branch}`).trim();
  } catch {
    return null;
  }
}

function readPackedBranch(branch: string): string | null {
  const lines = readProjectFile('.git/packed-refs').split('\n');
  return lines.find((line) => line.endsWith(` ${branch}`))?.split(' ')[0] ?? null;
}
