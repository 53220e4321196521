import { basename, dirname, resolve } from 'node:path';
import { readConfig } from '../config.ts';
import { dossierFolders, FACTS_FILE, readDossier } from '../dossier/files.ts';
import { parseYaml } from '../dossier/parse-yaml.ts';
import { type CheckedDossier, checkDossier, type DossierFiles } from '../dossier/validate.ts';
import { type CheckProblem, describeProblem } from '../dossier/validation-errors.ts';
import { keyOf } from '../model/fact-body.ts';
import { openStoreToRead } from '../store/open.ts';
import { type Examined, type Forecast, forecasting, linesOf } from './dry-run.ts';
import { type FileProblem, inFolder, Refused } from './errors.ts';
import { type Output, outputFor } from './output.ts';

interface Home {
  folder: string;
  line: number;
  column: number;
}

export interface CheckOptions {
  store?: boolean;
  note?: string;
  json?: boolean;
}

/** `summit-facts check <path...>`: dossiers may refer to facts of each other and of those in the folders beside them. */
export async function check(paths: string[], options: CheckOptions): Promise<void> {
  const folders = [...new Set(paths.flatMap(dossierFolders))];
  if (folders.length === 0) throw new Refused(`There is no dossier in ${paths.join(', ')}`);
  const homes = homesOf([
    ...new Set([...folders, ...folders.flatMap((folder) => dossierFolders(dirname(folder)))]),
  ]);
  const output = outputFor(options);
  if (!options.store) {
    const known = async () => new Set(homes.keys());
    return checkEach(folders, { homes, output, examine: (files) => checkDossier(files, known) });
  }
  const { databaseUrl, postgres } = readConfig(process.env);
  const store = await openStoreToRead(databaseUrl, postgres);
  try {
    const examine = forecasting(store, companionsOf(homes, folders), options.note || null);
    await checkEach(folders, { homes, output, examine });
  } finally {
    await store.close();
  }
}

interface Checking {
  homes: Map<string, Home[]>;
  output: Output;
  examine(files: DossierFiles): Promise<Examined>;
}

async function checkEach(folders: string[], { homes, output, examine }: Checking): Promise<void> {
  const dossiers: object[] = [];
  const problems: FileProblem[] = [];
  let failed = 0;
  for (const folder of folders) {
    const files = readDossier(folder);
    const { dossier, problems: found, forecast } = await examine(files);
    const all = [...found, ...homelessIn(folder, homes)];
    for (const problem of all) output.line(describeProblem(folder, problem));
    problems.push(...all.map((problem) => inFolder(folder, problem)));
    const sound = dossier && all.length === 0 ? figuresOf(dossier, forecast) : null;
    if (sound) output.line(summaryOf(folder, sound));
    else failed += 1;
    dossiers.push({ id: files.id, folder, problems: all.length, ...sound });
  }
  const document = { dossiers, problems };
  if (failed > 0) throw new Refused(`${failed} of ${folders.length} dossiers have problems`, document);
  output.document(document);
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

/** Which dossier gives each fact of these folders. */
function companionsOf(homes: Map<string, Home[]>, folders: string[]): Map<string, string> {
  return new Map(
    [...homes].flatMap(([key, places]) => {
      const place = places.find(({ folder }) => folders.includes(folder));
      return place ? [[key, basename(resolve(place.folder))] as const] : [];
    }),
  );
}

interface Figures {
  facts: number;
  spans: number;
  /** The share of the letters and digits of the source that evidence carries. */
  coverage: number;
  /** What an import would do, where that was asked. */
  import?: Forecast;
}

function figuresOf({ facts, amendments, coverage }: CheckedDossier, forecast: Forecast | undefined): Figures {
  const carried = [...facts.map(({ body }) => body), ...amendments];
  const spans = carried.reduce((sum, { evidence }) => sum + (evidence?.length ?? 0), 0);
  return { facts: facts.length, spans, coverage, ...(forecast ? { import: forecast } : {}) };
}

function summaryOf(folder: string, { facts, spans, coverage, import: forecast }: Figures): string {
  const line = `${folder}: ${facts} facts, ${spans} spans, coverage ${coverage.toFixed(3)}`;
  return [line, ...(forecast ? linesOf(forecast) : [])].join('\n');
}
