/** Content of the home page; home-geometry.test.ts tests its charts. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDossier } from '../../src/dossier/files.ts';
import { redactDocument } from '../../src/store/import/redact.ts';
import { createApp, createSeededApp, createStore, get, importInto, type Json } from '../support/app.ts';
import {
  buildDossier,
  buildEventDossier,
  type DossierInput,
  SAMPLE_DOSSIER_FOLDERS,
} from '../support/dossier-builder.ts';
import {
  fetchHomePage,
  fetchPage,
  findCspViolations,
  getAttributes,
  getTexts,
  type HtmlPage,
} from '../support/html-page.ts';
import { XSS_NAME, XSS_QUOTE, XSS_TITLE } from '../support/xss-fixtures.ts';

let app: FastifyInstance;
let page: HtmlPage;
beforeAll(async () => {
  app = await createSeededApp();
  page = await fetchPage(app, '/');
});

/** Rows of the timeline under a heading. */
const getTimelineRows = ({ root }: HtmlPage, title: string) =>
  root
    .querySelectorAll('.lanes')
    .filter((lanes) => lanes.querySelector('h3')?.text === title)
    .flatMap((lanes) => lanes.querySelectorAll('.lane'));

const parsePercent = (percent: string | undefined): number => Number((percent ?? '').replace('%', ''));

