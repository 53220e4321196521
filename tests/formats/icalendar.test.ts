/** Calendars, as ical.js reads them, and as their bytes are. */
import type { FastifyInstance } from 'fastify';
import ICAL from 'ical.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { appOn, emptyStore, get, importInto, type Json, seededApp } from '../support/app.ts';
import { dossierOf, dossierOfEvents, type InventedEvent } from '../support/dossier-builder.ts';

const AT = (second: number) => () => new Date(Date.UTC(2031, 4, 3, 10, 0, second));

let app: FastifyInstance;
beforeAll(async () => {
  app = await seededApp({ publicUrl: 'https://facts.example' });
});

async function textOf(query = '', on = app): Promise<string> {
  const { status, headers, body } = await get(on, `/v1/events.ics${query}`);
  expect([status, headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8']);
  return body;
}

const parsed = (text: string) => new ICAL.Component(ICAL.parse(text));

/** The events of a calendar by the end of their links, in which stands their id. */
async function eventsOf(query = '', on = app): Promise<Map<string, Json>> {
  const found = parsed(await textOf(query, on)).getAllSubcomponents('vevent');
  return new Map(
    found.map((component) => [
      String(component.getFirstPropertyValue('url')).split('/').at(-1) as string,
      component,
    ]),
  );
}

const value = (component: Json, name: string): string => String(component.getFirstPropertyValue(name));

/** First day, and the one after the last. */
const daysOf = (component: Json): string[] => {
  for (const name of ['dtstart', 'dtend']) {
    expect(component.getFirstPropertyValue(name).isDate, name).toBe(true);
    expect(component.getFirstProperty(name).toICALString()).toMatch(/^DT(START|END);VALUE=DATE:\d{8}$/);
  }
  return [value(component, 'dtstart'), value(component, 'dtend')];
};

/** Lines end in CRLF and have 75 octets at most, none of which begins or ends within a character (RFC 5545, 3.1). */
function expectFolded(text: string): string[] {
  expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no text of RFC 5545 may hold them
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
  const lines = text.split('\r\n').slice(0, -1);
  for (const line of lines) {
    expect(Buffer.byteLength(line), line).toBeLessThanOrEqual(75);
    expect(Buffer.from(line).toString(), line).toBe(line);
    expect(line.isWellFormed(), line).toBe(true);
  }
  return lines;
}

async function storeOf(events: InventedEvent[]) {
  const store = await emptyStore();
  await importInto(store, dossierOfEvents(events), { now: AT(0) });
  return { store, app: await appOn(store, { publicUrl: 'https://facts.example' }) };
}

const dated = (id: string, startDate: string, more: object = {}) => ({
  id,
  startDate,
  datePrecision: 'day',
  ...more,
});

describe('the first dossier', () => {
  it('is a calendar with a name, of the events that have a date', async () => {
    const text = await textOf();
    expectFolded(text);
    const calendar = parsed(text);
    expect(value(calendar, 'version')).toBe('2.0');
    expect(value(calendar, 'prodid')).toBe('-//Summit Facts//Summit Facts//EN');
    // With a method the media type would have to name it too, and every event an organizer.
    expect(calendar.getFirstProperty('method')).toBeNull();
    expect(value(calendar, 'x-wr-calname')).toBe('Summit Facts: Events');
    const { body } = await get(app, '/v1/events?limit=200');
    const withDate = body.data.filter(({ startDate }: Json) => startDate !== null);
    expect(withDate.length).toBe(body.data.length - 1);
    expect([...(await eventsOf()).keys()]).toEqual(withDate.map(({ id }: Json) => id));
  });

  it('stands on whole days, the last one included, and keeps nobody busy', async () => {
    const events = await eventsOf();
    expect(daysOf(events.get('eu-summit-2022-03-24'))).toEqual(['2022-03-24', '2022-03-26']);
    expect(daysOf(events.get('battle-groups-announcement-2022-03-23'))).toEqual(['2022-03-23', '2022-03-24']);
    // Ongoing without an end: until it was reported, on 24 March 2022.
    expect(daysOf(events.get('war-in-ukraine'))).toEqual(['2022-02-24', '2022-03-25']);
    for (const event of events.values()) expect(value(event, 'transp')).toBe('TRANSPARENT');
  });

  it('says what, where, how sure, and by which words', async () => {
    const events = await eventsOf();
    const summit = events.get('eu-summit-2022-03-24');
    expect(value(summit, 'summary')).toBe("EU leaders' summit");
    expect(value(summit, 'location')).toBe('Brussels');
    expect(summit.getFirstPropertyValue('geo')).toEqual([50.83331708, 4.333316608]);
    expect(value(summit, 'url')).toBe('https://facts.example/events/eu-summit-2022-03-24');
    expect(value(summit, 'categories')).toBe('summit');
    expect(value(summit, 'status')).toBe('CONFIRMED');
    expect(value(summit, 'sequence')).toBe('0');
    const description = value(summit, 'description');
    for (const words of [
      '"The EU summit is also expected to decide on a solidarity fund"\n',
      '(brussels-2022-03-24, characters ',
      'Date: 24 March 2022 to 25 March 2022\n',
      'Status as reported on 24 March 2022: ongoing',
      'Inferred (startDate, endDate; derived): "Two-day", and Thursday 24 March 2022 is one of the two days',
    ]) {
      expect(description).toContain(words);
    }
    expect(value(events.get('zelensky-address-nato-2022-03-24'), 'status')).toBe('TENTATIVE');
    const war = events.get('war-in-ukraine');
    expect(value(war, 'description')).toContain(
      'Date: since 24 February 2022, without an end when it was reported on 24 March 2022\n',
    );
    // The centre of a country would pass for a place in it.
    expect([value(war, 'location'), war.getFirstPropertyValue('geo')]).toEqual(['Ukraine', null]);
  });

  it('gives every quotation with its very offsets', async () => {
    const events = await eventsOf();
    const { body } = await get(app, '/v1/events?limit=200');
    for (const { id, evidence } of body.data) {
      for (const { exact, start, end } of events.has(id) ? evidence : []) {
        expect(value(events.get(id), 'description')).toMatch(
          new RegExp(`"${RegExp.escape(exact)}"\n.*characters ${start} to ${end}\\)`),
        );
      }
    }
  });

  it('takes the filters of the list, and answers 304', async () => {
    expect([...(await eventsOf('?kind=war')).keys()]).toEqual(['war-in-ukraine']);
    const { headers } = await get(app, '/v1/events.ics');
    expect((await get(app, '/v1/events.ics', { 'if-none-match': headers['etag'] as string })).status).toBe(
      304,
    );
    expect((await get(app, '/v1/events.ics?kind=')).status).toBe(400);
    expect((await get(app, '/v1/people.ics')).status).toBe(404);
  });

  it('is a calendar without events where nothing is found', async () => {
    const text = await textOf('?kind=wedding');
    expectFolded(text);
    expect(parsed(text).getAllSubcomponents()).toEqual([]);
  });
});

it('comes as these bytes', async () => {
  const { app } = await storeOf([
    dated('one', '2031-12-31', {
      name: 'Talks, over lunch; at \\ 12',
      status: 'scheduled',
      place: { name: 'Oslo', countryCode: 'NO', latitude: 59.9, longitude: 10.7, precision: 'city' },
    }),
  ]);
  expect(await textOf('', app)).toBe(
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Summit Facts//Summit Facts//EN',
      'NAME:Summit Facts: Events',
      'X-WR-CALNAME:Summit Facts: Events',
      'BEGIN:VEVENT',
      'UID:event-one@summit-facts',
      'SEQUENCE:0',
      'DTSTAMP:20310503T100000Z',
      'DTSTART;VALUE=DATE:20311231',
      'DTEND;VALUE=DATE:20320101',
      'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE',
      'X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT:TRUE',
      'SUMMARY:Talks\\, over lunch\\; at \\\\ 12',
      'TRANSP:TRANSPARENT',
      'LOCATION:Oslo',
      'GEO:59.9;10.7',
      'DESCRIPTION:"Meeting one takes"\\nMinisters meet in Riga (meetings-2031\\, c',
      ' haracters 0 to 17): name\\, kind\\, status\\, startDate\\, place\\n\\nDate: 31 D',
      ' ecember 2031\\nStatus as reported on 2 May 2031: scheduled',
      'CATEGORIES:meeting',
      'URL;VALUE=URI:https://facts.example/events/one',
      'STATUS:TENTATIVE',
      'LAST-MODIFIED:20310503T100000Z',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ].join('\r\n'),
  );
});

it('keeps a point on the equator and the last day there is', async () => {
  const store = await emptyStore();
  const place = { name: 'Null Island', countryCode: 'GH', latitude: 0, longitude: 0, precision: 'site' };
  const dates = { startDate: '9999-12-31', datePrecision: 'day' };
  await importInto(store, dossierOfEvents([{ id: 'zero', place, ...dates }]));
  const { body } = await get(await appOn(store), '/v1/events.ics');
  expect(body).toContain('\r\nGEO:0.000001;0.000001\r\n');
  expect(body).toContain('\r\nDTEND;VALUE=DATE:99991231\r\n');
});

it('folds long text between characters, of however many octets', async () => {
  const source = `Meeting ${'Ābeļu dārzā 🗳️ žņģķ 会議 '.repeat(60)}takes place`;
  const fact = {
    type: 'event',
    ...dated('long', '2031-05-01'),
    name: source.slice(0, 400).trim(),
    kind: 'meeting',
    status: 'held',
    evidence: [{ quote: source, supports: ['name', 'kind', 'status', 'startDate'] }],
  };
  const store = await emptyStore();
  await importInto(store, dossierOf({ source: `${source}.`, facts: [fact] }));
  const text = await textOf('', await appOn(store));
  const lines = expectFolded(text);
  expect(lines.length).toBeGreaterThan(40);
  const [event] = parsed(text).getAllSubcomponents('vevent');
  expect(value(event, 'summary')).toBe(fact.name);
  expect(value(event, 'description')).toContain(`"${source}"`);
});

it('escapes what would end a text or begin another property', async () => {
  const nasty = 'a, b; c\\n d\nBEGIN:VEVENT\r\nSUMMARY:x\u000b\u0007 e';
  const store = await emptyStore();
  const fact = {
    type: 'event',
    ...dated('nasty', '2031-05-01'),
    name: 'A: "name", with; all\\n of it',
    kind: 'meeting',
    status: 'held',
    evidence: [{ quote: nasty, supports: ['name', 'kind', 'status', 'startDate'] }],
  };
  await importInto(store, dossierOf({ source: nasty, facts: [fact] }));
  const text = await textOf('', await appOn(store));
  expectFolded(text);
  const [event, ...more] = parsed(text).getAllSubcomponents('vevent');
  expect(more).toEqual([]);
  expect(value(event, 'summary')).toBe(fact.name);
  expect(value(event, 'description')).toContain('"a, b; c\\n d\nBEGIN:VEVENT\nSUMMARY:x   e"');
});

it('knows how sure an event is', async () => {
  const statuses = ['scheduled', 'ongoing', 'held', 'postponed', 'cancelled'];
  const { app } = await storeOf(statuses.map((status) => dated(status, '2031-05-01', { status })));
  const events = await eventsOf('', app);
  expect(Object.fromEntries([...events].map(([id, event]) => [id, value(event, 'status')]))).toEqual({
    scheduled: 'TENTATIVE',
    ongoing: 'CONFIRMED',
    held: 'CONFIRMED',
    postponed: 'CONFIRMED',
    cancelled: 'CANCELLED',
  });
});

it('covers the whole month or year of which no day is known, and leaves out what has no date', async () => {
  const { app } = await storeOf([
    dated('month', '2032-02-10', { datePrecision: 'month' }),
    dated('months', '2031-11-01', { endDate: '2032-01-01', datePrecision: 'month' }),
    dated('year', '2031-06-01', { datePrecision: 'year' }),
    { id: 'ended', endDate: '2031-03-01', datePrecision: 'day' },
    { id: 'undated' },
  ]);
  const events = await eventsOf('', app);
  expect(Object.fromEntries([...events].map(([id, event]) => [id, daysOf(event)]))).toEqual({
    month: ['2032-02-01', '2032-03-01'],
    months: ['2031-11-01', '2032-02-01'],
    year: ['2031-01-01', '2032-01-01'],
    ended: ['2031-03-01', '2031-03-02'],
  });
  const told = (id: string) => /Date: .*/.exec(value(events.get(id), 'description'))?.[0];
  expect(['month', 'months', 'year', 'ended'].map(told)).toEqual([
    'Date: February 2032 (the month is all that is known)',
    'Date: November 2031 to January 2032 (the month is all that is known)',
    'Date: 2031 (the year is all that is known)',
    'Date: until 1 March 2031, since when is not said',
  ]);
});

describe('an event that changes', () => {
  /** The same meeting, as it is told from one import to the next. */
  const told = (id: string, own: object, more: object = {}) =>
    dossierOf({
      id: 'talks',
      source: 'The talks take place.',
      facts: [
        {
          type: 'event',
          id,
          name: 'The talks',
          kind: 'meeting',
          status: 'scheduled',
          ...own,
          datePrecision: 'day',
          evidence: [{ quote: 'The talks take place', supports: ['name', 'kind', 'status', 'startDate'] }],
        },
      ],
      ...more,
    });

  it('keeps its UID, and is newer each time, whatever it is called and wherever it is asked for', async () => {
    const store = await emptyStore();
    const one = await appOn(store, { publicUrl: 'https://one.example' });
    const two = await appOn(store, { publicUrl: 'https://two.example' });
    const state = async (query = '', on = one) => {
      const [event, ...more] = parsed(await textOf(query, on)).getAllSubcomponents('vevent');
      expect(more).toEqual([]);
      return ['uid', 'sequence', 'dtstart', 'dtstamp', 'last-modified', 'url'].map((name) =>
        value(event, name),
      );
    };
    const UID = 'event-talks-may@summit-facts';
    const first = [UID, '0', '2031-05-10', '2031-05-03T10:00:00Z', '2031-05-03T10:00:00Z'];
    const second = [UID, '1', '2031-06-10', '2031-05-03T10:00:01Z', '2031-05-03T10:00:01Z'];
    const third = [UID, '2', '2031-06-10', '2031-05-03T10:00:02Z', '2031-05-03T10:00:02Z'];

    await importInto(store, told('talks-may', { startDate: '2031-05-10' }), { now: AT(0) });
    expect(await state()).toEqual([...first, 'https://one.example/events/talks-may']);
    expect(await state('', two)).toEqual([...first, 'https://two.example/events/talks-may']);

    await importInto(store, told('talks-may', { startDate: '2031-06-10' }), { now: AT(1) });
    expect(await state()).toEqual([...second, 'https://one.example/events/talks-may']);

    const renames = [{ from: 'event/talks-may', to: 'talks-june' }];
    await importInto(store, told('talks-june', { startDate: '2031-06-10' }, { renames }), { now: AT(2) });
    expect(await state()).toEqual([...third, 'https://one.example/events/talks-june']);
    expect(await state('?asOf=1')).toEqual([...first, 'https://one.example/events/talks-may']);

    renames.push({ from: 'event/talks-june', to: 'talks' });
    await importInto(store, told('talks', { startDate: '2031-06-10' }, { renames }), { now: AT(3) });
    const [uid, sequence] = await state();
    expect([uid, sequence]).toEqual([UID, '3']);
  });

  it('is cancelled once it is withdrawn, for those who ask for what was', async () => {
    const store = await emptyStore();
    const app = await appOn(store);
    await importInto(store, told('talks', { startDate: '2031-05-10', status: 'held' }));
    const gone = dossierOf({
      id: 'talks',
      source: 'The talks take place.',
      uncovered: [{ quote: 'The talks take place', reason: 'They did not' }],
      retractions: [{ fact: 'event/talks', reason: 'There were none' }],
    });
    await importInto(store, gone);
    expect((await eventsOf('', app)).size).toBe(0);
    const event = (await eventsOf('?include=retracted', app)).get('talks');
    expect([value(event, 'status'), value(event, 'sequence')]).toEqual(['CANCELLED', '1']);
    expect(value(event, 'description')).toContain('Withdrawn: There were none\n');
  });

  it('gives the same bytes as long as nothing changes', async () => {
    expect(await textOf()).toBe(await textOf());
  });
});

it('spans more than one page, each event once', async () => {
  const ids = Array.from({ length: 1_001 }, (_, index) => `m${String(index).padStart(4, '0')}`);
  const { app } = await storeOf(ids.map((id) => (id === 'm0500' ? { id } : dated(id, '2031-05-01'))));
  const text = await textOf('', app);
  expectFolded(text);
  expect(text.match(/BEGIN:VCALENDAR|END:VCALENDAR|PRODID/g)).toHaveLength(3);
  const uids = parsed(text)
    .getAllSubcomponents('vevent')
    .map((event) => value(event, 'uid'));
  expect(uids).toEqual(ids.filter((id) => id !== 'm0500').map((id) => `event-${id}@summit-facts`));
});
