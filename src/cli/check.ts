import { type CheckedDossier, checkDossier } from '../dossier/check.ts';
import { dossierFolders, readDossier } from '../dossier/files.ts';
import { describeProblem } from '../dossier/report.ts';
import { parseYaml } from '../dossier/yaml.ts';
import { keyOf } from '../facts/body.ts';
import { print } from './print.ts';

/** `summit-facts check <path...>`: dossiers that are checked together may refer to each other's facts. */
export async function check(paths: string[]): Promise<void> {
  const folders = paths.flatMap(dossierFolders);
  if (folders.length === 0) throw new Error(`There is no dossier in ${paths.join(', ')}`);
  const all = folders.map((folder) => ({ folder, files: readDossier(folder) }));
  const named = new Set(all.flatMap(({ files }) => factsNamedIn(files.facts)));
  let failed = 0;
  for (const { folder, files } of all) {
    const { dossier, problems } = await checkDossier(files, async () => named);
    for (const problem of problems) print(describeProblem(folder, problem));
    if (dossier) print(summaryOf(folder, dossier));
    else failed += 1;
  }
  if (failed > 0) throw new Error(`${failed} of ${folders.length} dossiers have problems`);
}

/** The facts that a dossier names, whether or not they are sound. */
function factsNamedIn(yaml: string): string[] {
  const { facts } = (parseYaml(yaml).value ?? {}) as { facts?: { type?: unknown; id?: unknown }[] };
  if (!Array.isArray(facts)) return [];
  return facts.map((fact) => keyOf({ type: String(fact?.type), id: String(fact?.id) }));
}

function summaryOf(folder: string, { facts, coverage }: CheckedDossier): string {
  const spans = facts.reduce((sum, { body }) => sum + (body.evidence?.length ?? 0), 0);
  return `${folder}: ${facts.length} facts, ${spans} spans, coverage ${coverage.toFixed(3)}`;
}
