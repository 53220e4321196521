import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveAsOf } from '../api/service/as-of.ts';
import { type DossierExport, listDossierExports } from '../api/service/dossiers.ts';
import { FACTS_FILE, SOURCE_FILE } from '../dossier/files.ts';
import type { Reader } from '../store/database.ts';
import type { Snapshot } from '../store/snapshot.ts';
import { CommandError } from './errors.ts';
import { createOutput } from './output.ts';
import { createProgressBar } from './progress.ts';
import { withReadOnlyStore } from './store.ts';

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
  const output = createOutput({ json });
  const result = await withReadOnlyStore((store) =>
    // One snapshot, so that all dossiers are of the same revision.
    store.read(async (db): Promise<ExportResult> => {
      const snapshot = await resolveRevision(db, asOf);
      const { revision } = snapshot;
      const selected = selectDossiers(await listDossierExports({ db, snapshot }), ids, revision);
      const exportable = selected.filter(({ redacted }) => !redacted);
      if (!force) await checkOverwrites(exportable, folder);
      const redacted = selected.filter((dossier) => dossier.redacted).map(({ id }) => id);
      const files = await writeDossiers(exportable, folder);
      return { revision: revision === 0 ? null : revision, ...files, redacted };
    }),
  );
  for (const id of result.redacted) process.stderr.write(`${id}: skipped, because its text was redacted\n`);
  for (const path of result.written) output.writeLine(path);
  if (result.written.length === 0) output.writeLine('nothing to write');
  output.writeJson(result);
}

async function resolveRevision(db: Reader, asOf: number | undefined): Promise<Snapshot> {
  const latest = await resolveAsOf(db, undefined);
  if (asOf === undefined) return latest;
  if (latest.revision === 0) throw new CommandError(`Revision ${asOf} not found: the database is empty`);
  if (asOf > latest.revision)
    throw new CommandError(`Revision ${asOf} not found: the newest is ${latest.revision}`);
  return { ...latest, revision: asOf };
}

function selectDossiers(dossiers: DossierExport[], ids: string[], revision: number): DossierExport[] {
  if (ids.length === 0) return dossiers;
  const unknown = ids.filter((id) => !dossiers.some((dossier) => dossier.id === id));
  if (unknown.length > 0) {
    const knownIds = dossiers.map(({ id }) => id).slice(0, 10);
    const moreText =
      dossiers.length > knownIds.length ? ` and ${dossiers.length - knownIds.length} more` : '';
    throw new CommandError(
      `Dossier ${unknown.join(', ')} not found at revision ${revision}; the database has ${knownIds.join(', ') || 'none'}${moreText}`,
    );
  }
  return dossiers.filter(({ id }) => ids.includes(id));
}

/** Loads the files of a dossier with their paths. */
async function loadFiles(dossier: DossierExport, folder: string): Promise<[path: string, text: string][]> {
  const { source, facts } = await dossier.loadFiles();
  return [
    [join(folder, dossier.id, SOURCE_FILE), source],
    [join(folder, dossier.id, FACTS_FILE), facts],
  ];
}

async function checkOverwrites(dossiers: DossierExport[], folder: string): Promise<void> {
  const different: string[] = [];
  for (const dossier of dossiers) {
    if (!existsSync(join(folder, dossier.id))) continue;
    for (const [path, text] of await loadFiles(dossier, folder)) {
      if (existsSync(path) && readFileSync(path, 'utf8') !== text) different.push(path);
    }
  }
  if (different.length === 0) return;
  const lines = different.map((path) => `${path} exists with other content`);
  throw new CommandError(`${lines.join('\n')}\nNothing was written; use --force to overwrite`, { different });
}

async function writeDossiers(
  dossiers: DossierExport[],
  folder: string,
): Promise<Pick<ExportResult, 'written' | 'unchanged'>> {
  const result = { written: [] as string[], unchanged: [] as string[] };
  const bar = createProgressBar('export');
  for (const [index, dossier] of dossiers.entries()) {
    mkdirSync(join(folder, dossier.id), { recursive: true });
    for (const [path, text] of await loadFiles(dossier, folder)) {
      const isUnchanged = existsSync(path) && readFileSync(path, 'utf8') === text;
      if (!isUnchanged) writeFileSync(path, text);
      result[isUnchanged ? 'unchanged' : 'written'].push(path);
    }
    bar.update(index + 1, dossiers.length);
  }
  bar.clear();
  return result;
}
