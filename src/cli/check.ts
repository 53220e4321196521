import { dirname } from 'node:path';
import {
  FACTS_FILE,
  getDossierId,
  listDossierFolders,
  readFacts,
  tryReadDossier,
  UnreadableDossierError,
} from '../dossier/files.ts';
import { parseYaml } from '../dossier/parse-yaml.ts';
import { type DossierFiles, type ValidatedDossier, validateDossier } from '../dossier/validate.ts';
import { type FolderProblem, formatProblem, type ValidationProblem } from '../dossier/validation-errors.ts';
import { formatCount, pluralize } from '../lib/numbers.ts';
import { refKey } from '../model/fact-body.ts';
import { collectDossierFolders } from './dossier-folders.ts';
import { type CheckedWithDryRun, createDryRun, type DryRunResult, formatDryRun } from './dry-run.ts';
import { CommandError, type FileProblem, withPath } from './errors.ts';
import { createOutput, type Output } from './output.ts';
import { withReadOnlyStore } from './store.ts';

interface FactLocation {
  folder: string;
  line: number;
  column: number;
}

export interface CheckOptions {
  store?: boolean;
  note?: string;
  json?: boolean;
}

/** `summit-facts check <path...>`. Dossiers may refer to facts of each other and of sibling folders. */
export async function checkDossiers(paths: string[], options: CheckOptions): Promise<void> {
  const folders = collectDossierFolders(paths);
  const locations = locateFacts([
    ...new Set([...folders, ...folders.flatMap((folder) => listDossierFolders(dirname(folder)))]),
  ]);
  const output = createOutput(options);
  if (!options.store) {
    const listKnownKeys = async () => new Set(locations.keys());
    return checkFolders(folders, {
      locations,
      output,
      checkFiles: (files) => validateDossier(files, listKnownKeys),
    });
  }
  await withReadOnlyStore((store) => {
    const checkFiles = createDryRun(store, mapFactsToDossiers(locations, folders), options.note || null);
    return checkFolders(folders, { locations, output, checkFiles });
  });
}

interface CheckContext {
  locations: Map<string, FactLocation[]>;
  output: Output;
  checkFiles(files: DossierFiles): Promise<CheckedWithDryRun>;
}

async function checkFolders(
  folders: string[],
  { locations, output, checkFiles }: CheckContext,
): Promise<void> {
  const dossiers: object[] = [];
  const problems: FileProblem[] = [];
  let failed = 0;
  for (const folder of folders) {
    const files = tryReadDossier(folder);
    const {
      dossier,
      dryRun,
      problems: ownProblems,
    } = files instanceof UnreadableDossierError
      ? { dossier: null, dryRun: undefined, problems: files.problems }
      : await checkFiles(files);
    const allProblems: FolderProblem[] = [...ownProblems, ...findDuplicateFacts(folder, locations)];
    for (const problem of allProblems) output.writeLine(formatProblem(folder, problem));
    problems.push(...allProblems.map((problem) => withPath(folder, problem)));
    const summary = dossier && allProblems.length === 0 ? summarizeDossier(dossier, dryRun) : null;
    if (summary) output.writeLine(formatSummary(folder, summary));
    else failed += 1;
    dossiers.push({ id: getDossierId(folder), folder, problems: allProblems.length, ...summary });
  }
  const result = { dossiers, problems };
  if (failed > 0) {
    const dossierCount = formatCount(folders.length, 'dossier');
    throw new CommandError(
      `${failed} of ${dossierCount} ${pluralize(failed, 'has', 'have')} problems`,
      result,
    );
  }
  output.writeJson(result);
}

/** Finds where each fact is defined, by `type/id`. Includes facts that have problems. */
function locateFacts(folders: string[]): Map<string, FactLocation[]> {
  const locations = new Map<string, FactLocation[]>();
  for (const folder of folders) {
    const facts = readFacts(folder);
    if (facts === null) continue;
    const { value, getPosition } = parseYaml(facts);
    const factList = (value as { facts?: unknown } | undefined)?.facts;
    for (const [index, fact] of (Array.isArray(factList) ? factList : []).entries()) {
      if (typeof fact?.type !== 'string' || typeof fact.id !== 'string') continue;
      const key = refKey(fact);
      locations.set(key, [...(locations.get(key) ?? []), { folder, ...getPosition(['facts', index, 'id']) }]);
    }
    locations.set(refKey({ type: 'document', id: getDossierId(folder) }), [{ folder, line: 1, column: 1 }]);
  }
  return locations;
}

/** Finds facts of `folder` that another folder defines too: a fact has one home dossier. */
function findDuplicateFacts(folder: string, locations: Map<string, FactLocation[]>): ValidationProblem[] {
  return [...locations].flatMap(([key, factLocations]) => {
    const here = factLocations.find((location) => location.folder === folder);
    const other = factLocations.find((location) => location.folder !== folder);
    if (!here || !other) return [];
    const { line, column } = here;
    const message = `${key} is also defined in ${other.folder}, line ${other.line}: a fact has one home dossier`;
    return [{ file: FACTS_FILE, pointer: '', code: 'duplicate-id', message, line, column }];
  });
}

/** Maps each fact of these folders to the dossier that defines it. */
function mapFactsToDossiers(locations: Map<string, FactLocation[]>, folders: string[]): Map<string, string> {
  return new Map(
    [...locations].flatMap(([key, factLocations]) => {
      const location = factLocations.find(({ folder }) => folders.includes(folder));
      return location ? [[key, getDossierId(location.folder)] as const] : [];
    }),
  );
}

interface DossierSummary {
  facts: number;
  spans: number;
  /** Share of the source's letters and digits that evidence touches. */
  coverage: number;
  /** Result of the dry run, if one was requested. */
  import?: DryRunResult;
}

function summarizeDossier(
  { facts, amendments, coverage }: ValidatedDossier,
  dryRun: DryRunResult | undefined,
): DossierSummary {
  const factsWithEvidence = [...facts.map(({ body }) => body), ...amendments];
  const spans = factsWithEvidence.reduce((sum, { evidence }) => sum + (evidence?.length ?? 0), 0);
  return { facts: facts.length, spans, coverage, ...(dryRun ? { import: dryRun } : {}) };
}

function formatSummary(folder: string, { facts, spans, coverage, import: dryRun }: DossierSummary): string {
  const line = `${folder}: ${formatCount(facts, 'fact')}, ${formatCount(spans, 'span')}, coverage ${coverage.toFixed(3)}`;
  return [line, ...(dryRun ? formatDryRun(dryRun) : [])].join('\n');
}
