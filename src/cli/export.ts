import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { FACTS_FILE, SOURCE_FILE } from '../dossier/files.ts';
import type { Reader } from '../store/database.ts';
import { openReadOnlyStore } from '../store/open.ts';
import { type DossierVersion, findDossierAt, findDossierVersionsAt } from '../store/queries/dossiers.ts';
import { latestRevision } from '../store/queries/revisions.ts';
import { CommandError } from './errors.ts';
import { createOutput } from './output.ts';
import { createProgressBar } from './progress.ts';

export interface ExportOptions {
  asOf?: number;
  force?: boolean;
  json?: boolean;
}

/** Result of an export, as printed by `--json`. */
interface ExportResult {
  /** Null for an empty store. */
  revision: number | null;
  written: string[];
  /** Files that already had this content. */
  unchanged: string[];
  /** Dossiers that were skipped: their text was redacted, so they cannot be imported. */
  redacted: string[];
}

/**
 * `summit-facts export <folder> [dossier...]`. Without `force`, writes nothing if a file with other content
 * exists.
 */
export async function exportDossiers(
  folder: string,
  ids: string[],
  { asOf, force = false, json = false }: ExportOptions,
): Promise<void> {
  const { databaseUrl, postgres } = readConfig(process.env);
  const output = createOutput({ json });
  const store = await openReadOnlyStore(databaseUrl, postgres);
  try {
    // One snapshot, so that all dossiers are of the same revision.
    const result = await store.read(async (db): Promise<ExportResult> => {
      const revision = await resolveRevision(db, asOf);
      const dossiers = revision === null ? [] : await findDossierVersionsAt(db, revision);
      const selected = selectDossiers(dossiers, ids, revision);
      const exportable = selected.filter(({ redacted }) => !redacted);
      if (!force) await checkOverwrites(db, exportable, folder);
      const redacted = selected.filter((dossier) => dossier.redacted).map(({ id }) => id);
      return { revision, ...(await writeDossiers(db, exportable, folder)), redacted };
    });
    for (const id of result.redacted) {
      process.stderr.write(`${id}: skipped, because its text was redacted\n`);
    }
    for (const path of result.written) output.writeLine(path);
    if (result.written.length === 0) output.writeLine('nothing to write');
    output.writeJson(result);
  } finally {
    await store.close();
  }
}

async function resolveRevision(db: Reader, asOf: number | undefined): Promise<number | null> {
  const latest = (await latestRevision(db))?.n ?? null;
  if (asOf === undefined) return latest;
  if (latest === null) throw new CommandError(`Revision ${asOf} not found: the database is empty`);
  if (asOf > latest) throw new CommandError(`Revision ${asOf} not found: the newest is ${latest}`);
  return asOf;
}

function selectDossiers(
  dossiers: DossierVersion[],
  ids: string[],
  revision: number | null,
): DossierVersion[] {
  if (ids.length === 0) return dossiers;
  const unknown = ids.filter((id) => !dossiers.some((dossier) => dossier.id === id));
  if (unknown.length > 0) {
    const knownIds = dossiers.map(({ id }) => id).slice(0, 10);
    const moreText =
      dossiers.length > knownIds.length ? ` and ${dossiers.length - knownIds.length} more` : '';
    throw new CommandError(
      `Dossier ${unknown.join(', ')} not found at revision ${revision ?? 0}; the database has ${knownIds.join(', ') || 'none'}${moreText}`,
    );
  }
  return dossiers.filter(({ id }) => ids.includes(id));
}

/** Loads the files of a dossier with their paths. */
async function loadFiles(
  db: Reader,
  dossier: DossierVersion,
  folder: string,
): Promise<[path: string, text: string][]> {
  const { source = '', facts = '' } = (await findDossierAt(db, dossier.rev_from, dossier.id)) ?? {};
  return [
    [join(folder, dossier.id, SOURCE_FILE), source],
    [join(folder, dossier.id, FACTS_FILE), facts],
  ];
}

async function checkOverwrites(db: Reader, dossiers: DossierVersion[], folder: string): Promise<void> {
  const different: string[] = [];
  for (const dossier of dossiers) {
    if (!existsSync(join(folder, dossier.id))) continue;
    for (const [path, text] of await loadFiles(db, dossier, folder)) {
      if (existsSync(path) && readFileSync(path, 'utf8') !== text) different.push(path);
    }
  }
  if (different.length === 0) return;
  const lines = different.map((path) => `${path} exists with other content`);
  throw new CommandError(`${lines.join('\n')}\nNothing was written; use --force to overwrite`, { different });
}

async function writeDossiers(
  db: Reader,
  dossiers: DossierVersion[],
  folder: string,
): Promise<Pick<ExportResult, 'written' | 'unchanged'>> {
  const result = { written: [] as string[], unchanged: [] as string[] };
  const bar = createProgressBar('export');
  for (const [index, dossier] of dossiers.entries()) {
    mkdirSync(join(folder, dossier.id), { recursive: true });
    for (const [path, text] of await loadFiles(db, dossier, folder)) {
      const isUnchanged = existsSync(path) && readFileSync(path, 'utf8') === text;
      if (!isUnchanged) writeFileSync(path, text);
      result[isUnchanged ? 'unchanged' : 'written'].push(path);
    }
    bar.update(index + 1, dossiers.length);
  }
  bar.clear();
  return result;
}