describe('home page of the first dossier', () => {
  it.each([
    ['events', 'timeline', 9],
    ['battle-group-deployments', 'deployments', 4],
    ['sanctions-rounds', 'sanctions', 5],
    ['stances', 'stances', 8],
  ])('links to each of the %s', async (collection, id, count) => {
    const { body } = await get(app, `/v1/${collection}`);
    const links = getAttributes(page, `#${id} a`, 'href');
    const pages = (body.data as Json[]).map(({ links }) => links.html as string);
    expect(pages.length).toBe(count);
    expect(pages.filter((html) => !links.includes(html))).toEqual([]);
    expect(getTexts(page, `.contents a[href="#${id}"] b`)).toEqual([String(count)]);
    expect(links.some((link) => link.startsWith(`/explore?collection=${collection}`))).toBe(true);
  });

  it('links to the source, with its inferred date and its coverage', async () => {
    const { body } = await get(app, '/v1/documents/brussels-2022-03-24/coverage');
    const [source] = getTexts(page, '#sources .first');
    expect(source).toContain('24 March 2022 inferred');
    expect(source).toContain(`Facts cover ${Math.floor(body.ratio * 100)}% of the text`);
    expect(getAttributes(page, '#sources .read', 'href')).toEqual(['/documents/brussels-2022-03-24']);
    expect(getAttributes(page, '#sources .share', 'width').map(parsePercent)[0]).toBeCloseTo(
      body.ratio * 100,
      1,
    );
  });

  it('separates planned events from past ones', () => {
    const groups = ['Held or under way', 'Scheduled', 'Postponed or cancelled'].map((title) =>
      getTimelineRows(page, title).map((row) =>
        row.querySelector('a')?.getAttribute('href')?.slice('/events/'.length),
      ),
    );
    expect(groups).toEqual([
      [
        'war-in-ukraine',
        'battle-groups-announcement-2022-03-23',
        'eu-summit-2022-03-24',
        'g7-summit-2022-03-24',
        'brussels-talks-2022-03-24',
        'nato-meeting-2022-03-24',
      ],
      // The second comes after the first, although its name sorts before it.
      ['zelensky-address-nato-2022-03-24', 'zelensky-address-eu-2022-03-24'],
      [],
    ]);
    for (const row of getTimelineRows(page, 'Scheduled')) {
      expect([row.classNames, row.querySelector('.status')?.text]).toEqual(['lane scheduled', 'scheduled']);
    }
  });

  it('lists events without a date, with their attribution', () => {
    const [undated] = getTexts(page, '.undated li');
    expect(undated).toContain('scheduled no date stated according to The White House: further sanctions');
    expect(getAttributes(page, '.undated .attribution a', 'href')).toEqual([
      '/statements/white-house-further-sanctions',
    ]);
  });

  it('says that no end is stated for an ongoing war', () => {
    const [war] = getTimelineRows(page, 'Held or under way');
    expect(war?.querySelector('.date')?.text).toContain('since 24 February 2022, no end stated');
    expect(war?.querySelectorAll('path.open').length).toBe(1);
    const [, announcement] = getTimelineRows(page, 'Held or under way');
    expect(announcement?.querySelectorAll('path.open').length).toBe(0);
  });

  it('marks inferred dates in words and by the edge', async () => {
    const { body } = await get(app, '/v1/events?inferred=startDate,endDate');
    const rows = page.root.querySelectorAll('.lane');
    const inferredRows = rows.filter((row) => row.querySelector('.inferred'));
    const inferredEdgeRows = rows.filter((row) => row.querySelector('.inferred-edge'));
    expect(inferredRows.length).toBe(body.data.length);
    expect(inferredEdgeRows).toEqual(inferredRows);
  });

  it('draws bars proportional to time', () => {
    const x = (id: string) => {
      const row = page.root
        .querySelectorAll('.lane')
        .find((each) => each.innerHTML.includes(`/events/${id}"`));
      const bar = row?.querySelector('rect.fill');
      return [parsePercent(bar?.getAttribute('x')), parsePercent(bar?.getAttribute('width'))] as const;
    };
    const [war, warWidth] = x('war-in-ukraine');
    const [announced, oneDay] = x('battle-groups-announcement-2022-03-23');
    const [summit, twoDays] = x('eu-summit-2022-03-24');
    expect((announced - war) / oneDay).toBeCloseTo(27, 0);
    expect(summit - announced).toBeCloseTo(oneDay, 1);
    expect(twoDays).toBeCloseTo(2 * oneDay, 1);
    // The war is known to last at least until the day of the report.
    expect(warWidth).toBeCloseTo(29 * oneDay, 0);
  });

  it('lists sanctions rounds from the highest, and shows which were adopted', () => {
    expect(getTexts(page, '.rounds h3')).toEqual(['European Union on Russia']);
    expect(getTexts(page, '.round .fact')).toEqual(['Round 5', 'Round 4', 'Round 3', 'Round 2', 'Round 1']);
    expect(getAttributes(page, '.round', 'class').slice(0, 2)).toEqual([
      'round under-discussion',
      'round adopted',
    ]);
    expect(getTexts(page, '.round .status').slice(0, 2)).toEqual(['under discussion', 'adopted']);
  });

  it('has a table of positions with headers', () => {
    const rows = page.root.querySelectorAll('.matrix tbody tr');
    const germany = rows.find((row) => row.querySelector('th[scope=row]')?.text === 'Germany');
    expect(germany?.text).toContain('seeks a pause with others to review the four rounds already adopted');
    expect(getTexts(page, '.matrix th[scope=col]').slice(0, 3)).toEqual([
      'Actor',
      'Round 5 of sanctions by European Union on Russia',
      'No-fly zone over Ukraine',
    ]);
    const ofTheEu = rows.find((row) => row.querySelector('th')?.text === 'European Union');
    expect(ofTheEu?.querySelectorAll('td').map(({ text }) => text.trim())).toEqual([
      'is divided',
      'no position in these sources',
      'supports',
    ]);
    expect(getAttributes(page, '#stances .scrollable', 'tabindex')).toEqual(['0']);
  });

  it('distinguishes quoted from reported words, and names the speakers', async () => {
    const { body } = await get(app, '/v1/statements?mode=direct,mixed');
    expect(getAttributes(page, '.quote blockquote', 'dir')).toEqual(body.data.map(() => 'auto'));
    const mixedQuote = page.root.querySelectorAll('.quote').find((card) => card.querySelector('.reported'));
    expect(mixedQuote?.querySelectorAll('q').map(({ text }) => text)).toEqual([
      'to make us afraid',
      'deter us from helping Ukraine further or making additional steps',
    ]);
    expect(mixedQuote?.querySelector('.speakers')?.text).toBe('Kaja Kallas');
    expect(mixedQuote?.innerHTML).toContain('/documents/brussels-2022-03-24?end=2380&amp;start=2256#passage');
  });

  it('says that there are no corrections, and links to the feed', () => {
    expect(getTexts(page, '#corrections .empty')[0]).toContain('No corrections so far');
    expect(getAttributes(page, '#corrections a', 'href')).toContain(
      '/v1/changes.atom?cause=correction,retraction',
    );
  });

  it('has a name for each section, and hides decorative graphics from screen readers', () => {
    for (const section of page.root.querySelectorAll('section')) {
      const name = section.getAttribute('aria-labelledby');
      expect(page.root.querySelector(`#${name}`)?.tagName).toBe('H2');
    }
    const named = page.root
      .querySelectorAll('main svg')
      .filter((svg) => svg.getAttribute('aria-hidden') !== 'true' && !svg.closest('[aria-hidden=true]'))
      // Nested elements.
      .filter((svg) => !svg.parentNode?.closest('svg'));
    expect(named.map((svg) => svg.getAttribute('role'))).toEqual(['group']);
    expect(getAttributes(page, 'a.map-point', 'aria-label')).toContain(
      'Romania: NATO battle group in Romania, announced, at the center of the country',
    );
  });
});

