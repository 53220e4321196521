/**
 * Third-party programs as users run them: Datasette on the SQLite file, Python's readers on every table, and resumed
 * downloads.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../src/model/types/index.ts';
import { openStore } from '../../src/store/open.ts';
import { createSqliteStoreUrl, createTemporaryFolder, type Json } from '../support/app.ts';
import { onTestFileEnd } from '../support/cleanup.ts';
import { buildEventDossier } from '../support/dossier-builder.ts';
import { createWriteKey as keyFor, putDossier } from '../support/dossier-client.ts';
import { findFreePort } from '../support/free-port.ts';
import { startProcess, startServerProcess, waitUntilResponding } from '../support/process.ts';
import { getVenvProgram } from '../support/python-venv.ts';

/** Event that only a CSV reader with correct handling of quotes and line breaks reads back unchanged. */
const AWKWARD_EVENT = {
  name: 'Meeting "so", it says',
  agenda: ['First,\nthen "second"', '=1+1; Ünder', 'line\u2028paragraph\u2029next\u0085line'],
};

let url: string;
beforeAll(async () => {
  const databaseUrl = createSqliteStoreUrl();
  const store = await openStore(databaseUrl);
  const key = await keyFor(store);
  await store.close();
  const server = await startServerProcess({ DATABASE_URL: databaseUrl });
  onTestFileEnd(async () => {
    server.child.kill('SIGTERM');
    await server.result;
  });
  ({ url } = server);
  await putDossier(url, key, buildEventDossier([{ id: 'awkward', ...AWKWARD_EVENT }]));
});

const fetchJson = async (from: string): Promise<Json> => {
  const response = await fetch(from);
  if (!response.ok) throw new Error(`${from} answers ${response.status}: ${await response.text()}`);
  return response.json();
};

describe("Python's csv", () => {
  it.each(factTypes.map(({ collection }) => collection))('reads %s', async (collection) => {
    const { code, stdout, stderr } = await startProcess(
      ['tests/consumers/read_csv.py', `${url}/v1/${collection}.csv?escapeFormulas=false`],
      {},
      { command: getVenvProgram('python') },
    ).result;
    expect([code, stderr]).toEqual([0, '']);
    const { header, rows } = JSON.parse(stdout) as { header: string[]; rows: string[][] };
    const { data, meta } = await fetchJson(`${url}/v1/${collection}?limit=200&count=true`);
    expect(rows).toHaveLength(meta.total);
    expect(rows.length).toBeGreaterThan(0);
    expect(header.slice(0, 2)).toEqual(['id', 'label']);
    expect(header.at(-1)).toBe('permalink');
    expect(rows.map(([id, label]) => [id, label])).toEqual(data.map(({ id, label }: Json) => [id, label]));
    if (collection !== 'events') return;
    const awkward = rows.find(([id]) => id === 'awkward');
    expect(awkward?.[header.indexOf('name')]).toBe(AWKWARD_EVENT.name);
    const agenda = String(awkward?.[header.indexOf('agenda')]).split(/(?<!\\); /);
    expect(agenda.map((point) => point.replace('\\;', ';'))).toEqual(AWKWARD_EVENT.agenda);
  });
});

