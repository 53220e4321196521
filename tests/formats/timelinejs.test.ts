/** Timelines, parsed by TimelineJS itself. */
import { csvParse } from 'd3-dsv';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp, createSeededApp, createStore, get, importInto, type Json } from '../support/app.ts';
import { buildDossier, buildEventDossier, type EventInput } from '../support/dossier-builder.ts';

/*
 * TimelineJS runs in a browser. The mocks provide the minimum: a `fetch` that requests the app; an `ajax`
 * with the same `fetch` in place of Zepto, which needs a document; and functions that return HTML unchanged,
 * so that the tests see it as sent, in place of the ones that sanitize or strip it, which need a document
 * too.
 */
vi.mock('dompurify', () => ({ default: { addHook: () => {}, sanitize: (html: string) => html } }));
vi.mock('@knight-lab/timelinejs/src/js/net/Net.js', () => ({
  ajax: ({ url, success, error }: { url: string; success(data: Json): void; error(...why: Json[]): void }) =>
    window
      .fetch(url)
      .then((response) => response.json())
      .then(success, (reason) => error({}, reason)),
}));
declare const window: { fetch(url: string): Promise<Response> };

let app: FastifyInstance;
let targetApp: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp({ publicUrl: 'https://facts.example' });
  vi.stubGlobal('window', {
    async fetch(url: string) {
      const {
        body,
        statusCode: status,
        headers,
      } = await targetApp.inject({ url: url.replace('https://facts.example', '') });
      return new Response(body, { status, headers: { 'content-type': String(headers['content-type']) } });
    },
  });
  vi.stubGlobal(
    'DOMParser',
    class {
      parseFromString = (textContent: string) => ({ body: { textContent } });
    },
  );
  vi.spyOn(console, 'log').mockImplementation(() => {});
});
afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Loads a timeline with TimelineJS. */
async function loadTimeline(form: 'csv' | 'json', query = '', sourceApp = app): Promise<Json> {
  targetApp = sourceApp;
  // @ts-expect-error The package has no types.
  const { makeConfig } = await import('@knight-lab/timelinejs/src/js/core/ConfigFactory.js');
  const config: Json = await new Promise((resolve) =>
    makeConfig(`https://facts.example/v1/events.timeline.${form}${query}`, resolve),
  );
  config.validate();
  return config;
}

/** Returns the date of a slide as parsed by TimelineJS; unknown parts are null. */
const getDateParts = (date: Json): (number | null)[] | undefined =>
  date && ['year', 'month', 'day'].map((part) => (date.data[part] ? Number(date.data[part]) : null));

const getSlides = (config: Json): Record<string, Json> =>
  Object.fromEntries(config.events.map((slide: Json) => [slide.text.headline, slide]));

async function createAppWithEvents(events: EventInput[]) {
  const store = await createStore();
  await importInto(store, buildEventDossier(events));
  return createApp(store, { publicUrl: 'https://facts.example' });
}

