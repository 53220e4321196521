/**
 * `npm run check:contract`. The released contract must hold within v1, and CHANGELOG.md must name all
 * additions. Optional arguments: the released document, the present one, the changelog. Exits with 0, with 1
 * if there are findings, or with 2 if a file cannot be read.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { createReport } from './report.ts';

const [releasedPath = 'openapi.released.yaml', presentPath = 'openapi.yaml', changelogPath = 'CHANGELOG.md'] =
  process.argv.slice(2);

const documents = { released: parse(read(releasedPath)), present: parse(read(presentPath)) };
const { breaks, undocumented, additions } = createReport(documents, read(changelogPath));
if (breaks.length > 0) print(`${presentPath} breaks the contract of ${releasedPath}`, breaks);
if (undocumented.length > 0)
  print(`${changelogPath} must name these additions under Unreleased, in backticks`, undocumented);
// No process.exit here: the output may not have been written to a pipe yet.
if (breaks.length + undocumented.length > 0) process.exitCode = 1;
else print(`${presentPath} keeps the contract of ${releasedPath}; documented additions: ${additions}`);

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    print(`Cannot read ${path}: ${(error as Error).message}`);
    process.exit(2);
  }
}

function print(head: string, findings: string[] = []): void {
  const title = findings.length > 0 ? `${head} (${findings.length}):` : head;
  process.stdout.write(`${[title, ...findings.map((each) => `  ${each}`)].join('\n')}\n`);
}
