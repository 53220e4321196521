/** Schema of the SQLite archive: normalized tables, and views for the usual joins. */

import { snakeCase } from '../../../lib/case.ts';
import type { FactType } from '../../../model/fact-type.ts';
import { findListFieldNames } from '../../../model/schema-fields.ts';
import { factTypes } from '../../../model/types/index.ts';
import { type Column, getColumns } from '../../table-columns.ts';

/** `user_version` of the file. Raise it when a table, view or column changes its name or meaning. */
const USER_VERSION = 1;

/** Builds the SQL that creates all tables and views. It works in SQLite 3.38 and later. */
export const buildSchemaSql = (): string =>
  [
    `pragma user_version = ${USER_VERSION};`,
    TABLES_SQL,
    ...factTypes.map(buildTableSql),
    VIEWS_SQL,
    ...factTypes.map(buildViewSql),
    ...factTypes.flatMap((factType) =>
      findListFieldNames(factType.schema).map((name) => buildListViewSql(factType, name)),
    ),
  ].join('\n\n');

const TABLES_SQL = `
create table about (
  -- What this file is: the revision, when that was recorded, which server and contract it came from.
  name text primary key,
  value text
) strict, without rowid;

create table revision (
  -- One thing that was done to the record, whole: most often an import.
  n integer primary key,
  recorded_at text not null, -- UTC
  author text not null,
  reviewer text,
  note text not null,
  action text not null, -- import, delete or redact
  dossier text -- the id of the document whose dossier came in
) strict;

create table fact (
  -- Every fact as it was at the revision of the file, those that were retracted too.
  key text primary key, -- type/id
  type text not null,
  id text not null,
  label text not null,
  version integer not null, -- counts the versions of this fact, from 1
  revision integer not null references revision (n), -- that recorded this version
  recorded_at text not null, -- UTC
  reported_on text, -- the day on which its document was published
  according_to text references fact (key), -- the statement through which alone the document vouches for it
  retracted_revision integer references revision (n), -- null unless it was retracted
  retracted_reason text,
  permalink text not null,
  body text not null -- the whole fact as JSON, as the API answers with it
) strict;

create table evidence (
  -- The very words that carry a fact.
  fact text not null references fact (key),
  position integer not null, -- from 1
  document text not null references document (id),
  start_at integer not null, -- in Unicode code points from the start of the text
  end_at integer not null, -- exclusive
  exact text not null,
  prefix text not null,
  suffix text not null,
  supports text not null, -- JSON: the fields of the fact that these words carry
  primary key (fact, position)
) strict, without rowid;

create index evidence_in_document on evidence (document, start_at);

create table inference (
  -- Why a field has a value that no words of the text state outright.
  fact text not null references fact (key),
  position integer not null, -- from 1
  kind text not null, -- derived, identified, reference or background
  note text not null,
  fields text not null, -- JSON
  primary key (fact, position)
) strict, without rowid;

create table reference (
  -- Which fact refers to which, by which of its fields.
  fact text not null references fact (key),
  field text not null, -- participants.actor
  position integer not null, -- from 1
  to_fact text not null references fact (key),
  primary key (fact, field, position)
) strict, without rowid;

create index reference_to on reference (to_fact);

create table document_text (
  -- The texts whose rights let anybody see them whole.
  document text primary key references document (id),
  text text not null
) strict;

create table change (
  -- Every version of every fact up to the revision of the file, and what it changed.
  n integer primary key, -- in the order in which they were recorded
  revision integer not null references revision (n),
  type text not null,
  id text not null, -- that it had then
  label text not null, -- that it had since
  version integer not null,
  op text not null, -- add, modify or retract
  cause text not null, -- addition, development, correction, retraction or editorial
  reason text,
  document text, -- the id of the document whose dossier made the change
  fields text not null -- JSON: [{field, before, after}]
) strict;

create index change_of_fact on change (type, id, version);`.trim();