describe.each(['csv', 'json'] as const)('the first dossier, as %s', (form) => {
  it('is read without errors or warnings, with every event that has a date', async () => {
    const config = await loadTimeline(form);
    expect(config.messages).toEqual({ errors: [], warnings: [] });
    const { body } = await get(app, '/v1/events?limit=200');
    const withDate = body.data.filter(({ startDate }: Json) => startDate !== null);
    expect(withDate.length).toBe(body.data.length - 1);
    const labels = withDate.map(({ label }: Json) => label.replaceAll("'", '&#39;'));
    expect(Object.keys(getSlides(config)).sort()).toEqual(labels.sort());
    expect(new Set(config.events.map(({ group }: Json) => group))).toEqual(
      new Set(withDate.map(({ kind }: Json) => kind)),
    );
  });

  it('has the right days', async () => {
    const slides = getSlides(await loadTimeline(form));
    const summit = slides['EU leaders&#39; summit'];
    expect([getDateParts(summit.start_date), getDateParts(summit.end_date)]).toEqual([
      [2022, 3, 24],
      [2022, 3, 25],
    ]);
    expect(summit.start_date.data.date_obj).toEqual(new Date(2022, 2, 24));
    const announcement = slides['Announcement of four new battle groups'];
    expect(getDateParts(announcement.start_date)).toEqual([2022, 3, 23]);
    expect([announcement.end_date, announcement.display_date || undefined]).toEqual([undefined, undefined]);
    const war = slides['Russia&#39;s war in Ukraine'];
    // The day of the report is no end.
    expect([getDateParts(war.start_date), getDateParts(war.end_date)]).toEqual([[2022, 2, 24], undefined]);
    expect(war.display_date).toBe('since 24 February 2022, still ongoing when reported on 24 March 2022');
  });

  it('has quotations with offsets, and a link to the fact', async () => {
    const slides = getSlides(await loadTimeline(form));
    const { body } = await get(app, '/v1/events?limit=200');
    for (const { label, startDate, evidence, links } of body.data) {
      if (startDate === null) continue;
      const { text } = slides[label.replaceAll("'", '&#39;')].text;
      for (const { exact, start, end } of evidence) {
        expect(text).toContain(
          `<blockquote>${exact.replaceAll("'", '&#39;')}</blockquote>` +
            `<p><cite>Biden joins NATO, EU leaders in show of unity against Russia</cite>, characters ${start} to ${end}</p>`,
        );
      }
      expect(text).toContain(`<a href="${links.html}">`);
    }
    expect(slides['Address by Volodymyr Zelensky to NATO leaders'].text.text).toContain(
      '<p>Status as reported on 24 March 2022: scheduled</p>',
    );
  });

  it('takes the filters of the list', async () => {
    expect(Object.keys(getSlides(await loadTimeline(form, '?kind=war')))).toEqual([
      'Russia&#39;s war in Ukraine',
    ]);
    expect((await get(app, `/v1/people.timeline.${form}`)).status).toBe(404);
  });

  it('has only the known parts of a date', async () => {
    const config = await loadTimeline(
      form,
      '',
      await createAppWithEvents([
        { id: 'month', startDate: '2032-02-10', datePrecision: 'month' },
        { id: 'months', startDate: '2031-11-01', endDate: '2032-01-01', datePrecision: 'month' },
        { id: 'year', startDate: '2031-06-01', datePrecision: 'year' },
        { id: 'ended', endDate: '2031-03-01', datePrecision: 'day' },
        { id: 'undated' },
      ]),
    );
    expect(config.messages.errors).toEqual([]);
    const slides = getSlides(config);
    const dates = Object.entries(slides).map(([name, { start_date, end_date, display_date }]) => [
      name,
      getDateParts(start_date),
      getDateParts(end_date),
      display_date || undefined,
    ]);
    expect(dates.sort()).toEqual([
      ['Meeting ended', [2031, 3, 1], undefined, 'until 1 March 2031, start not stated'],
      ['Meeting month', [2032, 2, null], undefined, undefined],
      ['Meeting months', [2031, 11, null], [2032, 1, null], undefined],
      ['Meeting year', [2031, null, null], undefined, undefined],
    ]);
    // TimelineJS shows only the month, without the first day of it.
    expect(slides['Meeting month'].start_date.data.format).toBe('month');
    expect(slides['Meeting year'].start_date.data.format).toBe('year');
  });

  it('escapes HTML in texts', async () => {
    const name = `<img src=x onerror="alert('1')"> & <b>co</b>`;
    const quote = '</blockquote><script>alert(2)</script> & "so"\non, too';
    const title = '<i>Title</i>';
    const store = await createStore();
    const fact = {
      type: 'event',
      id: 'nasty',
      name,
      kind: 'meeting',
      status: 'held',
      startDate: '2031-05-01',
      datePrecision: 'day',
      evidence: [{ quote, supports: ['name', 'kind', 'status', 'startDate'] }],
    };
    await importInto(store, buildDossier({ source: quote, document: { title }, facts: [fact] }));
    const { events } = await loadTimeline(form, '', await createApp(store));
    const { headline, text } = events[0].text;
    expect(headline).toBe(
      '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; &lt;b&gt;co&lt;/b&gt;',
    );
    const tags = [...text.matchAll(/<(\w+)/g)].map(([, tag]) => tag);
    expect(tags).toEqual(['blockquote', 'p', 'cite', 'p', 'p', 'p', 'a']);
    expect(text).toContain(
      '<blockquote>&lt;/blockquote&gt;&lt;script&gt;alert(2)&lt;/script&gt; &amp; &quot;so&quot;\non, too</blockquote>' +
        '<p><cite>&lt;i&gt;Title&lt;/i&gt;</cite>, characters 0 to 53</p>',
    );
  });
});

