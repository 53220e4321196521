/** Meaning of the first dossier: facts that a reader would draw from its text. */
import { readFileSync } from 'node:fs';
import cityTimezones from 'city-timezones';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../src/model/types/index.ts';
import { createSeededApp, followPages, get, type Json } from '../support/app.ts';

const source = Array.from(readFileSync('db/dossiers/brussels-2022-03-24/source.txt', 'utf8'));

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp();
});

const fetchFact = async (path: string): Promise<Json> => (await get(app, `/v1/${path}`)).body;
const getQuotes = ({ evidence }: Json): string[] => evidence.map(({ exact }: Json) => exact);
const findInferences = ({ inferences }: Json, field: string): Json[] =>
  inferences.filter(({ fields }: Json) => fields.includes(field));

describe('every fact', () => {
  it.each(
    factTypes.map(({ collection }) => collection),
  )('of %s has evidence that is literally in the text', async (collection) => {
    for (const { id, evidence = [] } of await followPages(app, `/v1/${collection}?limit=200`)) {
      for (const { start, end, exact, prefix, suffix } of evidence) {
        expect(source.slice(start, end).join(''), id).toBe(exact);
        expect(source.slice(Math.max(0, start - 32), start).join(''), id).toBe(prefix);
        expect(source.slice(end, end + 32).join(''), id).toBe(suffix);
      }
    }
  });
});

describe('the document', () => {
  it('has an inferred date, because the text prints none, and no publisher or URL', async () => {
    const document = await fetchFact('documents/brussels-2022-03-24');
    expect(document).toMatchObject({
      publishedOn: '2022-03-24',
      publisher: null,
      url: null,
      lengthCodePoints: 2789,
      sha256: '5976af336a3f34cc7c4d094338845b4c427f8176513bb546eca807d7a6fec97f',
    });
    expect(findInferences(document, 'publishedOn')[0].kind).toBe('derived');
  });
});

describe('people', () => {
  it.each([
    ['joe-biden', 'Joe Biden', 'President', 'country/united-states'],
    ['jens-stoltenberg', 'Jens Stoltenberg', 'Secretary General', 'organization/nato'],
    ['volodymyr-zelensky', 'Volodymyr Zelensky', 'President', 'country/ukraine'],
    ['kaja-kallas', 'Kaja Kallas', 'Prime Minister', 'country/estonia'],
  ])('%s has the post that the text gives', async (id, name, title, of) => {
    const person = await fetchFact(`people/${id}`);
    expect(person).toMatchObject({ name, posts: [{ title }] });
    expect(`${person.posts[0].of.type}/${person.posts[0].of.id}`).toBe(of);
  });

  it('identify the Kremlin leader, whom the text does not name, without the epithets of others', async () => {
    const leader = await fetchFact('people/vladimir-putin');
    expect(findInferences(leader, 'name')).toMatchObject([{ kind: 'identified' }]);
    expect(getQuotes(leader)).toEqual(['The Kremlin leader']);
    const { name, aliases, posts } = leader;
    expect(JSON.stringify([name, aliases, posts])).not.toMatch(/war criminal/i);
  });
});

describe('organizations', () => {
  it('include groups that the text names only together', async () => {
    const groups = await followPages(app, '/v1/organizations?kind=group');
    expect(groups.map(({ name }) => name)).toEqual([
      'EU leaders',
      'Leaders',
      'NATO leaders',
      'Western allies',
    ]);
  });
});

describe('countries', () => {
  it('include the Baltics as common knowledge, two of which the text does not name', async () => {
    for (const id of ['latvia', 'lithuania']) {
      const country = await fetchFact(`countries/${id}`);
      expect(findInferences(country, 'name')[0].kind).toBe('background');
      expect(getQuotes(country)).toEqual(['the Baltics']);
    }
  });

  it('include no country that the text does not name', async () => {
    expect((await get(app, '/v1/countries/belgium')).status).toBe(404);
    expect((await get(app, '/v1/countries?count=true')).body.meta.total).toBe(15);
  });
});

