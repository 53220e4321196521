import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seed } from '../src/seed.ts';
import { appOn, emptyStore, get, temporaryFolder } from './support/app.ts';

describe('seeding', () => {
  it('imports what the store has never seen, and leaves alone what it has', async () => {
    const folder = temporaryFolder();
    cpSync('db/dossiers', folder, { recursive: true });
    const store = await emptyStore();
    expect(await seed(store, folder)).toEqual({ imported: ['brussels-2022-03-24'], different: [] });
    expect(await seed(store, folder)).toEqual({ imported: [], different: [] });

    const facts = join(folder, 'brussels-2022-03-24', 'facts.yaml');
    writeFileSync(facts, readFileSync(facts, 'utf8').replace('title: Secretary General', 'title: Secretary'));
    expect(await seed(store, folder)).toEqual({
      imported: [],
      different: [join(folder, 'brussels-2022-03-24')],
    });
    const { body } = await get(await appOn(store), '/v1/people/jens-stoltenberg');
    expect(body.posts[0].title).toBe('Secretary General');
  });

  it('refuses a dossier with problems, and says where they are', async () => {
    const folder = temporaryFolder();
    cpSync('db/dossiers', folder, { recursive: true });
    const facts = join(folder, 'brussels-2022-03-24', 'facts.yaml');
    writeFileSync(
      facts,
      readFileSync(facts, 'utf8').replace('name: Bulgaria', 'name: Bulgaria\n    colour: red'),
    );
    const store = await emptyStore();
    await expect(seed(store, folder)).rejects.toThrow(
      /facts\.yaml:\d+:\d+ unknown-field there is no field colour/,
    );
    const { body } = await get(await appOn(store), '/v1/countries');
    expect(body.data).toEqual([]);
  });
});
