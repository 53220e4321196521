CREATE TABLE "contribution" (
  "type" text not null,
  "id" text not null,
  "document" text not null,
  "day" text not null,
  "first_rev" integer not null,
  "body" text not null,
  constraint "contribution_key" primary key ("type", "id", "document"),
  constraint "contribution_identity" foreign key ("type", "id") references "identity" ("type", "id")
) strict;

CREATE TABLE "dossier" (
  "id" text not null,
  "rev_from" integer not null references "revision" ("n"),
  "rev_to" integer not null,
  "sha256" text not null,
  "source" text not null,
  "facts" text not null,
  "as_json" text default '' not null,
  "checked" text,
  constraint "dossier_key" primary key ("id", "rev_from")
) strict;

CREATE TABLE "fact" (
  "row" integer primary key,
  "type" text not null,
  "id" text not null,
  "version" integer not null,
  "rev_from" integer not null references "revision" ("n"),
  "rev_to" integer not null,
  "label" text not null,
  "reported_on" text,
  "retracted" text,
  "document" text not null,
  "body" text not null,
  "cause" text default 'addition' not null,
  "reason" text,
  constraint "fact_identity" foreign key ("type", "id") references "identity" ("type", "id"),
  constraint "fact_version" unique ("type", "id", "version")
) strict;

CREATE TABLE "identity" (
  "type" text not null,
  "id" text not null,
  "renamed_to" text,
  constraint "identity_key" primary key ("type", "id")
) strict;

CREATE TABLE "key" (
  "id" text primary key,
  "name" text not null,
  "scopes" text not null,
  "sha256" text not null,
  "created_at" text not null,
  "expires_at" text,
  "revoked_at" text
) strict;

CREATE TABLE "migration" (
  "name" text primary key,
  "applied_at" text not null
) strict;

CREATE TABLE "revision" (
  "n" integer primary key check (n > 0),
  "recorded_at" text not null,
  "author" text not null,
  "note" text not null,
  "reviewer" text,
  "dossier" text,
  "action" text default 'import' not null,
  "redaction" integer default 0 not null
) strict;

CREATE VIRTUAL TABLE search using fts5(
  label,
  text,
  content='',
  contentless_delete=1,
  detail=column,
  tokenize='ascii'
);

CREATE TABLE "setting" (
  "name" text primary key,
  "value" text not null
) strict;

CREATE TABLE "span" (
  "document" text not null,
  "start_at" integer not null,
  "end_at" integer not null,
  "row" integer not null references "fact" ("row")
) strict;

CREATE TABLE "term" (
  "type" text not null,
  "field" text not null,
  "value" text not null,
  "id" text not null,
  "rev_from" integer not null,
  "rev_to" integer not null,
  "row" integer not null references "fact" ("row"),
  "ref_type" text,
  constraint "term_refers" foreign key ("ref_type", "value") references "identity" ("type", "id")
) strict;

CREATE INDEX "contribution_document" on "contribution" ("document");

CREATE INDEX "fact_change" on "fact" ("rev_from", "row");

CREATE INDEX "fact_correction" on "fact" ("rev_from", "row") where "cause" in ('correction', 'retraction');

CREATE INDEX "fact_home" on "fact" ("document", "rev_to");

CREATE INDEX "fact_listed" on "fact" ("type", "id", "rev_from", "rev_to", "retracted") where "retracted" is null;

CREATE INDEX "identity_renamed" on "identity" ("type", "renamed_to") where "renamed_to" is not null;

CREATE INDEX "revision_recorded" on "revision" ("recorded_at", "n");

CREATE INDEX "span_place" on "span" ("document", "start_at", "end_at", "row");

CREATE INDEX "span_row" on "span" ("row");

CREATE INDEX "term_refers" on "term" ("ref_type", "value", "type", "id") where "ref_type" is not null;

CREATE INDEX "term_row" on "term" ("row", "field", "value", "ref_type");

CREATE INDEX "term_value" on "term" ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type");