describe('events', () => {
  it('have the statuses that the text supports', async () => {
    const statuses = Object.fromEntries(
      (await followPages(app, '/v1/events')).map(({ id, status }) => [id, status]),
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

  it('have the dates that the text supports', async () => {
    const dates = Object.fromEntries(
      (await followPages(app, '/v1/events')).map(({ id, startDate, endDate }) => [id, [startDate, endDate]]),
    );
    expect(dates).toMatchObject({
      'battle-groups-announcement-2022-03-23': ['2022-03-23', null],
      'eu-summit-2022-03-24': ['2022-03-24', '2022-03-25'],
      'sanctions-announcement-brussels': [null, null],
      'war-in-ukraine': ['2022-02-24', null],
    });
  });

  it('have one participant by video link, once', async () => {
    const events = await followPages(app, '/v1/events?attendance=video-link');
    const participantLinks = events.flatMap(({ id, participants }) =>
      participants
        .filter(({ attendance }: Json) => attendance === 'video-link')
        .map(({ actor }: Json) => [id, actor.label]),
    );
    expect(participantLinks).toEqual([['zelensky-address-nato-2022-03-24', 'Volodymyr Zelensky']]);
  });

  it('are ordered within a day', async () => {
    const second = await fetchFact('events/zelensky-address-eu-2022-03-24');
    expect(second.after.id).toBe('zelensky-address-nato-2022-03-24');
    expect(second.partOf.id).toBe('eu-summit-2022-03-24');
  });

  it('have coordinates from the library that their notes name', async () => {
    const { place } = await fetchFact('events/eu-summit-2022-03-24');
    const [brussels] = cityTimezones.lookupViaCity('Brussels');
    expect(place).toMatchObject({ latitude: brussels?.lat, longitude: brussels?.lng, precision: 'city' });
    expect((await fetchFact('events/war-in-ukraine')).place.precision).toBe('country');
  });
});

describe('statements', () => {
  const findStatements = async (query: string) =>
    (await followPages(app, `/v1/statements?${query}`)).map(({ text, cue }) => [text, cue]);

  it('include three by Jens Stoltenberg, each with its words and cue', async () => {
    expect(await findStatements('speaker=jens-stoltenberg')).toEqual([
      [
        "the deployment of four new battle groups to Bulgaria, Hungary, Romania and Slovakia in response to Russia's invasion",
        'announced',
      ],
      [
        'There is a risk always for contamination ... we can see the spread of chemical agents also into NATO territory',
        'said',
      ],
      [
        'Any use of chemical weapons would fundamentally change the nature of the conflict - it would be a blatant violation of international law, and it will have widespread and severe consequences',
        'said',
      ],
    ]);
  });

  it('have a part for each quoted fragment, and name the persons meant', async () => {
    const statement = await fetchFact('statements/kallas-steps-to-make-us-afraid');
    expect(statement).toMatchObject({
      mode: 'mixed',
      text: 'The Kremlin leader is taking steps to make us afraid and deter us from helping Ukraine further or making additional steps',
      cue: 'said',
      speakers: [{ label: 'Kaja Kallas' }],
      about: [{ label: 'Vladimir Putin' }, { label: 'Ukraine' }],
    });
    const quotedParts = statement.parts.filter((part: Json) => part.quoted).map(({ exact }: Json) => exact);
    expect(quotedParts).toEqual([
      'to make us afraid',
      'deter us from helping Ukraine further or making additional steps',
    ]);
    expect(findInferences(statement, 'about')[0].note).toContain('the Kremlin leader');
  });

  it('note that a pronoun names the speaker, and cite the heading that shortens them as further evidence', async () => {
    const statement = await fetchFact('statements/kallas-stop-the-war-criminal');
    expect(statement.parts.find(({ role }: Json) => role === 'source').exact).toBe('she');
    expect(findInferences(statement, 'speakers')[0].kind).toBe('identified');
    expect(getQuotes(statement)).toContain("Estonian leader: 'Stop the war criminal'");
    expect((await get(app, '/v1/statements?q=war+criminal&count=true')).body.meta.total).toBe(1);
  });

  it("that are the document's own have no speaker and no source", async () => {
    for (const { speakers, parts, cue } of await followPages(app, '/v1/statements?mode=narrative')) {
      expect([speakers, cue, parts.filter(({ role }: Json) => role !== 'content')]).toEqual([[], null, []]);
    }
  });

  it('have parts with correct offsets, and evidence for each', async () => {
    for (const { id, text, parts, evidence } of await followPages(app, '/v1/statements')) {
      for (const { start, end, exact } of parts) {
        expect(source.slice(start, end).join(''), id).toBe(exact);
        expect(evidence, id).toContainEqual(expect.objectContaining({ start, end, exact }));
      }
      const content = parts.filter(({ role }: Json) => role === 'content').map(({ exact }: Json) => exact);
      expect(content.join(' '), id).toBe(text);
    }
  });

  it('are quoted exactly where the text has quotation marks', async () => {
    for (const { id, parts } of await followPages(app, '/v1/statements')) {
      for (const { quoted, start, end } of parts) {
        const marks = source.slice(0, start).filter((sign) => sign === '"').length;
        expect(marks % 2 === 1, `${id} ${start}`).toBe(quoted);
        expect(source.slice(start, end), id).not.toContain('"');
      }
    }
  });

  it('are named by the facts for which they alone vouch', async () => {
    expect(await fetchFact('events/sanctions-announcement-brussels')).toMatchObject({
      accordingTo: {
        label: 'The White House: further sanctions on Russia are also to be announced in Brussels',
      },
    });
  });
});

describe('proposals and stances', () => {
  it('name the proposer, the beneficiary and the treaty that would be violated', async () => {
    expect(await fetchFact('proposals/no-fly-zone-over-ukraine')).toMatchObject({
      status: 'sought',
      proposedBy: [{ label: 'Volodymyr Zelensky' }],
      addressedTo: [{ label: 'NATO' }],
      beneficiary: { label: 'Ukraine' },
    });
    expect(await fetchFact('proposals/permanent-troops-on-eastern-flank')).toMatchObject({
      status: 'under-consideration',
      proposedBy: [],
      addressedTo: [],
      instruments: [{ name: 'NATO-Russia Founding Act', relation: 'would-violate' }],
    });
    expect(await fetchFact('proposals/solidarity-fund-for-ukraine')).toMatchObject({
      status: 'decision-expected',
      proposedBy: [],
      decisionExpectedAt: { label: "EU leaders' summit" },
    });
  });

  it('include those on the fifth round', async () => {
    const stances = await followPages(app, '/v1/stances?subject=eu-on-russia-5');
    const summaries = stances.map(({ actor, position, andOthers }) => [actor.label, position, andOthers]);
    expect(summaries).toEqual([
      ['The Baltics', 'seeks-more', null],
      ['European Union', 'divided', null],
      ['Germany', 'seeks-pause', true],
      ['Netherlands', 'seeks-pause', true],
      ['Poland', 'seeks-more', null],
    ]);
  });

  it('on the no-fly zone recur, one in favor and one against', async () => {
    const stances = await followPages(app, '/v1/stances?subject=no-fly-zone-over-ukraine');
    expect(stances.map(({ actor, position, recurrence }) => [actor.label, position, recurrence])).toEqual([
      ['NATO', 'opposes', 'repeated'],
      ['Volodymyr Zelensky', 'supports', 'continuing'],
    ]);
  });
});

describe('sanctions rounds and deployments', () => {
  it('include four adopted rounds without a date, and a fifth under discussion', async () => {
    const rounds = await followPages(app, '/v1/sanctions-rounds?sort=ordinal');
    expect(rounds.map(({ ordinal, status, adoptedOn }) => [ordinal, status, adoptedOn])).toEqual([
      [1, 'adopted', null],
      [2, 'adopted', null],
      [3, 'adopted', null],
      [4, 'adopted', null],
      [5, 'under-discussion', null],
    ]);
  });

  it('include four battle groups, announced the day before by one person, at the centers of countries', async () => {
    const deployments = await followPages(app, '/v1/battle-group-deployments');
    expect(deployments.map(({ hostCountry }) => hostCountry.label)).toEqual([
      'Bulgaria',
      'Hungary',
      'Romania',
      'Slovakia',
    ]);
    for (const deployment of deployments) {
      expect(deployment).toMatchObject({
        status: 'announced',
        announcedOn: '2022-03-23',
        announcedBy: { label: 'Jens Stoltenberg' },
        inResponseTo: { label: "Russia's war in Ukraine" },
        location: { precision: 'country' },
      });
      expect(findInferences(deployment, 'location')[0].kind).toBe('reference');
    }
  });
});

describe('figures and memberships', () => {
  it('include every number of the text, with its unit', async () => {
    const figures = await followPages(app, '/v1/figures?sort=value');
    expect(figures.map(({ value, unit, statedAs }) => [value, unit, statedAs])).toEqual([
      [1, 'days', 'A day'],
      [1, 'months', 'exactly one month'],
      [2, 'days', 'two-day'],
      [4, 'battle groups', 'four new battle groups'],
      [4, 'rounds', 'four rounds'],
      [5, 'ordinal', 'fifth'],
      [21, 'member states', '21 members'],
      [29, 'leaders', '29 other NATO leaders'],
      [30, 'leaders', 'Biden and the 29 other NATO leaders'],
      [50, 'percent', 'a majority of NATO'],
    ]);
  });

  it('include three stated members of the G7, and mark all others as inferred', async () => {
    const memberships = await followPages(app, '/v1/memberships?limit=200');
    const statedMemberships = memberships
      .filter(({ inferences }) => inferences.length === 0)
      .map(({ label }) => label);
    expect(statedMemberships).toEqual([
      'France: member of G7',
      'Germany: member of G7',
      'Italy: member of G7',
    ]);
    expect(memberships.map(({ label }) => label)).not.toContain('United States: member of G7');
  });
});
