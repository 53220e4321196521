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
