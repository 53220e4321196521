/** Programs of others, as people use them: Datasette on the SQLite file, and Python's own CSV reader on every table. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../src/model/types/index.ts';
import { openStore } from '../../src/store/open.ts';
import { type Json, sqliteStoreUrl, temporaryFolder } from '../support/app.ts';
import { atTheEnd } from '../support/cleanup.ts';
import { dossierOfEvents } from '../support/dossier-builder.ts';
import { writerOf as keyFor, put } from '../support/dossier-client.ts';
import { type Running, run, serve } from '../support/process.ts';
import { inPython } from '../support/python-venv.ts';

/** A name and a point of the agenda as a spreadsheet has them only from a reader that knows its quotes and line breaks. */
const AWKWARD = { name: 'Meeting "so", it says', agenda: ['First,\nthen "second"', '=1+1; Ünder'] };

let url: string;
beforeAll(async () => {
  const databaseUrl = sqliteStoreUrl();
  const store = await openStore(databaseUrl);
  const key = await keyFor(store);
  await store.close();
  const server = await serve({ DATABASE_URL: databaseUrl });
  atTheEnd(async () => {
    server.child.kill('SIGTERM');
    await server.finished;
  });
  ({ url } = server);
  await put(url, key, dossierOfEvents([{ id: 'awkward', ...AWKWARD }]));
});

const json = async (from: string): Promise<Json> => {
  const response = await fetch(from);
  if (!response.ok) throw new Error(`${from} answers ${response.status}: ${await response.text()}`);
  return response.json();
};

describe("Python's csv", () => {
  it.each(resources.map(({ collection }) => collection))('reads %s', async (collection) => {
    const { code, stdout, stderr } = await run(
      ['tests/consumers/read_csv.py', `${url}/v1/${collection}.csv?escapeFormulas=false`],
      {},
      { command: inPython('python') },
    ).finished;
    expect([code, stderr]).toEqual([0, '']);
    const { header, rows } = JSON.parse(stdout) as { header: string[]; rows: string[][] };
    const { data, meta } = await json(`${url}/v1/${collection}?limit=200&count=true`);
    expect(rows).toHaveLength(meta.total);
    expect(rows.length).toBeGreaterThan(0);
    expect(header.slice(0, 2)).toEqual(['id', 'label']);
    expect(header.at(-1)).toBe('permalink');
    expect(rows.map(([id, label]) => [id, label])).toEqual(data.map(({ id, label }: Json) => [id, label]));
    if (collection !== 'events') return;
    const awkward = rows.find(([id]) => id === 'awkward');
    expect(awkward?.[header.indexOf('name')]).toBe(AWKWARD.name);
    const agenda = String(awkward?.[header.indexOf('agenda')]).split(/(?<!\\); /);
    expect(agenda.map((point) => point.replace('\\;', ';'))).toEqual(AWKWARD.agenda);
  });
});

describe('Datasette', () => {
  let running: Running;
  let datasette: string;
  beforeAll(async () => {
    const response = await fetch(`${url}/v1/exports/summit-facts.sqlite`);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      response.headers.get('summit-facts-sha256'),
    );
    const file = join(temporaryFolder(), 'summit-facts.sqlite');
    writeFileSync(file, bytes);
    const port = await freePort();
    // As a file that nothing will ever write to: so it must need no journal or log beside it.
    const args = ['serve', '--immutable', file, '--host', '127.0.0.1', '--port', String(port)];
    running = run(args, {}, { command: inPython('datasette') });
    datasette = `http://127.0.0.1:${port}/summit-facts`;
    await answering(running, `${datasette}.json`);
  });

  const query = (sql: string, parameters: Record<string, string> = {}): Promise<Json> =>
    json(`${datasette}.json?${new URLSearchParams({ sql, _shape: 'objects', ...parameters })}`);

  it('lists the views and tables', async () => {
    const { views, tables } = await json(`${datasette}.json`);
    const named = resources.map(({ collection }) => `v_${collection.replaceAll('-', '_')}`);
    expect(views.map(({ name }: Json) => name)).toEqual(
      expect.arrayContaining([...named, 'v_evidence', 'v_references', 'v_statement_speakers']),
    );
    const fact = tables.find(({ name }: Json) => name === 'fact');
    expect(fact.foreign_keys.incoming.map(({ other_table }: Json) => other_table)).toContain('evidence');
  });

  it('says who said what, in which words, and where', async () => {
    const { rows, error } = await query(
      `select speaker, text, source_quote, source_id, source_start, source_end, permalink from v_statements
       where speaker_id = :who and mode = 'direct' order by source_start`,
      { who: 'jens-stoltenberg' },
    );
    expect(error ?? null).toBeNull();
    const facts = (await json(`${url}/v1/statements?speaker=jens-stoltenberg&mode=direct`)).data;
    expect(rows.length).toBe(facts.length);
    const text = await (await fetch(`${url}/v1/documents/brussels-2022-03-24/text`)).text();
    for (const { speaker, source_quote, source_start, source_end } of rows) {
      expect(speaker).toBe('Jens Stoltenberg');
      expect(Array.from(text).slice(source_start, source_end).join('')).toBe(source_quote);
    }
  });

  it('pages through every view', async () => {
    const { views } = await json(`${datasette}.json`);
    for (const { name } of views) {
      const { rows } = await json(`${datasette}/${name}.json?_shape=objects&_size=5`);
      expect(rows, name).toBeInstanceOf(Array);
    }
    const { rows } = await json(`${datasette}/v_event_agenda.json?event_id=awkward&_shape=objects`);
    expect(rows.map(({ agenda }: Json) => agenda)).toEqual(AWKWARD.agenda);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/** Waits until there is an answer at `from`; a program that ends before that fails the test. */
async function answering({ finished }: Running, from: string): Promise<void> {
  let ended: string | null = null;
  finished.then(({ code, stderr }) => {
    ended = `it ended with ${code}: ${stderr}`;
  });
  while (!(await fetch(from).catch(() => null))?.ok) {
    if (ended) throw new Error(ended);
    await sleep(100);
  }
}
