import { dirname } from 'node:path';
import { type CheckedDossier, checkDossier } from '../dossier/check.ts';
import { dossierFolders, FACTS_FILE, readDossier } from '../dossier/files.ts';
import { type CheckProblem, describeProblem } from '../dossier/report.ts';
import { parseYaml } from '../dossier/yaml.ts';
import { keyOf } from '../facts/body.ts';
import { print } from './print.ts';

interface Home {
  folder: string;
  line: number;
  column: number;
}

/** `summit-facts check <path...>`: dossiers may refer to facts of each other and of those in the folders beside them. */
export async function check(paths: string[]): Promise<void> {
  const folders = [...new Set(paths.flatMap(dossierFolders))];
  if (folders.length === 0) throw new Error(`There is no dossier in ${paths.join(', ')}`);
  const homes = homesOf([
    ...new Set([...folders, ...folders.flatMap((folder) => dossierFolders(dirname(folder)))]),
  ]);
  let failed = 0;
  for (const folder of folders) {
    const { dossier, problems } = await checkDossier(readDossier(folder), async () => new Set(homes.keys()));
    const all = [...problems, ...homelessIn(folder, homes)];
    for (const problem of all) print(describeProblem(folder, problem));
    if (dossier && all.length === 0) print(summaryOf(folder, dossier));
    else failed += 1;
  }
  if (failed > 0) throw new Error(`${failed} of ${folders.length} dossiers have problems`);
}

/** Where each fact is given, sound or not, as `type/id`. */
function homesOf(folders: string[]): Map<string, Home[]> {
  const homes = new Map<string, Home[]>();
  for (const folder of folders) {
    const { id, facts } = readDossier(folder);
    const { value, positionOf } = parseYaml(facts);
    const given = (value as { facts?: unknown } | undefined)?.facts;
    for (const [index, fact] of (Array.isArray(given) ? given : []).entries()) {
      if (typeof fact?.type !== 'string' || typeof fact.id !== 'string') continue;
      const key = keyOf(fact);
      homes.set(key, [...(homes.get(key) ?? []), { folder, ...positionOf(['facts', index, 'id']) }]);
    }
    homes.set(keyOf({ type: 'document', id }), [{ folder, line: 1, column: 1 }]);
  }
  return homes;
}

/** A fact has one home: those of this folder that another gives too. */
function homelessIn(folder: string, homes: Map<string, Home[]>): CheckProblem[] {
  return [...homes].flatMap(([key, places]) => {
    const here = places.find((place) => place.folder === folder);
    const other = places.find((place) => place.folder !== folder);
    if (!here || !other) return [];
    const { line, column } = here;
    const message = `${key} is given in ${other.folder} too, at line ${other.line}: a fact has one home`;
    return [{ file: FACTS_FILE, pointer: '', code: 'duplicate-id', message, line, column }];
  });
}

function summaryOf(folder: string, { facts, amendments, coverage }: CheckedDossier): string {
  const carried = [...facts.map(({ body }) => body), ...amendments];
  const spans = carried.reduce((sum, { evidence }) => sum + (evidence?.length ?? 0), 0);
  return `${folder}: ${facts.length} facts, ${spans} spans, coverage ${coverage.toFixed(3)}`;
}
