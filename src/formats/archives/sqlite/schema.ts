/** What the file has: tables that say everything once, and views that join what people would join. */

import { snake } from '../../../lib/case.ts';
import type { Resource } from '../../../model/fact-type.ts';
import { listsOf } from '../../../model/schema-fields.ts';
import { resources } from '../../../model/types/index.ts';
import { type Column, columnsOf } from '../../table-columns.ts';

/** `user_version` of the file: to be raised when a table, a view or a column changes its name or its meaning. */
const FILE_VERSION = 1;

/** All that makes the file, but for its rows. Nothing in it is newer than SQLite 3.38. */
export const schemaSql = (): string =>
  [
    `pragma user_version = ${FILE_VERSION};`,
    TABLES,
    ...resources.map(tableOf),
    VIEWS,
    ...resources.map(viewOf),
    ...resources.flatMap((resource) => listsOf(resource.schema).map((name) => listView(resource, name))),
  ].join('\n\n');

const TABLES = `
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
  retracted_revision integer references revision (n), -- null unless it was withdrawn
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

const VIEWS = `
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

/** Columns of every type that the table of all facts has already. */
const IN_FACT = [
  'label',
  'reported_on',
  'recorded_at',
  'revision',
  'version',
  'retracted_revision',
  'retracted_reason',
  'permalink',
];

const inFact = ({ name }: Column): boolean => IN_FACT.includes(name);

/** Which columns of a type its own table has: those of its CSV that no other table has yet. */
export const tableColumns = (resource: Resource): Column[] =>
  columnsOf(resource).filter((column) => !inFact(column));

const TYPES = { text: 'text', 'whole number': 'integer', number: 'real', boolean: 'integer' } as const;

function tableOf(resource: Resource): string {
  const columns = tableColumns(resource).map(({ name, kind, list }) => {
    if (name === 'id') return '"id" text primary key';
    return `${quoted(name)} ${list ? 'text' : TYPES[kind]}${kind === 'boolean' && !list ? ' -- 0 or 1' : ''}`;
  });
  const [id, ...more] = columns;
  // A comma stands before the comment of its line.
  const listed = [id, ...more].map((column, at, all) =>
    at === all.length - 1 ? column : column?.replace(/( --.*)?$/, ',$1'),
  );
  return `create table ${quoted(snake(resource.type))} (
  -- ${resource.summary}: what ${viewName(resource)} has beside the table fact.
  ${listed.join('\n  ')}
) strict;`;
}

const viewName = ({ collection }: Resource): string => `v_${snake(collection)}`;

function viewOf(resource: Resource): string {
  const columns = columnsOf(resource).map((column) => `${inFact(column) ? 'f' : 't'}.${quoted(column.name)}`);
  return `create view ${viewName(resource)} as -- the columns of /v1/${resource.collection}.csv
select ${columns.join(', ')}
from ${quoted(snake(resource.type))} t
join fact f on f.key = '${resource.type}/' || t.id;`;
}

/** One row for each entry of a list, where the CSV has them joined in one cell. */
function listView({ type, ...resource }: Resource, list: string): string {
  const name = snake(type);
  const columns = columnsOf({ type, ...resource } as Resource).flatMap(({ name, path = '' }) => {
    if (path !== list && !path.startsWith(`${list}.`)) return [];
    const within = path.slice(list.length);
    return `${within ? `json_extract(e.value, '$${within}')` : 'e.value'} as ${quoted(name)}`;
  });
  return `create view v_${name}_${snake(list)} as -- one row for each entry of ${list}
select f.id as ${name}_id, f.label as ${name}_label, e.key + 1 as position,
  ${columns.join(', ')}, f.retracted_revision, f.permalink
from fact f
join json_each(f.body, '$.${list}') e
where f.type = '${type}';`;
}

const quoted = (name: string): string => `"${name}"`;
