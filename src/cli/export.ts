import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../config.ts';
import { FACTS_FILE, SOURCE_FILE } from '../dossier/files.ts';
import type { Reader } from '../store/database.ts';
import { openStoreToRead } from '../store/open.ts';
import { type DossierVersion, dossierAt, dossiersAt } from '../store/queries/dossiers.ts';
import { newestRevision } from '../store/queries/revisions.ts';
import { Refused } from './errors.ts';
import { outputFor } from './output.ts';
import { progressBar } from './progress.ts';

export interface ExportOptions {
  asOf?: number;
  force?: boolean;
  json?: boolean;
}

/** What an export did, as `--json` gives it. */
interface Exported {
  /** Null of a store that has none. */
  revision: number | null;
  written: string[];
  /** Files that held just this before. */
  unchanged: string[];
  /** Dossiers of which the text was redacted, so that there is nothing to import. */
  redacted: string[];
}

/** `summit-facts export <folder> [dossier...]`: nothing is written if anything is in the way. */
export async function exportDossiers(
  folder: string,
  ids: string[],
  { asOf, force = false, json = false }: ExportOptions,
): Promise<void> {
  const { databaseUrl, postgres } = readConfig(process.env);
  const output = outputFor({ json });
  const store = await openStoreToRead(databaseUrl, postgres);
  try {
    // All of one moment.
    const exported = await store.read(async (db): Promise<Exported> => {
      const revision = await revisionToExport(db, asOf);
      const dossiers = revision === null ? [] : await dossiersAt(db, revision);
      const wanted = chosen(dossiers, ids, revision);
      const whole = wanted.filter(({ redacted }) => !redacted);
      if (!force) await refuseDifferent(db, whole, folder);
      const redacted = wanted.filter((dossier) => dossier.redacted).map(({ id }) => id);
      return { revision, ...(await writeAll(db, whole, folder)), redacted };
    });
    for (const id of exported.redacted) {
      process.stderr.write(`${id} is left out: its text was redacted, and nothing is left to import\n`);
    }
    for (const path of exported.written) output.line(path);
    if (exported.written.length === 0) output.line('nothing to write');
    output.document(exported);
  } finally {
    await store.close();
  }
}

async function revisionToExport(db: Reader, asOf: number | undefined): Promise<number | null> {
  const newest = (await newestRevision(db))?.n ?? null;
  if (asOf === undefined) return newest;
  if (newest === null) throw new Refused(`There is no revision ${asOf}: the store is empty`);
  if (asOf > newest) throw new Refused(`There is no revision ${asOf}: the newest is ${newest}`);
  return asOf;
}

function chosen(dossiers: DossierVersion[], ids: string[], revision: number | null): DossierVersion[] {
  if (ids.length === 0) return dossiers;
  const unknown = ids.filter((id) => !dossiers.some((dossier) => dossier.id === id));
  if (unknown.length > 0) {
    const there = dossiers.map(({ id }) => id).slice(0, 10);
    const more = dossiers.length > there.length ? ` and ${dossiers.length - there.length} more` : '';
    throw new Refused(
      `There is no dossier ${unknown.join(', ')} in the store at revision ${revision ?? 0}; it has ${there.join(', ') || 'none'}${more}`,
    );
  }
  return dossiers.filter(({ id }) => ids.includes(id));
}

/** The files of a dossier by their paths. */
async function filesOf(
  db: Reader,
  dossier: DossierVersion,
  folder: string,
): Promise<[path: string, text: string][]> {
  const { source = '', facts = '' } = (await dossierAt(db, dossier.rev_from, dossier.id)) ?? {};
  return [
    [join(folder, dossier.id, SOURCE_FILE), source],
    [join(folder, dossier.id, FACTS_FILE), facts],
  ];
}

async function refuseDifferent(db: Reader, dossiers: DossierVersion[], folder: string): Promise<void> {
  const different: string[] = [];
  for (const dossier of dossiers) {
    if (!existsSync(join(folder, dossier.id))) continue;
    for (const [path, text] of await filesOf(db, dossier, folder)) {
      if (existsSync(path) && readFileSync(path, 'utf8') !== text) different.push(path);
    }
  }
  if (different.length === 0) return;
  const lines = different.map((path) => `${path} holds something else`);
  throw new Refused(`${lines.join('\n')}\nNothing is written; --force writes over it`, { different });
}

async function writeAll(
  db: Reader,
  dossiers: DossierVersion[],
  folder: string,
): Promise<Pick<Exported, 'written' | 'unchanged'>> {
  const done = { written: [] as string[], unchanged: [] as string[] };
  const bar = progressBar('export');
  for (const [index, dossier] of dossiers.entries()) {
    mkdirSync(join(folder, dossier.id), { recursive: true });
    for (const [path, text] of await filesOf(db, dossier, folder)) {
      const same = existsSync(path) && readFileSync(path, 'utf8') === text;
      if (!same) writeFileSync(path, text);
      done[same ? 'unchanged' : 'written'].push(path);
    }
    bar.at(index + 1, dossiers.length);
  }
  bar.clear();
  return done;
}
