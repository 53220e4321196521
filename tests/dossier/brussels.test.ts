/** The first dossier, by meaning: what a reader of the text would say that it says. */
import { readFileSync } from 'node:fs';
import cityTimezones from 'city-timezones';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../src/resources/index.ts';
import { get, type Json, seededApp, walk } from '../support/app.ts';

const source = Array.from(readFileSync('db/dossiers/brussels-2022-03-24/source.txt', 'utf8'));

let app: FastifyInstance;
beforeAll(async () => {
  app = await seededApp();
});

const fact = async (path: string): Promise<Json> => (await get(app, `/v1/${path}`)).body;
const quotes = ({ evidence }: Json): string[] => evidence.map(({ exact }: Json) => exact);
const inferred = ({ inferences }: Json, field: string): Json[] =>
  inferences.filter(({ fields }: Json) => fields.includes(field));

describe('every fact', () => {
  it.each(
    resources.map(({ collection }) => collection),
  )('of %s points at words that stand in the text', async (collection) => {
    for (const { id, evidence = [] } of await walk(app, `/v1/${collection}?limit=200`)) {
      for (const { start, end, exact, prefix, suffix } of evidence) {
        expect(source.slice(start, end).join(''), id).toBe(exact);
        expect(source.slice(Math.max(0, start - 32), start).join(''), id).toBe(prefix);
        expect(source.slice(end, end + 32).join(''), id).toBe(suffix);
      }
    }
  });
});

describe('the document', () => {
  it('prints no date, so its date is inferred; publisher and URL are unknown', async () => {
    const document = await fact('documents/brussels-2022-03-24');
    expect(document).toMatchObject({
      publishedOn: '2022-03-24',
      publisher: null,
      url: null,
      lengthCodePoints: 2789,
      sha256: '5976af336a3f34cc7c4d094338845b4c427f8176513bb546eca807d7a6fec97f',
    });
    expect(inferred(document, 'publishedOn')[0].kind).toBe('derived');
  });
});

describe('people', () => {
  it.each([
    ['joe-biden', 'Joe Biden', 'President', 'country/united-states'],
    ['jens-stoltenberg', 'Jens Stoltenberg', 'Secretary General', 'organization/nato'],
    ['volodymyr-zelensky', 'Volodymyr Zelensky', 'President', 'country/ukraine'],
    ['kaja-kallas', 'Kaja Kallas', 'Prime Minister', 'country/estonia'],
  ])('%s holds the post that the text gives', async (id, name, title, of) => {
    const person = await fact(`people/${id}`);
    expect(person).toMatchObject({ name, posts: [{ title }] });
    expect(`${person.posts[0].of.type}/${person.posts[0].of.id}`).toBe(of);
  });

  it('the Kremlin leader is identified, not named, and no epithet of others is his', async () => {
    const leader = await fact('people/vladimir-putin');
    expect(inferred(leader, 'name')).toMatchObject([{ kind: 'identified' }]);
    expect(quotes(leader)).toEqual(['The Kremlin leader']);
    const { name, aliases, posts } = leader;
    expect(JSON.stringify([name, aliases, posts])).not.toMatch(/war criminal/i);
  });
});

describe('organizations', () => {
  it('that are named only together stay groups', async () => {
    const groups = await walk(app, '/v1/organizations?kind=group');
    expect(groups.map(({ name }) => name)).toEqual([
      'EU leaders',
      'Leaders',
      'NATO leaders',
      'Western allies',
    ]);
  });
});

describe('countries', () => {
  it('of the Baltics are common knowledge, two of them unnamed', async () => {
    for (const id of ['latvia', 'lithuania']) {
      const country = await fact(`countries/${id}`);
      expect(inferred(country, 'name')[0].kind).toBe('background');
      expect(quotes(country)).toEqual(['the Baltics']);
    }
  });

  it('do not include what the text does not name', async () => {
    expect((await get(app, '/v1/countries/belgium')).status).toBe(404);
    expect((await get(app, '/v1/countries?count=true')).body.meta.total).toBe(15);
  });
});

describe('events', () => {
  it('are ongoing, scheduled and held as the text has it', async () => {
    const statuses = Object.fromEntries(
      (await walk(app, '/v1/events')).map(({ id, status }) => [id, status]),
    );
    expect(statuses).toEqual({
      'battle-groups-announcement-2022-03-23': 'held',
      'brussels-talks-2022-03-24': 'ongoing',
      'eu-summit-2022-03-24': 'ongoing',
      'g7-summit-2022-03-24': 'ongoing',
      'nato-meeting-2022-03-24': 'ongoing',
      'sanctions-announcement-brussels': 'scheduled',
      'war-in-ukraine': 'ongoing',
      'zelensky-address-eu-2022-03-24': 'scheduled',
      'zelensky-address-nato-2022-03-24': 'scheduled',
    });
  });

  it('have dates that the text anchors', async () => {
    const dates = Object.fromEntries(
      (await walk(app, '/v1/events')).map(({ id, startDate, endDate }) => [id, [startDate, endDate]]),
    );
    expect(dates).toMatchObject({
      'battle-groups-announcement-2022-03-23': ['2022-03-23', null],
      'eu-summit-2022-03-24': ['2022-03-24', '2022-03-25'],
      'sanctions-announcement-brussels': [null, null],
      'war-in-ukraine': ['2022-02-24', null],
    });
  });

  it('put one man on a video link, once', async () => {
    const events = await walk(app, '/v1/events?attendance=video-link');
    const linked = events.flatMap(({ id, participants }) =>
      participants
        .filter(({ attendance }: Json) => attendance === 'video-link')
        .map(({ actor }: Json) => [id, actor.label]),
    );
    expect(linked).toEqual([['zelensky-address-nato-2022-03-24', 'Volodymyr Zelensky']]);
  });

  it('follow one another within a day', async () => {
    const second = await fact('events/zelensky-address-eu-2022-03-24');
    expect(second.after.id).toBe('zelensky-address-nato-2022-03-24');
    expect(second.partOf.id).toBe('eu-summit-2022-03-24');
  });

  it('lie at points from the named library', async () => {
    const { place } = await fact('events/eu-summit-2022-03-24');
    const [brussels] = cityTimezones.lookupViaCity('Brussels');
    expect(place).toMatchObject({ latitude: brussels?.lat, longitude: brussels?.lng, precision: 'city' });
    expect((await fact('events/war-in-ukraine')).place.precision).toBe('country');
  });
});
