/** Everything as a SQLite file of its own, made for readers: Datasette, Metabase, or a SQL shell. */
import BetterSqlite3 from 'better-sqlite3';
import { buildFingerprint, version } from '../../../http/build-fingerprint.ts';
import { snake } from '../../../lib/case.ts';
import { keyOf } from '../../../model/fact-body.ts';
import type { Resource } from '../../../model/fact-type.ts';
import type { Reference } from '../../../model/fields.ts';
import type { Fact } from '../../../model/response-schemas.ts';
import { valuesAt } from '../../../model/schema-fields.ts';
import { resources } from '../../../model/types/index.ts';
import type { Cell } from '../../table-columns.ts';
import type { Whole, WholeChange, WholeFormat, WholeRevision } from '../archive-format.ts';
import { schemaSql, tableColumns } from './schema.ts';

/** How much of the file is in memory while it is written. */
const CACHE_KIB = 32 * 1_024;

export const sqliteFile: WholeFormat = {
  extension: 'sqlite',
  mediaType: 'application/vnd.sqlite3',
  operationId: 'exportSqlite',
  summary: 'Export everything as a SQLite file',
  description:
    'All of one revision, for Datasette, Metabase or a SQL shell; SQLite 3.38 or later reads it. For each collection there ' +
    'is a view with the columns of its CSV (`v_events`, `v_statements`), and for each list in it one with a row for every ' +
    'entry (`v_statement_speakers`, `v_event_participants`). `v_evidence`, `v_inferences` and `v_references` join facts ' +
    'with their words, what was inferred, and each other; `v_changes` and `v_field_changes` have the history. Under them ' +
    'are the tables `fact` (with the whole fact as JSON in `body`), `evidence`, `inference`, `reference`, `revision`, ' +
    '`change`, `document_text` (the texts that anybody may see whole) and `about`. Comments in the schema say what is what; ' +
    '`pragma user_version` is raised when names or meanings change. The same revision gives the same bytes.',
  async write(whole, path) {
    const database = new BetterSqlite3(path);
    try {
      // Nobody else sees the file before it is whole, and one that fails is thrown away: no journal, no waiting for the disk.
      database.pragma('journal_mode = OFF');
      database.pragma('synchronous = OFF');
      database.pragma('temp_store = MEMORY');
      database.pragma(`cache_size = -${CACHE_KIB}`);
      // Facts come type by type, and refer to each other across types.
      database.pragma('foreign_keys = OFF');
      database.exec(`begin; ${schemaSql()}`);
      await fill(database, whole);
      database.exec('commit');
      // By a sample: looking at all rows would keep others waiting.
      database.exec('pragma analysis_limit = 1000; analyze');
    } finally {
      database.close();
    }
  },
};

async function fill(database: BetterSqlite3.Database, whole: Whole): Promise<void> {
  const { revision, recordedAt, publicUrl } = whole;
  const about = inserter(database, 'about');
  const told = { revision: String(revision), recorded_at: recordedAt, server: publicUrl };
  for (const row of Object.entries({ ...told, contract: buildFingerprint, version })) about(...row);

  const insertRevision = inserter(database, 'revision');
  for await (const page of whole.revisions()) for (const each of page) insertRevision(...revisionRow(each));
  for (const resource of resources) {
    const insertFact = factInserter(database, resource, publicUrl);
    for await (const page of whole.facts(resource)) for (const fact of page) insertFact(fact);
  }
  const insertChange = inserter(database, 'change');
  let n = 0;
  for await (const page of whole.changes()) {
    for (const change of page) insertChange(++n, ...changeRow(change));
  }
  const insertText = inserter(database, 'document_text');
  for await (const page of whole.texts()) for (const { document, text } of page) insertText(document, text);
}

/** Inserts rows with a value for every column of `table`. */
function inserter(database: BetterSqlite3.Database, table: string): (...values: Cell[]) => void {
  const columns = database.pragma(`table_info("${table}")`) as unknown[];
  const statement = database.prepare(`insert into "${table}" values (${columns.map(() => '?').join(', ')})`);
  return (...values) => void statement.run(...values.map(stored));
}

/** SQLite has no truth values. */
const stored = (value: Cell) => (typeof value === 'boolean' ? Number(value) : value);

const revisionRow = (each: WholeRevision): Cell[] => {
  const { revision, recordedAt, author, reviewer = null, note, action, dossier } = each;
  return [revision, recordedAt, author, reviewer, note, action, dossier];
};

const changeRow = (each: WholeChange): Cell[] => {
  const { revision, fact, version, op, cause, reason = null, document, fields } = each;
  const { type, id, label } = fact;
  return [revision, type, id, label, version, op, cause, reason, document, JSON.stringify(fields)];
};

/** Inserts a fact into all tables that have a part of it. */
function factInserter(database: BetterSqlite3.Database, resource: Resource, publicUrl: string) {
  const head = inserter(database, 'fact');
  const own = inserter(database, snake(resource.type));
  const evidence = inserter(database, 'evidence');
  const inference = inserter(database, 'inference');
  const reference = inserter(database, 'reference');
  const columns = tableColumns(resource);
  const paths = [...resource.referencePaths, 'accordingTo'];
  return (fact: Fact): void => {
    const key = keyOf(fact);
    head(...headRow(fact, publicUrl));
    own(...columns.map(({ cell }) => cell(fact, publicUrl)));
    for (const [at, span] of (fact.evidence ?? []).entries()) {
      const { document, start, end, exact, prefix, suffix, supports } = span;
      evidence(key, at + 1, document.id, start, end, exact, prefix, suffix, JSON.stringify(supports));
    }
    for (const [at, { kind, note, fields }] of fact.inferences.entries()) {
      inference(key, at + 1, kind, note, JSON.stringify(fields));
    }
    for (const path of paths) {
      for (const [at, to] of (valuesAt(fact, path) as Reference[]).entries()) {
        reference(key, path, at + 1, keyOf(to));
      }
    }
  };
}

function headRow(fact: Fact, publicUrl: string): Cell[] {
  const { type, id, label, version, revision, recordedAt, reportedOn, accordingTo, retracted, links } = fact;
  return [
    keyOf(fact),
    type,
    id,
    label,
    version,
    revision,
    recordedAt,
    reportedOn,
    accordingTo ? keyOf(accordingTo) : null,
    retracted?.revision ?? null,
    retracted?.reason ?? null,
    publicUrl + links.html,
    JSON.stringify(fact),
  ];
}