/** Runs a Python script of this folder; returns the JSON that it prints. */
async function runPython(script: string, ...args: string[]): Promise<Json> {
  const { code, stdout, stderr } = await startProcess(
    [`tests/consumers/${script}`, ...args],
    {},
    { command: getVenvProgram('python') },
  ).result;
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

it("Python's splitlines finds one fact on each line of NDJSON", async () => {
  for (const { collection } of factTypes) {
    const { data } = await fetchJson(`${url}/v1/${collection}?limit=200`);
    expect(await runPython('split_lines.py', `${url}/v1/${collection}.ndjson`)).toEqual(data);
  }
});

it('Frictionless finds the data package valid, with all keys, and reads typed rows', async () => {
  const { errors, tables } = await runPython(
    'validate_package.py',
    `${url}/v1/datapackage.json?include=retracted`,
  );
  expect(errors).toEqual([]);
  expect(Object.keys(tables)).toEqual(factTypes.map(({ collection }) => collection));
  for (const [collection, rows] of Object.entries(tables) as [string, Json[]][]) {
    const { data } = await fetchJson(`${url}/v1/${collection}?limit=200&include=retracted`);
    expect(rows.map(({ id, label, version }) => [id, label, version])).toEqual(
      data.map(({ id, label, version }: Json) => [id, label, version]),
    );
  }
  const war = tables['events'].find(({ id }: Json) => id === 'war-in-ukraine');
  expect(war.participant_id).toEqual(['russia', 'ukraine']);
});

it('CSV on the Web finds the description of each table by its Link header, and reads it without warnings', async () => {
  const urls = factTypes.map(({ collection }) => `${url}/v1/${collection}.csv?escapeFormulas=false`);
  const tables = await runPython('read_csvw.py', ...urls);
  for (const [index, { collection }] of factTypes.entries()) {
    const { valid, warnings, rows } = tables[urls[index] as string];
    expect([collection, valid, warnings]).toEqual([collection, true, []]);
    const { data } = await fetchJson(`${url}/v1/${collection}?limit=200`);
    expect(rows.map((row: Json) => [row['@id'], row.id, row.version])).toEqual(
      data.map(({ links, id, version }: Json) => [new URL(links.self, url).href, id, version]),
    );
  }
});

describe.each([
  ['curl', ['--silent', '--show-error', '--fail', '--continue-at', '-', '--output']],
  ['wget', ['--quiet', '--continue', '--output-document']],
])('%s', (command, options) => {
  it.each(['sqlite', 'ndjson.gz'])('resumes a download of the %s file', async (extension) => {
    const from = `${url}/v1/exports/summit-facts.${extension}`;
    const whole = Buffer.from(await (await fetch(from)).arrayBuffer());
    const file = join(createTemporaryFolder(), 'part');
    writeFileSync(file, whole.subarray(0, 10_000));
    const { code, stderr } = await startProcess([...options, file, from], {}, { command }).result;
    expect([code, stderr]).toEqual([0, '']);
    expect(readFileSync(file).equals(whole)).toBe(true);
  });
});

describe('Datasette', () => {
  let datasette: string;
  beforeAll(async () => {
    const response = await fetch(`${url}/v1/exports/summit-facts.sqlite`);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      response.headers.get('summit-facts-sha256'),
    );
    const file = join(createTemporaryFolder(), 'summit-facts.sqlite');
    writeFileSync(file, bytes);
    const port = await findFreePort();
    // Immutable mode: the file must not need a journal or a write-ahead log next to it.
    const args = ['serve', '--immutable', file, '--host', '127.0.0.1', '--port', String(port)];
    const running = startProcess(args, {}, { command: getVenvProgram('datasette') });
    datasette = `http://127.0.0.1:${port}/summit-facts`;
    await waitUntilResponding(running, `${datasette}.json`);
  });

  const query = (sql: string, parameters: Record<string, string> = {}): Promise<Json> =>
    fetchJson(`${datasette}.json?${new URLSearchParams({ sql, _shape: 'objects', ...parameters })}`);

  it('lists the views and tables', async () => {
    const { views, tables } = await fetchJson(`${datasette}.json`);
    const named = factTypes.map(({ collection }) => `v_${collection.replaceAll('-', '_')}`);
    expect(views.map(({ name }: Json) => name)).toEqual(
      expect.arrayContaining([...named, 'v_evidence', 'v_references', 'v_statement_speakers']),
    );
    const fact = tables.find(({ name }: Json) => name === 'fact');
    expect(fact.foreign_keys.incoming.map(({ other_table }: Json) => other_table)).toContain('evidence');
  });

  it('returns speaker, words and offsets of statements', async () => {
    const { rows, error } = await query(
      `select speaker, text, source_quote, source_id, source_start, source_end, permalink from v_statements
       where speaker_id = :who and mode = 'direct' order by source_start`,
      { who: 'jens-stoltenberg' },
    );
    expect(error ?? null).toBeNull();
    const facts = (await fetchJson(`${url}/v1/statements?speaker=jens-stoltenberg&mode=direct`)).data;
    expect(rows.length).toBe(facts.length);
    const text = await (await fetch(`${url}/v1/documents/brussels-2022-03-24/text`)).text();
    for (const { speaker, source_quote, source_start, source_end } of rows) {
      expect(speaker).toBe('Jens Stoltenberg');
      expect(Array.from(text).slice(source_start, source_end).join('')).toBe(source_quote);
    }
  });

  it('pages through every view', async () => {
    const { views } = await fetchJson(`${datasette}.json`);
    for (const { name } of views) {
      const { rows } = await fetchJson(`${datasette}/${name}.json?_shape=objects&_size=5`);
      expect(rows, name).toBeInstanceOf(Array);
    }
    const { rows } = await fetchJson(`${datasette}/v_event_agenda.json?event_id=awkward&_shape=objects`);
    expect(rows.map(({ agenda }: Json) => agenda)).toEqual(AWKWARD_EVENT.agenda);
  });
});