describe('the table', () => {
  const COLUMNS =
    'Year,Month,Day,Time,End Year,End Month,End Day,End Time,Display Date,Headline,Text,Media,Media Credit,' +
    'Media Caption,Media Thumbnail,Alt Text,Type,Group,Background';

  it('has exactly these bytes', async () => {
    const app = await createAppWithEvents([{ id: 'one', startDate: '2031-05-01', datePrecision: 'month' }]);
    const { body, headers } = await get(app, '/v1/events.timeline.csv');
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    expect(body).toBe(
      `${COLUMNS}\r\n` +
        '2031,5,,,,,,,,Meeting one,"<blockquote>Meeting one takes</blockquote><p><cite>Ministers meet in Riga</cite>, ' +
        'characters 0 to 17</p><p>Date: May 2031 (only the month is known)</p><p>Status as reported on 2 May 2031: ' +
        'held</p><p><a href=""https://facts.example/events/one"">Details, evidence and inferences</a></p>"' +
        ',,,,,,,meeting,\r\n',
    );
  });

  it('supports escapeFormulas and bom like the other tables', async () => {
    const app = await createAppWithEvents([
      { id: 'one', name: '=1+1', startDate: '2031-05-01', datePrecision: 'day' },
    ]);
    const headline = async (query: string) =>
      csvParse((await get(app, `/v1/events.timeline.csv${query}`)).body)[0]?.['Headline'];
    expect(await headline('')).toBe("'=1+1");
    expect(await headline('?escapeFormulas=false')).toBe('=1+1');
    const { body } = await get(app, '/v1/events.timeline.csv?bom=1');
    expect(body.startsWith('\ufeffYear,')).toBe(true);
    expect((await loadTimeline('csv', '?bom=1', app)).events).toHaveLength(1);
  });
});

describe('the JSON', () => {
  it('has slides with dates, text, group and id', async () => {
    const app = await createAppWithEvents([
      { id: 'one', startDate: '2031-05-01', endDate: '2031-05-02', datePrecision: 'day' },
    ]);
    const { body, headers } = await get(app, '/v1/events.timeline.json');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(body).toEqual({
      events: [
        {
          start_date: { year: 2031, month: 5, day: 1 },
          end_date: { year: 2031, month: 5, day: 2 },
          text: {
            headline: 'Meeting one',
            text: expect.stringContaining('<blockquote>Meeting one takes</blockquote>'),
          },
          group: 'meeting',
          unique_id: 'one',
        },
      ],
    });
    expect((await get(app, '/v1/events.timeline.json?kind=war')).body).toEqual({ events: [] });
  });

  it('includes all facts across several pages', async () => {
    const ids = Array.from({ length: 501 }, (_, index) => `m${String(index).padStart(4, '0')}`);
    const app = await createAppWithEvents(
      ids.map((id) => ({ id, startDate: '2031-05-01', datePrecision: 'day' })),
    );
    const { body } = await get(app, '/v1/events.timeline.json');
    expect(body.events.map(({ unique_id }: Json) => unique_id)).toEqual(ids);
    const rows = csvParse((await get(app, '/v1/events.timeline.csv')).body);
    expect(rows.map((row) => row['Headline'])).toEqual(ids.map((id) => `Meeting ${id}`));
  });

  it('marks a retracted fact', async () => {
    const store = await createStore();
    await importInto(
      store,
      buildEventDossier([{ id: 'one', startDate: '2031-05-01', datePrecision: 'day' }], 'talks'),
    );
    const goneDossier = buildDossier({
      id: 'talks',
      source: 'Meeting one takes place.',
      uncovered: [{ quote: 'Meeting one takes place', reason: 'It does not' }],
      retractions: [{ fact: 'event/one', reason: 'There was none' }],
    });
    await importInto(store, goneDossier);
    const app = await createApp(store);
    expect((await get(app, '/v1/events.timeline.json')).body.events).toEqual([]);
    const { body } = await get(app, '/v1/events.timeline.json?include=retracted');
    expect(body.events[0].text.text).toContain('<p>Retracted: There was none</p>');
  });
});
