/**
 * `npm run check:contract`. The released OpenAPI document must hold within v1, and CHANGELOG.md must name all
 * additions. Optional arguments: the released document, the present one, the changelog. Exits with 0, with 1
 * if there are findings, or with 2 if the documents cannot be compared.
 */
import { readFileSync } from 'node:fs';
import { isDocumentedBy, listUnreleasedNames, toAddition } from './changelog.ts';
import { type Change, findChanges } from './oasdiff.ts';

const [releasedPath = 'openapi.released.yaml', presentPath = 'openapi.yaml', changelogPath = 'CHANGELOG.md'] =
  process.argv.slice(2);

/** Changes of one kind, with all the places where they appear. */
type Places = Map<string, { finding: string; where: string }[]>;

try {
  process.exitCode = checkContract() ? 0 : 1;
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

/** Prints the findings. Returns true if there are none. */
function checkContract(): boolean {
  const names = listUnreleasedNames(readFileSync(changelogPath, 'utf8'));
  const changes = findChanges(releasedPath, presentPath);
  const breaks = groupBreaks(changes);
  if (breaks.size > 0) {
    printPlaces(`${presentPath} breaks the contract of ${releasedPath}`, breaks);
    print(
      'Undo these changes. For a break that is unavoidable or affects no client, see CONTRIBUTING.md, ' +
        '"Change the contract, and release it".',
    );
  }
  const undocumented = groupUndocumented(changes, names);
  if (undocumented.size > 0)
    printPlaces(`${changelogPath} must name these additions under Unreleased, in backticks`, undocumented);
  const isKept = breaks.size + undocumented.size === 0;
  if (isKept) print(`${presentPath} keeps the contract of ${releasedPath}, and its additions are documented`);
  return isKept;
}

function groupBreaks(changes: Change[]): Places {
  const breaks = changes
    // Warnings count too: they may break some clients, and the compatibility promise covers all.
    .filter(({ level }) => level > 1)
    .map(({ text, operation, path }) => ({
      finding: text.replace(/ \(shared schema: .*\)$/, ''),
      where: path === undefined ? 'components' : `${operation} ${path}`,
    }));
  // A change of an error's schema appears in every status of every operation.
  return Map.groupBy(breaks, ({ finding }) => finding.replace(/`\d{3}`/, '`status`'));
}

function groupUndocumented(changes: Change[], names: string[]): Places {
  const undocumented = changes
    .flatMap((change) => toAddition(change) ?? [])
    .filter((addition) => !names.some((name) => isDocumentedBy(name, addition)))
    .map(({ kind, name, where }) => ({ finding: `${kind} \`${name}\``, where }));
  return Map.groupBy(undocumented, ({ finding }) => finding);
}

function printPlaces(head: string, places: Places): void {
  print(`${head} (${places.size}):`);
  for (const [first, ...others] of places.values()) {
    const more = others.length > 0 ? `, and ${others.length} more` : '';
    print(`  ${first?.where}${more}: ${first?.finding}`);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
