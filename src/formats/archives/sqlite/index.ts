/** Archive as a SQLite file for Datasette, Metabase or a SQL shell. */
import BetterSqlite3 from 'better-sqlite3';
import { buildId, version } from '../../../http/build-id.ts';
import { addBaseToLinks } from '../../../http/public-url.ts';
import { snakeCase } from '../../../lib/case.ts';
import { refKey } from '../../../model/fact-body.ts';
import type { FactType } from '../../../model/fact-type.ts';
import type { Reference } from '../../../model/fields.ts';
import type { Fact } from '../../../model/response-schemas.ts';
import { getValuesAtPath } from '../../../model/schema-fields.ts';
import { factTypes } from '../../../model/types/index.ts';
import type { Cell } from '../../table-columns.ts';
import type { ArchiveChange, ArchiveData, ArchiveFormat, ArchiveRevision } from '../archive-format.ts';
import { buildSchemaSql, getTableColumns } from './schema.ts';

type ArchiveUrls = Pick<ArchiveData, 'publicUrl' | 'linkBase'>;

/** Page cache of SQLite while it writes the file. */
const CACHE_KIB = 32 * 1_024;

export const sqliteArchive: ArchiveFormat = {
  extension: 'sqlite',
  mediaType: 'application/vnd.sqlite3',
  operationId: 'exportSqlite',
  summary: 'Export all facts as a SQLite file',
  description:
    'All data of one revision, for Datasette, Metabase or a SQL shell; requires SQLite 3.38 or later. For each collection ' +
    'there is a view with the columns of its CSV (`v_events`, `v_statements`), and for each of its lists a view with one ' +
    'row for each entry (`v_statement_speakers`, `v_event_participants`). `v_evidence`, `v_inferences` and `v_references` ' +
    'join facts with their quotations, their inferences and each other; `v_changes` and `v_field_changes` have the history. ' +
    'The views are based on the tables `fact` (with the complete fact as JSON in `body`), `evidence`, `inference`, ' +
    '`reference`, `revision`, `change`, `document_text` (texts that everyone may read in full) and `about`. Comments in the ' +
    'schema describe tables and columns; `pragma user_version` is raised when names or meanings change. The same revision ' +
    'gives the same bytes.',
  async write(data, path) {
    const database = new BetterSqlite3(path);
    try {
      // The file is private until it is complete, and deleted if writing fails: it needs no journal and no
      // sync to disk.
      database.pragma('journal_mode = OFF');
      database.pragma('synchronous = OFF');
      database.pragma('temp_store = MEMORY');
      database.pragma(`cache_size = -${CACHE_KIB}`);
      // Facts are inserted type by type, and refer to facts of types that come later.
      database.pragma('foreign_keys = OFF');
      database.exec(`begin; ${buildSchemaSql()}`);
      await fillDatabase(database, data);
      database.exec('commit');
      // A sample suffices: analyzing all rows would block other requests.
      database.exec('pragma analysis_limit = 1000; analyze');
    } finally {
      database.close();
    }
  },
};

async function fillDatabase(database: BetterSqlite3.Database, data: ArchiveData): Promise<void> {
  const { revision, recordedAt, publicUrl } = data;
  const insertAbout = prepareInsert(database, 'about');
  const metadata = { revision: String(revision), recorded_at: recordedAt, server: publicUrl };
  for (const row of Object.entries({ ...metadata, contract: buildId, version })) insertAbout(...row);

  const insertRevision = prepareInsert(database, 'revision');
  for await (const page of data.readRevisions())
    for (const each of page) insertRevision(...toRevisionRow(each));
  for (const factType of factTypes) {
    const insertFact = prepareFactInsert(database, factType, data);
    for await (const page of data.readFacts(factType)) for (const fact of page) insertFact(fact);
  }
  const insertChange = prepareInsert(database, 'change');
  let changeNumber = 0;
  for await (const page of data.readChanges()) {
    for (const change of page) insertChange(++changeNumber, ...toChangeRow(change));
  }
  const insertText = prepareInsert(database, 'document_text');
  for await (const page of data.readTexts())
    for (const { document, text } of page) insertText(document, text);
}

/** Prepares a function that inserts a row with a value for every column of `table`. */
function prepareInsert(database: BetterSqlite3.Database, table: string): (...values: Cell[]) => void {
  const columns = database.pragma(`table_info("${table}")`) as unknown[];
  const statement = database.prepare(`insert into "${table}" values (${columns.map(() => '?').join(', ')})`);
  return (...values) => void statement.run(...values.map(toSqliteValue));
}

/** Converts booleans to 0 and 1, because SQLite has no boolean type. */
const toSqliteValue = (value: Cell) => (typeof value === 'boolean' ? Number(value) : value);

const toRevisionRow = (each: ArchiveRevision): Cell[] => {
  const { revision, recordedAt, author, reviewer = null, note, action, dossier } = each;
  return [revision, recordedAt, author, reviewer, note, action, dossier];
};

const toChangeRow = (each: ArchiveChange): Cell[] => {
  const { revision, fact, version, op, cause, reason = null, document, fields } = each;
  const { type, id, label } = fact;
  return [revision, type, id, label, version, op, cause, reason, document, JSON.stringify(fields)];
};

/** Prepares a function that inserts a fact into all tables that hold a part of it. */
function prepareFactInsert(database: BetterSqlite3.Database, factType: FactType, urls: ArchiveUrls) {
  const insertHead = prepareInsert(database, 'fact');
  const insertOwnFields = prepareInsert(database, snakeCase(factType.type));
  const insertEvidence = prepareInsert(database, 'evidence');
  const insertInference = prepareInsert(database, 'inference');
  const insertReference = prepareInsert(database, 'reference');
  const columns = getTableColumns(factType);
  const referencePaths = [...factType.referencePaths, 'accordingTo'];
  return (fact: Fact): void => {
    const key = refKey(fact);
    insertHead(...toFactRow(fact, urls));
    insertOwnFields(...columns.map(({ getCell }) => getCell(fact, urls.publicUrl)));
    for (const [index, span] of (fact.evidence ?? []).entries()) {
      const { document, start, end, exact, prefix, suffix, supports } = span;
      insertEvidence(
        key,
        index + 1,
        document.id,
        start,
        end,
        exact,
        prefix,
        suffix,
        JSON.stringify(supports),
      );
    }
    for (const [index, { kind, note, fields }] of fact.inferences.entries()) {
      insertInference(key, index + 1, kind, note, JSON.stringify(fields));
    }
    for (const path of referencePaths) {
      for (const [index, target] of (getValuesAtPath(fact, path) as Reference[]).entries()) {
        insertReference(key, path, index + 1, refKey(target));
      }
    }
  };
}

function toFactRow(fact: Fact, { publicUrl, linkBase }: ArchiveUrls): Cell[] {
  const { type, id, label, version, revision, recordedAt, reportedOn, accordingTo, retracted, links } = fact;
  return [
    refKey(fact),
    type,
    id,
    label,
    version,
    revision,
    recordedAt,
    reportedOn,
    accordingTo ? refKey(accordingTo) : null,
    retracted?.revision ?? null,
    retracted?.reason ?? null,
    publicUrl + links.html,
    addBaseToLinks(JSON.stringify(fact), linkBase),
  ];
}
