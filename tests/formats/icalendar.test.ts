/** Calendars: exact bytes, and contents as parsed by ical.js. */
import type { FastifyInstance } from 'fastify';
import ICAL from 'ical.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp, createSeededApp, createStore, get, importInto, type Json } from '../support/app.ts';
import { buildDossier, buildEventDossier, type EventInput } from '../support/dossier-builder.ts';

const createClock = (second: number) => () => new Date(Date.UTC(2031, 4, 3, 10, 0, second));

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp({ publicUrl: 'https://facts.example' });
});

async function fetchCalendar(query = '', targetApp = app): Promise<string> {
  const { status, headers, body } = await get(targetApp, `/v1/events.ics${query}`);
  expect([status, headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8']);
  return body;
}

const parseCalendar = (text: string) => new ICAL.Component(ICAL.parse(text));

/** Fetches the events of a calendar by id, which is the last segment of their URL. */
async function fetchEvents(query = '', targetApp = app): Promise<Map<string, Json>> {
  const components = parseCalendar(await fetchCalendar(query, targetApp)).getAllSubcomponents('vevent');
  return new Map(
    components.map((component) => [
      String(component.getFirstPropertyValue('url')).split('/').at(-1) as string,
      component,
    ]),
  );
}

const getValue = (component: Json, name: string): string => String(component.getFirstPropertyValue(name));

/** Returns the first day, and the day after the last if the entry has one. */
const getDays = (component: Json): string[] => {
  const names = ['dtstart', 'dtend'].filter((name) => component.getFirstProperty(name) !== null);
  for (const name of names) {
    expect(component.getFirstPropertyValue(name).isDate, name).toBe(true);
    expect(component.getFirstProperty(name).toICALString()).toMatch(/^DT(START|END);VALUE=DATE:\d{8}$/);
  }
  return names.map((name) => getValue(component, name));
};

/** Returns the number of days that a calendar shows the entry on. */
const countDays = (component: Json): number => new ICAL.Event(component).duration.toSeconds() / 86_400;

/**
 * Checks that lines end in CRLF, have at most 75 octets, and break between characters (RFC 5545, section
 * 3.1).
 */
function expectFolded(text: string): string[] {
  expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 5545 forbids them in texts
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
  const lines = text.split('\r\n').slice(0, -1);
  for (const line of lines) {
    expect(Buffer.byteLength(line), line).toBeLessThanOrEqual(75);
    expect(Buffer.from(line).toString(), line).toBe(line);
    expect(line.isWellFormed(), line).toBe(true);
  }
  return lines;
}

async function createStoreWithEvents(events: EventInput[]) {
  const store = await createStore();
  await importInto(store, buildEventDossier(events), { now: createClock(0) });
  return { store, app: await createApp(store, { publicUrl: 'https://facts.example' }) };
}

const createDatedEvent = (id: string, startDate: string, fields: object = {}) => ({
  id,
  startDate,
  datePrecision: 'day',
  ...fields,
});

describe('the first dossier', () => {
  it('is a calendar with a name and the events that have a date', async () => {
    const text = await fetchCalendar();
    expectFolded(text);
    const calendar = parseCalendar(text);
    expect(getValue(calendar, 'version')).toBe('2.0');
    expect(getValue(calendar, 'prodid')).toBe('-//Summit Facts//Summit Facts//EN');
    // With a method, the media type would have to name it too, and every event would need an organizer.
    expect(calendar.getFirstProperty('method')).toBeNull();
    expect(getValue(calendar, 'x-wr-calname')).toBe('Summit Facts: Events');
    // Calendars that read no HTTP cache headers ask again as often as these say.
    expect(calendar.getFirstProperty('refresh-interval')?.toICALString()).toBe(
      'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
    );
    expect(getValue(calendar, 'x-published-ttl')).toBe('PT1H');
    const filtered = parseCalendar(await fetchCalendar('?kind=war'));
    expect(getValue(filtered, 'source')).toBe('https://facts.example/v1/events.ics?kind=war');
    expect(getValue(filtered, 'url')).toBe('https://facts.example/explore?collection=events');
    const { body } = await get(app, '/v1/events?limit=200');
    const withDate = body.data.filter(({ startDate }: Json) => startDate !== null);
    expect(withDate.length).toBe(body.data.length - 1);
    expect([...(await fetchEvents()).keys()]).toEqual(withDate.map(({ id }: Json) => id));
  });

  it('has all-day events that include the last day and do not block time', async () => {
    const events = await fetchEvents();
    expect(getDays(events.get('eu-summit-2022-03-24'))).toEqual(['2022-03-24', '2022-03-26']);
    const announcement = events.get('battle-groups-announcement-2022-03-23');
    expect([getDays(announcement), countDays(announcement)]).toEqual([['2022-03-23'], 1]);
    // The day of the report is no end: an entry without one is on the day of its start.
    const war = events.get('war-in-ukraine');
    expect([getDays(war), countDays(war)]).toEqual([['2022-02-24'], 1]);
    for (const event of events.values()) expect(getValue(event, 'transp')).toBe('TRANSPARENT');
  });

  it('has title, place, status and quotations', async () => {
    const events = await fetchEvents();
    const summit = events.get('eu-summit-2022-03-24');
    expect(getValue(summit, 'summary')).toBe("EU leaders' summit");
    expect(getValue(summit, 'location')).toBe('Brussels');
    expect(summit.getFirstPropertyValue('geo')).toEqual([50.83331708, 4.333316608]);
    expect(getValue(summit, 'url')).toBe('https://facts.example/events/eu-summit-2022-03-24');
    expect(getValue(summit, 'categories')).toBe('summit');
    expect(getValue(summit, 'status')).toBe('CONFIRMED');
    expect(getValue(summit, 'sequence')).toBe('0');
    const description = getValue(summit, 'description');
    for (const words of [
      '"The EU summit is also expected to decide on a solidarity fund"\n',
      '(brussels-2022-03-24, characters ',
      'Date: 24 March 2022 to 25 March 2022\n',
      'Status as reported on 24 March 2022: ongoing',
      'Inferred (startDate, endDate; derived): "Two-day", and Thursday 24 March 2022 is one of the two days',
    ]) {
      expect(description).toContain(words);
    }
    expect(getValue(events.get('zelensky-address-nato-2022-03-24'), 'status')).toBe('TENTATIVE');
    const war = events.get('war-in-ukraine');
    expect(getValue(war, 'description')).toContain(
      'Date: since 24 February 2022, still ongoing when reported on 24 March 2022\n',
    );
    // The center of a country would look like a place in it.
    expect([getValue(war, 'location'), war.getFirstPropertyValue('geo')]).toEqual(['Ukraine', null]);
  });

  it('has every quotation with its offsets', async () => {
    const events = await fetchEvents();
    const { body } = await get(app, '/v1/events?limit=200');
    for (const { id, evidence } of body.data) {
      for (const { exact, start, end } of events.has(id) ? evidence : []) {
        expect(getValue(events.get(id), 'description')).toMatch(
          new RegExp(`"${RegExp.escape(exact)}"\n.*characters ${start} to ${end}\\)`),
        );
      }
    }
  });

  it('takes the filters of the list, and responds with 304', async () => {
    expect([...(await fetchEvents('?kind=war')).keys()]).toEqual(['war-in-ukraine']);
    const { headers } = await get(app, '/v1/events.ics');
    expect((await get(app, '/v1/events.ics', { 'if-none-match': headers['etag'] as string })).status).toBe(
      304,
    );
    expect((await get(app, '/v1/events.ics?kind=')).status).toBe(400);
    expect((await get(app, '/v1/people.ics')).status).toBe(404);
  });

  it('is a calendar without events if no event matches', async () => {
    const text = await fetchCalendar('?kind=wedding');
    expectFolded(text);
    expect(parseCalendar(text).getAllSubcomponents()).toEqual([]);
  });
});

it('has exactly these bytes', async () => {
  const { app } = await createStoreWithEvents([
    createDatedEvent('one', '2031-12-31', {
      name: 'Talks, over lunch; at \\ 12',
      status: 'scheduled',
      place: { name: 'Oslo', countryCode: 'NO', latitude: 59.9, longitude: 10.7, precision: 'city' },
    }),
  ]);
  expect(await fetchCalendar('', app)).toBe(
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Summit Facts//Summit Facts//EN',
      'URL:https://facts.example/explore?collection=events',
      'SOURCE;VALUE=URI:https://facts.example/v1/events.ics',
      'NAME:Summit Facts: Events',
      'X-WR-CALNAME:Summit Facts: Events',
      'X-WR-CALDESC:Summits, meetings, addresses, announcements and wars',
      'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
      'X-PUBLISHED-TTL:PT1H',
      'BEGIN:VEVENT',
      'UID:event-one@summit-facts',
      'SEQUENCE:0',
      'DTSTAMP:20310503T100000Z',
      'DTSTART;VALUE=DATE:20311231',
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

it('supports coordinates of zero', async () => {
  const store = await createStore();
  const place = { name: 'Null Island', countryCode: 'GH', latitude: 0, longitude: 0, precision: 'site' };
  await importInto(store, buildEventDossier([createDatedEvent('zero', '2031-05-01', { place })]));
  const { body } = await get(await createApp(store), '/v1/events.ics');
  expect(body).toContain('\r\nGEO:0.000001;0.000001\r\n');
});

it('counts days at both ends of the calendar, in leap years and across months', async () => {
  const { app } = await createStoreWithEvents([
    createDatedEvent('last-day', '9999-12-31'),
    createDatedEvent('last-day-twice', '9999-12-31', { endDate: '9999-12-31' }),
    createDatedEvent('last-days', '9999-12-30', { endDate: '9999-12-31' }),
    createDatedEvent('last-but-one', '9999-12-29', { endDate: '9999-12-30' }),
    createDatedEvent('last-year', '9999-01-01', { endDate: '9999-12-31' }),
    createDatedEvent('first-day', '0001-01-01'),
    createDatedEvent('first-days', '0001-01-01', { endDate: '0001-01-02' }),
    createDatedEvent('leap', '2032-02-28', { endDate: '2032-02-29' }),
    createDatedEvent('no-leap', '2031-02-28', { endDate: '2031-03-01' }),
    createDatedEvent('century', '1900-02-28', { endDate: '1900-03-01' }),
    createDatedEvent('new-year', '2031-12-31', { endDate: '2032-01-01' }),
  ]);
  const text = await fetchCalendar('', app);
  expectFolded(text);
  for (const [, start, end] of text.matchAll(/DTSTART;VALUE=DATE:(\d+)\r\nDTEND;VALUE=DATE:(\d+)/g))
    expect(Number(end)).toBeGreaterThan(Number(start));
  expect(text).toContain('\r\nDTSTART;VALUE=DATE:00010101\r\n');
  const events = await fetchEvents('', app);
  expect(
    Object.fromEntries([...events].map(([id, event]) => [id, [...getDays(event), countDays(event)]])),
  ).toEqual({
    'last-day': ['9999-12-31', 1],
    'last-day-twice': ['9999-12-31', 1],
    'last-days': ['9999-12-30', 2],
    'last-but-one': ['9999-12-29', '9999-12-31', 2],
    'last-year': ['9999-01-01', 365],
    // ical.js writes the year without zeros.
    'first-day': ['1-01-01', 1],
    'first-days': ['1-01-01', '1-01-03', 2],
    leap: ['2032-02-28', '2032-03-01', 2],
    'no-leap': ['2031-02-28', '2031-03-02', 2],
    century: ['1900-02-28', '1900-03-02', 2],
    'new-year': ['2031-12-31', '2032-01-02', 2],
  });
});

it('folds long text between characters of any number of octets', async () => {
  const source = `Meeting ${'Ābeļu dārzā 🗳️ žņģķ 会議 '.repeat(60)}takes place`;
  const fact = {
    type: 'event',
    ...createDatedEvent('long', '2031-05-01'),
    name: source.slice(0, 400).trim(),
    kind: 'meeting',
    status: 'held',
    evidence: [{ quote: source, supports: ['name', 'kind', 'status', 'startDate'] }],
  };
  const store = await createStore();
  await importInto(store, buildDossier({ source: `${source}.`, facts: [fact] }));
  const text = await fetchCalendar('', await createApp(store));
  const lines = expectFolded(text);
  expect(lines.length).toBeGreaterThan(40);
  const [event] = parseCalendar(text).getAllSubcomponents('vevent');
  expect(getValue(event, 'summary')).toBe(fact.name);
  expect(getValue(event, 'description')).toContain(`"${source}"`);
});

it('escapes characters that would end a text or begin another property', async () => {
  const nasty = 'a, b; c\\n d\nBEGIN:VEVENT\r\nSUMMARY:x\u000b\u0007 e';
  const store = await createStore();
  const fact = {
    type: 'event',
    ...createDatedEvent('nasty', '2031-05-01'),
    name: 'A: "name", with; all\\n of it',
    kind: 'meeting',
    status: 'held',
    evidence: [{ quote: nasty, supports: ['name', 'kind', 'status', 'startDate'] }],
  };
  await importInto(store, buildDossier({ source: nasty, facts: [fact] }));
  const text = await fetchCalendar('', await createApp(store));
  expectFolded(text);
  const [event, ...more] = parseCalendar(text).getAllSubcomponents('vevent');
  expect(more).toEqual([]);
  expect(getValue(event, 'summary')).toBe(fact.name);
  expect(getValue(event, 'description')).toContain('"a, b; c\\n d\nBEGIN:VEVENT\nSUMMARY:x   e"');
});

it('maps the status of an event', async () => {
  const statuses = ['scheduled', 'ongoing', 'held', 'postponed', 'cancelled'];
  const { app } = await createStoreWithEvents(
    statuses.map((status) => createDatedEvent(status, '2031-05-01', { status })),
  );
  const events = await fetchEvents('', app);
  expect(Object.fromEntries([...events].map(([id, event]) => [id, getValue(event, 'status')]))).toEqual({
    scheduled: 'TENTATIVE',
    ongoing: 'CONFIRMED',
    held: 'CONFIRMED',
    postponed: 'TENTATIVE',
    cancelled: 'CANCELLED',
  });
});

it('has no entry for a month, a year or no date, and only stated ends', async () => {
  const { app } = await createStoreWithEvents([
    createDatedEvent('month', '2032-02-10', { datePrecision: 'month' }),
    createDatedEvent('months', '2031-11-01', { endDate: '2032-01-01', datePrecision: 'month' }),
    createDatedEvent('year', '2031-06-01', { datePrecision: 'year' }),
    createDatedEvent('ongoing-month', '2031-02-10', { status: 'ongoing', datePrecision: 'month' }),
    { id: 'ended', endDate: '2031-03-01', datePrecision: 'day' },
    createDatedEvent('ongoing', '2031-03-01', { status: 'ongoing' }),
    createDatedEvent('ongoing-since-report', '2031-05-02', { status: 'ongoing' }),
    createDatedEvent('ongoing-later', '2031-06-01', { status: 'ongoing' }),
    createDatedEvent('ongoing-until', '2031-03-01', { status: 'ongoing', endDate: '2031-03-09' }),
    { id: 'undated' },
  ]);
  const events = await fetchEvents('', app);
  const findDateLine = (event: Json) => /Date: .*/.exec(getValue(event, 'description'))?.[0];
  expect(
    Object.fromEntries([...events].map(([id, event]) => [id, [...getDays(event), findDateLine(event)]])),
  ).toEqual({
    ended: ['2031-03-01', 'Date: until 1 March 2031, start not stated'],
    ongoing: ['2031-03-01', 'Date: since 1 March 2031, still ongoing when reported on 2 May 2031'],
    'ongoing-since-report': ['2031-05-02', 'Date: since 2 May 2031, end not stated'],
    'ongoing-later': ['2031-06-01', 'Date: since 1 June 2031, end not stated'],
    'ongoing-until': ['2031-03-01', '2031-03-10', 'Date: 1 March 2031 to 9 March 2031'],
  });
});

describe('an event that changes', () => {
  /** Builds the dossier of one meeting in a given state. */
  const buildState = (id: string, ownFields: object, fields: object = {}) =>
    buildDossier({
      id: 'talks',
      source: 'The talks take place.',
      facts: [
        {
          type: 'event',
          id,
          name: 'The talks',
          kind: 'meeting',
          status: 'scheduled',
          ...ownFields,
          datePrecision: 'day',
          evidence: [{ quote: 'The talks take place', supports: ['name', 'kind', 'status', 'startDate'] }],
        },
      ],
      ...fields,
    });

  it('keeps its UID and counts its versions, with any id and at any public URL', async () => {
    const store = await createStore();
    const one = await createApp(store, { publicUrl: 'https://one.example' });
    const two = await createApp(store, { publicUrl: 'https://two.example' });
    const state = async (query = '', targetApp = one) => {
      const [event, ...more] = parseCalendar(await fetchCalendar(query, targetApp)).getAllSubcomponents(
        'vevent',
      );
      expect(more).toEqual([]);
      return ['uid', 'sequence', 'dtstart', 'dtstamp', 'last-modified', 'url'].map((name) =>
        getValue(event, name),
      );
    };
    const UID = 'event-talks-may@summit-facts';
    const first = [UID, '0', '2031-05-10', '2031-05-03T10:00:00Z', '2031-05-03T10:00:00Z'];
    const second = [UID, '1', '2031-06-10', '2031-05-03T10:00:01Z', '2031-05-03T10:00:01Z'];
    const third = [UID, '2', '2031-06-10', '2031-05-03T10:00:02Z', '2031-05-03T10:00:02Z'];

    await importInto(store, buildState('talks-may', { startDate: '2031-05-10' }), { now: createClock(0) });
    expect(await state()).toEqual([...first, 'https://one.example/events/talks-may']);
    expect(await state('', two)).toEqual([...first, 'https://two.example/events/talks-may']);

    await importInto(store, buildState('talks-may', { startDate: '2031-06-10' }), { now: createClock(1) });
    expect(await state()).toEqual([...second, 'https://one.example/events/talks-may']);

    const renames = [{ from: 'event/talks-may', to: 'talks-june' }];
    await importInto(store, buildState('talks-june', { startDate: '2031-06-10' }, { renames }), {
      now: createClock(2),
    });
    expect(await state()).toEqual([...third, 'https://one.example/events/talks-june']);
    expect(await state('?asOf=1')).toEqual([...first, 'https://one.example/events/talks-may']);

    renames.push({ from: 'event/talks-june', to: 'talks' });
    await importInto(store, buildState('talks', { startDate: '2031-06-10' }, { renames }), {
      now: createClock(3),
    });
    const [uid, sequence] = await state();
    expect([uid, sequence]).toEqual([UID, '3']);
  });

  it('is CANCELLED after a retraction, with include=retracted', async () => {
    const store = await createStore();
    const app = await createApp(store);
    await importInto(store, buildState('talks', { startDate: '2031-05-10', status: 'held' }));
    const goneDossier = buildDossier({
      id: 'talks',
      source: 'The talks take place.',
      uncovered: [{ quote: 'The talks take place', reason: 'They did not' }],
      retractions: [{ fact: 'event/talks', reason: 'There were none' }],
    });
    await importInto(store, goneDossier);
    expect((await fetchEvents('', app)).size).toBe(0);
    const event = (await fetchEvents('?include=retracted', app)).get('talks');
    expect([getValue(event, 'status'), getValue(event, 'sequence')]).toEqual(['CANCELLED', '1']);
    expect(getValue(event, 'description')).toContain('Retracted: There were none\n');
  });

  it('has the same bytes if nothing has changed', async () => {
    expect(await fetchCalendar()).toBe(await fetchCalendar());
  });
});

it('has each event once across several pages', async () => {
  const ids = Array.from({ length: 1_001 }, (_, index) => `m${String(index).padStart(4, '0')}`);
  const { app } = await createStoreWithEvents(
    ids.map((id) => (id === 'm0500' ? { id } : createDatedEvent(id, '2031-05-01'))),
  );
  const text = await fetchCalendar('', app);
  expectFolded(text);
  expect(text.match(/BEGIN:VCALENDAR|END:VCALENDAR|PRODID/g)).toHaveLength(3);
  const uids = parseCalendar(text)
    .getAllSubcomponents('vevent')
    .map((event) => getValue(event, 'uid'));
  expect(uids).toEqual(ids.filter((id) => id !== 'm0500').map((id) => `event-${id}@summit-facts`));
});
