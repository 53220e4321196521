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

insert into migration ("name", "applied_at") values ('0001-facts', '2031-05-02T00:00:00.000Z');
insert into migration ("name", "applied_at") values ('0002-history', '2031-05-02T00:00:00.000Z');
insert into migration ("name", "applied_at") values ('0003-keys', '2031-05-02T00:00:00.000Z');
insert into migration ("name", "applied_at") values ('0004-lists', '2031-05-02T00:00:00.000Z');

insert into revision ("n", "recorded_at", "author", "note", "reviewer", "dossier", "action", "redaction") values (1, '2031-05-02T10:00:00.000Z', 'a tester', 'a test', null, 'meetings-2031', 'import', 0);
insert into revision ("n", "recorded_at", "author", "note", "reviewer", "dossier", "action", "redaction") values (2, '2031-05-02T10:00:00.000Z', 'a tester', 'a test', null, 'meetings-2031', 'import', 0);

insert into dossier ("id", "rev_from", "rev_to", "sha256", "source", "facts", "as_json", "checked") values ('meetings-2031', 1, 2, 'b6a001e29d11d9eedc9fca5569f3034cca935fe3670f927cdc8ab1195a558407', 'Meeting a takes place.', 'document:
  id: meetings-2031
  title: Ministers meet in Riga
  language: en
  publishedOn: 2031-05-02
  rights:
    statement: Written for the tests
    display: full
facts:
  - type: event
    name: O''Brien meets Zoë 👍
    kind: meeting
    status: scheduled
    id: a
    startDate: 2031-05-01
    datePrecision: day
    evidence:
      - quote: Meeting a takes
        supports:
          - name
          - kind
          - status
          - startDate
', '{"document":{"id":"meetings-2031","title":"Ministers meet in Riga","language":"en","publishedOn":"2031-05-02","rights":{"statement":"Written for the tests","display":"full"}},"facts":[{"type":"event","name":"O''Brien meets Zoë 👍","kind":"meeting","status":"scheduled","id":"a","startDate":"2031-05-01","datePrecision":"day","evidence":[{"quote":"Meeting a takes","supports":["name","kind","status","startDate"]}]}],"adds":[],"corrects":[],"develops":[],"retractions":[],"renames":[],"uncovered":[]}', null);
insert into dossier ("id", "rev_from", "rev_to", "sha256", "source", "facts", "as_json", "checked") values ('meetings-2031', 2, 2147483647, 'b6a001e29d11d9eedc9fca5569f3034cca935fe3670f927cdc8ab1195a558407', 'Meeting a takes place.', 'document:
  id: meetings-2031
  title: Ministers meet in Riga
  language: en
  publishedOn: 2031-05-02
  rights:
    statement: Written for the tests
    display: full
facts:
  - type: event
    name: O''Brien meets Zoë 👍
    kind: meeting
    status: held
    id: a
    startDate: 2031-05-01
    datePrecision: day
    evidence:
      - quote: Meeting a takes
        supports:
          - name
          - kind
          - status
          - startDate
', '{"document":{"id":"meetings-2031","title":"Ministers meet in Riga","language":"en","publishedOn":"2031-05-02","rights":{"statement":"Written for the tests","display":"full"}},"facts":[{"type":"event","name":"O''Brien meets Zoë 👍","kind":"meeting","status":"held","id":"a","startDate":"2031-05-01","datePrecision":"day","evidence":[{"quote":"Meeting a takes","supports":["name","kind","status","startDate"]}]}],"adds":[],"corrects":[],"develops":[],"retractions":[],"renames":[],"uncovered":[]}', null);

insert into identity ("type", "id", "renamed_to") values ('document', 'meetings-2031', null);
insert into identity ("type", "id", "renamed_to") values ('event', 'a', null);

insert into fact ("row", "type", "id", "version", "rev_from", "rev_to", "label", "reported_on", "retracted", "document", "body", "cause", "reason") values (1, 'document', 'meetings-2031', 1, 1, 2147483647, 'Ministers meet in Riga', '2031-05-02', null, 'meetings-2031', '{"title":"Ministers meet in Riga","language":"en","publisher":null,"publishedOn":"2031-05-02","url":null,"rights":{"holder":null,"statement":"Written for the tests","display":"full"},"sha256":"b6a001e29d11d9eedc9fca5569f3034cca935fe3670f927cdc8ab1195a558407","lengthCodePoints":22,"inferences":[]}', 'addition', null);
insert into fact ("row", "type", "id", "version", "rev_from", "rev_to", "label", "reported_on", "retracted", "document", "body", "cause", "reason") values (2, 'event', 'a', 1, 1, 2, 'O''Brien meets Zoë 👍', '2031-05-02', null, 'meetings-2031', '{"name":"O''Brien meets Zoë 👍","kind":"meeting","status":"scheduled","startDate":"2031-05-01","endDate":null,"datePrecision":"day","after":null,"place":null,"partOf":null,"organizer":null,"participants":[],"agenda":[],"accordingTo":null,"evidence":[{"document":{"type":"document","id":"meetings-2031"},"start":0,"end":15,"exact":"Meeting a takes","prefix":"","suffix":" place.","supports":["name","kind","status","startDate"]}],"inferences":[]}', 'addition', null);
insert into fact ("row", "type", "id", "version", "rev_from", "rev_to", "label", "reported_on", "retracted", "document", "body", "cause", "reason") values (3, 'event', 'a', 2, 2, 2147483647, 'O''Brien meets Zoë 👍', '2031-05-02', null, 'meetings-2031', '{"name":"O''Brien meets Zoë 👍","kind":"meeting","status":"held","startDate":"2031-05-01","endDate":null,"datePrecision":"day","after":null,"place":null,"partOf":null,"organizer":null,"participants":[],"agenda":[],"accordingTo":null,"evidence":[{"document":{"type":"document","id":"meetings-2031"},"start":0,"end":15,"exact":"Meeting a takes","prefix":"","suffix":" place.","supports":["name","kind","status","startDate"]}],"inferences":[]}', 'correction', 'a test');

insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('document', '$from', '2031-05-02', 'meetings-2031', 1, 2147483647, 1, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('document', '$to', '2031-05-02', 'meetings-2031', 1, 2147483647, 1, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('document', 'inferences.fields?', '', 'meetings-2031', 1, 2147483647, 1, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('document', 'inferences.kind?', '', 'meetings-2031', 1, 2147483647, 1, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('document', 'label', 'Ministers meet in Riga', 'meetings-2031', 1, 2147483647, 1, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('document', 'language', 'en', 'meetings-2031', 1, 2147483647, 1, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('document', 'publishedOn', '2031-05-02', 'meetings-2031', 1, 2147483647, 1, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('document', 'publisher?', '', 'meetings-2031', 1, 2147483647, 1, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('document', 'reportedOn', '2031-05-02', 'meetings-2031', 1, 2147483647, 1, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('document', 'rights.display', 'full', 'meetings-2031', 1, 2147483647, 1, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('document', 'title', 'Ministers meet in Riga', 'meetings-2031', 1, 2147483647, 1, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', '$from', '2031-05-01', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', '$from', '2031-05-01', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', '$to', '2031-05-01', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', '$to', '2031-05-01', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'accordingTo?', '', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'accordingTo?', '', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'after?', '', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'after?', '', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'endDate?', '', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'endDate?', '', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'evidence.document', 'meetings-2031', 'a', 1, 2, 2, 'document');
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'evidence.document', 'meetings-2031', 'a', 2, 2147483647, 3, 'document');
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'inferences.fields?', '', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'inferences.fields?', '', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'inferences.kind?', '', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'inferences.kind?', '', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'kind', 'meeting', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'kind', 'meeting', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'label', 'O''Brien meets Zoë 👍', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'label', 'O''Brien meets Zoë 👍', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'name', 'O''Brien meets Zoë 👍', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'name', 'O''Brien meets Zoë 👍', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'organizer?', '', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'organizer?', '', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'partOf?', '', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'partOf?', '', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'participants.actor?', '', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'participants.actor?', '', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'participants.attendance?', '', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'participants.attendance?', '', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'place.countryCode?', '', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'place.countryCode?', '', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'reportedOn', '2031-05-02', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'reportedOn', '2031-05-02', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'startDate', '2031-05-01', 'a', 1, 2, 2, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'startDate', '2031-05-01', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'status', 'held', 'a', 2, 2147483647, 3, null);
insert into term ("type", "field", "value", "id", "rev_from", "rev_to", "row", "ref_type") values ('event', 'status', 'scheduled', 'a', 1, 2, 2, null);

insert into span ("document", "start_at", "end_at", "row") values ('meetings-2031', 0, 15, 2);
insert into span ("document", "start_at", "end_at", "row") values ('meetings-2031', 0, 15, 3);
