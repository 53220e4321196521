/**
 * `npm run check:contract`: what was released must hold within v1, and what is new must be told in CHANGELOG.md. Other
 * files may be given: the released document, the present one, the changelog. Ends with 0, with 1 if there are findings,
 * with 2 if a file cannot be read.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { createReport } from './report.ts';

const [releasedPath = 'openapi.released.yaml', presentPath = 'openapi.yaml', changelogPath = 'CHANGELOG.md'] =
  process.argv.slice(2);

const documents = { released: parse(read(releasedPath)), present: parse(read(presentPath)) };
const { breaks, undocumented, additions } = createReport(documents, read(changelogPath));
if (breaks.length > 0) print(`${presentPath} breaks what ${releasedPath} promised`, breaks);
if (undocumented.length > 0)
  print(`${changelogPath} does not name under Unreleased, in backticks, what is new`, undocumented);
// Not ended at once: what was printed may still be on its way into a pipe.
if (breaks.length + undocumented.length > 0) process.exitCode = 1;
else print(`${presentPath} keeps what ${releasedPath} promised; additions, all told: ${additions}`);

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    print(`${path} cannot be read: ${(error as Error).message}`);
    process.exit(2);
  }
}

function print(head: string, findings: string[] = []): void {
  const title = findings.length > 0 ? `${head} (${findings.length}):` : head;
  process.stdout.write(`${[title, ...findings.map((each) => `  ${each}`)].join('\n')}\n`);
}