const VIEWS_SQL = `
create view v_evidence as -- every quotation with the fact that it carries and the document that it stands in
select f.type, f.id, f.label, e.position, e.document as source_id, d.label as source, e.start_at as source_start,
  e.end_at as source_end, e.exact as source_quote, e.prefix, e.suffix, e.supports, f.retracted_revision, f.permalink
from evidence e
join fact f on f.key = e.fact
join fact d on d.key = 'document/' || e.document;

create view v_inferences as -- everything that was inferred, with the fact that it belongs to
select f.type, f.id, f.label, i.position, i.kind, i.note, i.fields, f.retracted_revision, f.permalink
from inference i
join fact f on f.key = i.fact;

create view v_references as -- which fact refers to which, with the labels of both
select f.type, f.id, f.label, r.field, r.position, t.type as to_type, t.id as to_id, t.label as to_label,
  f.retracted_revision, f.permalink
from reference r
join fact f on f.key = r.fact
join fact t on t.key = r.to_fact;

create view v_changes as -- every change, with who made it and why
select c.n, c.revision, r.recorded_at, r.author, r.reviewer, r.note, c.op, c.cause, c.reason, c.type, c.id, c.label,
  c.version, c.document, c.fields
from change c
join revision r on r.n = c.revision;

create view v_field_changes as -- one row for each field that a change changed
select c.n, c.revision, r.recorded_at, c.type, c.id, c.label, c.cause, c.reason,
  json_extract(x.value, '$.field') as field, json_extract(x.value, '$.before') as before,
  json_extract(x.value, '$.after') as after
from change c
join revision r on r.n = c.revision
join json_each(c.fields) x;`.trim();

/** Columns of all types that the table `fact` holds. */
const FACT_TABLE_COLUMNS = [
  'label',
  'reported_on',
  'recorded_at',
  'revision',
  'version',
  'retracted_revision',
  'retracted_reason',
  'permalink',
];

const isInFactTable = ({ name }: Column): boolean => FACT_TABLE_COLUMNS.includes(name);

/** Returns the columns of the type's own table: those of its CSV that are not in the table `fact`. */
export const getTableColumns = (factType: FactType): Column[] =>
  getColumns(factType).filter((column) => !isInFactTable(column));

const SQLITE_TYPES = { text: 'text', integer: 'integer', number: 'real', boolean: 'integer' } as const;

function buildTableSql(factType: FactType): string {
  const columns = getTableColumns(factType).map(({ name, kind, isList }) => {
    if (name === 'id') return '"id" text primary key';
    return `${quoteIdentifier(name)} ${isList ? 'text' : SQLITE_TYPES[kind]}${kind === 'boolean' && !isList ? ' -- 0 or 1' : ''}`;
  });
  const [id, ...others] = columns;
  // The comma must precede the comment of its line.
  const columnLines = [id, ...others].map((column, index, lines) =>
    index === lines.length - 1 ? column : column?.replace(/( --.*)?$/, ',$1'),
  );
  return `create table ${quoteIdentifier(snakeCase(factType.type))} (
  -- ${factType.summary}: what ${getViewName(factType)} has beside the table fact.
  ${columnLines.join('\n  ')}
) strict;`;
}

const getViewName = ({ collection }: FactType): string => `v_${snakeCase(collection)}`;

function buildViewSql(factType: FactType): string {
  const columns = getColumns(factType).map(
    (column) => `${isInFactTable(column) ? 'f' : 't'}.${quoteIdentifier(column.name)}`,
  );
  return `create view ${getViewName(factType)} as -- the columns of /v1/${factType.collection}.csv
select ${columns.join(', ')}
from ${quoteIdentifier(snakeCase(factType.type))} t
join fact f on f.key = '${factType.type}/' || t.id;`;
}

/** Builds a view with one row for each entry of a list, which the CSV joins in one cell. */
function buildListViewSql({ type, ...rest }: FactType, listPath: string): string {
  const name = snakeCase(type);
  const columns = getColumns({ type, ...rest } as FactType).flatMap(({ name, path = '' }) => {
    if (path !== listPath && !path.startsWith(`${listPath}.`)) return [];
    const entryPath = path.slice(listPath.length);
    return `${entryPath ? `json_extract(e.value, '$${entryPath}')` : 'e.value'} as ${quoteIdentifier(name)}`;
  });
  return `create view v_${name}_${snakeCase(listPath)} as -- one row for each entry of ${listPath}
select f.id as ${name}_id, f.label as ${name}_label, e.key + 1 as position,
  ${columns.join(', ')}, f.retracted_revision, f.permalink
from fact f
join json_each(f.body, '$.${listPath}') e
where f.type = '${type}';`;
}

const quoteIdentifier = (name: string): string => `"${name}"`;
