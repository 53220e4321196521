create table contribution (
  type text collate "C" not null,
  id text collate "C" not null,
  document text collate "C" not null,
  day text collate "C" not null,
  first_rev integer not null,
  body text collate "C" not null
);

create table dossier (
  id text collate "C" not null,
  rev_from integer not null,
  rev_to integer not null,
  sha256 text collate "C" not null,
  source text collate "C" not null,
  facts text collate "C" not null,
  as_json text collate "C" not null,
  checked text collate "C"
);

create table fact (
  "row" integer not null,
  type text collate "C" not null,
  id text collate "C" not null,
  version integer not null,
  rev_from integer not null,
  rev_to integer not null,
  label text collate "C" not null,
  reported_on text collate "C",
  retracted text collate "C",
  document text collate "C" not null,
  body text collate "C" not null,
  cause text collate "C" not null,
  reason text collate "C"
);

create table identity (
  type text collate "C" not null,
  id text collate "C" not null,
  renamed_to text collate "C"
);

create table key (
  id text collate "C" not null,
  name text collate "C" not null,
  scopes text collate "C" not null,
  sha256 text collate "C" not null,
  created_at text collate "C" not null,
  expires_at text collate "C",
  revoked_at text collate "C"
);

create table migration (
  name text collate "C" not null,
  applied_at text collate "C" not null
);

create table revision (
  n integer not null,
  recorded_at text collate "C" not null,
  author text collate "C" not null,
  note text collate "C" not null,
  reviewer text collate "C",
  dossier text collate "C",
  action text collate "C" not null,
  redaction integer not null
);

create table search (
  "row" integer not null,
  label text[] collate "C" not null,
  words text[] collate "C" not null
);

create table setting (
  name text collate "C" not null,
  value text collate "C" not null
);

create table span (
  document text collate "C" not null,
  start_at integer not null,
  end_at integer not null,
  "row" integer not null
);

create table term (
  type text collate "C" not null,
  field text collate "C" not null,
  value text collate "C" not null,
  id text collate "C" not null,
  rev_from integer not null,
  rev_to integer not null,
  "row" integer not null,
  ref_type text collate "C"
);

alter table contribution add constraint contribution_key PRIMARY KEY (type, id, document);
alter table dossier add constraint dossier_key PRIMARY KEY (id, rev_from);
alter table fact add constraint fact_pkey PRIMARY KEY ("row");
alter table fact add constraint fact_version UNIQUE (type, id, version);
alter table identity add constraint identity_key PRIMARY KEY (type, id);
alter table key add constraint key_pkey PRIMARY KEY (id);
alter table migration add constraint migration_pkey PRIMARY KEY (name);
alter table revision add constraint revision_n_check CHECK ((n > 0));
alter table revision add constraint revision_pkey PRIMARY KEY (n);
alter table search add constraint search_pkey PRIMARY KEY ("row");
alter table setting add constraint setting_pkey PRIMARY KEY (name);
alter table contribution add constraint contribution_identity FOREIGN KEY (type, id) REFERENCES identity(type, id);
alter table dossier add constraint dossier_rev_from_fkey FOREIGN KEY (rev_from) REFERENCES revision(n);
alter table fact add constraint fact_identity FOREIGN KEY (type, id) REFERENCES identity(type, id);
alter table fact add constraint fact_rev_from_fkey FOREIGN KEY (rev_from) REFERENCES revision(n);
alter table search add constraint search_row_fkey FOREIGN KEY ("row") REFERENCES fact("row");
alter table span add constraint span_row_fkey FOREIGN KEY ("row") REFERENCES fact("row");
alter table term add constraint term_refers FOREIGN KEY (ref_type, value) REFERENCES identity(type, id);
alter table term add constraint term_row_fkey FOREIGN KEY ("row") REFERENCES fact("row");

CREATE INDEX contribution_document ON contribution USING btree (document);
CREATE INDEX fact_change ON fact USING btree (rev_from, "row");
CREATE INDEX fact_correction ON fact USING btree (rev_from, "row") WHERE (cause = ANY (ARRAY['correction'::text, 'retraction'::text]));
CREATE INDEX fact_home ON fact USING btree (document, rev_to);
CREATE INDEX fact_listed ON fact USING btree (type, id, rev_from, rev_to, retracted) WHERE (retracted IS NULL);
CREATE INDEX identity_renamed ON identity USING btree (type, renamed_to) WHERE (renamed_to IS NOT NULL);
CREATE INDEX revision_recorded ON revision USING btree (recorded_at, n);
CREATE INDEX search_words ON search USING gin (words);
CREATE INDEX span_place ON span USING btree (document, start_at, end_at, "row");
CREATE INDEX span_row ON span USING btree ("row");
CREATE INDEX term_refers ON term USING btree (ref_type, value, type, id) WHERE (ref_type IS NOT NULL);
CREATE INDEX term_row ON term USING btree ("row", field, value, ref_type);
CREATE INDEX term_value ON term USING btree (type, field, value, id, rev_from, rev_to, "row", ref_type);

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