describe('home page of other stores', () => {
  it('links a quotation to the text that it is from, not to an earlier one that confirms it', async () => {
    const statement = {
      type: 'statement',
      id: 'agreed',
      mode: 'direct',
      topics: ['arms'],
      parts: [{ quote: 'We agreed on arms', role: 'content', quoted: true, supports: ['topics'] }],
    };
    const confirmed = { fact: 'statement/agreed', evidence: [{ quote: 'arms', supports: ['topics'] }] };
    const quotes = await fetchHomePage(
      buildDossier({ id: 'talk', source: '"We agreed on arms", she said.', facts: [statement] }),
      buildDossier({
        id: 'before',
        source: 'They talked about arms.',
        document: { publishedOn: '2031-05-01' },
        adds: [confirmed],
      }),
    );
    expect(getAttributes(quotes, '.quote .small a', 'href')[0]).toMatch(/^\/documents\/talk\?/);
  });

  it('says that nothing has been imported', async () => {
    const empty = await fetchPage(await createApp(await createStore()), '/');
    expect([empty.status, findCspViolations(empty)]).toEqual([200, []]);
    expect(getTexts(empty, 'main .empty')[0]).toContain('Nothing has been imported yet');
    expect(empty.root.querySelectorAll('section')).toEqual([]);
  });

  it('has a message in each empty section', async () => {
    const emptyPage = await fetchHomePage(
      buildDossier({ source: 'Nothing.', uncovered: [{ quote: 'Nothing.', reason: 'Nothing in it' }] }),
    );
    expect(getTexts(emptyPage, '.empty').length).toBe(6);
    expect(getTexts(emptyPage, '#deployments')[0]).toContain('No battle-group deployments in these sources');
    expect(getTexts(emptyPage, '.coverage')[0]).toContain('Facts cover 0% of the text');
  });

  it('shows corrections with before, after and reason, and filters everything by a document', async () => {
    const store = await createStore();
    for (const folder of SAMPLE_DOSSIER_FOLDERS) await importInto(store, readDossier(folder));
    const appBeforeImport = await createApp(store);
    const now = await fetchPage(appBeforeImport, '/');
    const [told] = getTexts(now, '.corrections li');
    expect(told).toContain('NATO battle group in Slovakia');
    expect(getTexts(now, '.corrections del')).toEqual(['before: 23 March 2022']);
    expect(getTexts(now, '.corrections ins')).toEqual(['now: 22 March 2022']);
    expect(told).toContain('The first report took “a day before the meeting” for a Wednesday');
    expect(getAttributes(now, '.source .read', 'href').length).toBe(3);
    expect(getAttributes(now, '.source-links a', 'href')).toContain('/?document=developing-2022-04-09');
    expect(getTexts(now, '.round .status')[0]).toBe('adopted');

    const pastPage = await fetchPage(appBeforeImport, '/?asOf=1');
    expect(getTexts(pastPage, '.round .status')[0]).toBe('under discussion');
    expect(getTexts(pastPage, '#corrections .empty').length).toBe(1);
    expect(getTexts(pastPage, '.as-of').length).toBe(1);

    const only = await fetchPage(appBeforeImport, '/?document=correcting-2022-03-26');
    expect(getTexts(only, '.filter-notice')[0]).toMatch(
      /Showing only facts from “We had it wrong” .*\. Show all sources/,
    );
    expect(getAttributes(only, '.deployment-list a', 'href')).toEqual([
      '/battle-group-deployments/nato-slovakia',
    ]);
    expect(only.root.querySelectorAll('.lane').length).toBe(0);
    expect(getAttributes(only, '#deployments .all-link a', 'href')).toEqual([
      '/explore?collection=battle-group-deployments&document=correcting-2022-03-26&sort=-announcedOn',
    ]);
    expect(getAttributes(only, '#corrections .all-link a', 'href')[0]).toContain(
      'document=correcting-2022-03-26',
    );
    for (const url of getAttributes(only, '.section .all-link a', 'href')) {
      expect([url, (await get(appBeforeImport, url)).status]).toEqual([url, 200]);
    }
  });

  it('says that a document was not found', async () => {
    const nowhere = await fetchPage(app, '/?document=nowhere');
    expect(nowhere.status).toBe(200);
    expect(getTexts(nowhere, '.filter-notice')[0]).toBe('Source nowhere not found. Show all sources');
  });

  it('works if a text was redacted', async () => {
    const store = await createStore();
    await importInto(store, readDossier(SAMPLE_DOSSIER_FOLDERS[0]));
    await redactDocument(store, 'brussels-2022-03-24', { author: 'a tester', reason: 'asked for' });
    const pageAfter = await fetchPage(await createApp(store), '/');
    expect(pageAfter.status).toBe(200);
    expect(getTexts(pageAfter, '.coverage')).toEqual(['The text was redacted.']);
  });

  it('draws the newest events and links to the others', async () => {
    const events = Array.from({ length: 70 }, (_, index) => ({
      id: `m-${index}`,
      startDate: new Date(Date.UTC(2031, 0, 1 + index)).toISOString().slice(0, 10),
      datePrecision: 'day',
    }));
    const crowdedPage = await fetchHomePage(buildEventDossier(events));
    const links = getAttributes(crowdedPage, '.lane a', 'href');
    expect([links.length, links[0], links.at(-1)]).toEqual([40, '/events/m-30', '/events/m-69']);
    expect(getTexts(crowdedPage, '#timeline')[0]).toContain(
      'Only the newest events are shown. See all events.',
    );
    expect(getTexts(crowdedPage, '.contents b')[0]).toBe('more than 60');
  });

  it('shows postponed and cancelled events as such', async () => {
    const put = await fetchHomePage(
      buildEventDossier([
        { id: 'a', status: 'cancelled', startDate: '2031-05-02', datePrecision: 'day' },
        { id: 'b', status: 'postponed', startDate: '2031-05-01', datePrecision: 'month' },
      ]),
    );
    const rows = getTimelineRows(put, 'Postponed or cancelled');
    expect(rows.map((row) => row.querySelector('.status')?.text)).toEqual(['postponed', 'cancelled']);
    expect(rows[0]?.querySelector('.date')?.text).toBe('May 2031');
    expect(getTexts(put, '.legend').join()).toContain('postponed or cancelled');
    expect(put.root.querySelectorAll('.inferred-edge').length).toBe(0);
  });

  it('escapes hostile texts', async () => {
    const hostile = await fetchHomePage(fetchXssHomePage());
    expect(findCspViolations(hostile)).toEqual([]);
    expect(hostile.root.querySelectorAll('img, [onmouseover], [onerror]')).toEqual([]);
    for (const href of getAttributes(hostile, 'a', 'href')) expect(href).toMatch(/^[/#]/);
    expect(getTexts(hostile, '#timeline')[0]).toContain('<b onmouseover=alert(4)>');
    expect(getTexts(hostile, '.deployment-list')[0]).toContain('<b onmouseover=alert(4)>');
    expect(getTexts(hostile, 'blockquote')[0]).toContain('<script>alert(1)</script>');
    expect(hostile.root.querySelectorAll('#timeline bdi').length).toBeGreaterThan(0);
  });
});

/** Dossier with a fact of each type on the page, all with names that try to inject markup. */
function fetchXssHomePage() {
  const long = 'long '.repeat(2_000).trim();
  const createEvidence = (...supports: string[]) => [{ quote: 'all is said', supports }];
  // Quotation marks inside would end the quotation.
  const words = XSS_QUOTE.replaceAll(/["']/g, '');
  const source = `${XSS_NAME} "${words}" and all is said of ${long}.`;
  const actor = 'organization/them';
  const facts = [
    {
      type: 'organization',
      id: 'them',
      name: XSS_NAME,
      kind: 'alliance',
      evidence: createEvidence('name', 'kind'),
    },
    {
      type: 'country',
      id: 'latvia',
      name: XSS_NAME,
      alpha2: 'LV',
      alpha3: 'LVA',
      evidence: createEvidence('name', 'alpha2', 'alpha3'),
    },
    {
      type: 'event',
      id: 'event',
      name: XSS_NAME,
      kind: 'meeting',
      status: 'held',
      startDate: '2031-05-02',
      datePrecision: 'day',
      evidence: createEvidence('name', 'kind', 'status', 'startDate'),
    },
    {
      type: 'event',
      id: 'endless',
      name: long,
      kind: 'meeting',
      status: 'held',
      evidence: createEvidence('name', 'kind', 'status'),
    },
    {
      type: 'battle-group-deployment',
      id: 'base',
      hostCountry: 'country/latvia',
      alliance: actor,
      status: 'deployed',
      location: { latitude: 56.9, longitude: 24.1, precision: 'city' },
      evidence: createEvidence('hostCountry', 'alliance', 'status', 'location'),
    },
    {
      type: 'sanctions-round',
      id: 'round',
      imposedBy: actor,
      target: 'country/latvia',
      status: 'lifted',
      evidence: createEvidence('imposedBy', 'target', 'status'),
    },
    {
      type: 'stance',
      id: 'stance',
      actor,
      subject: 'sanctions-round/round',
      position: 'divided',
      purpose: XSS_NAME,
      evidence: createEvidence('actor', 'subject', 'position', 'purpose'),
    },
    {
      type: 'statement',
      id: 'said',
      speakers: [actor],
      mode: 'direct',
      parts: [
        { quote: words, role: 'content', quoted: true },
        { quote: XSS_NAME, role: 'source' },
      ],
    },
  ];
  return buildDossier({ source, document: { title: XSS_TITLE }, facts } as DossierInput);
}
