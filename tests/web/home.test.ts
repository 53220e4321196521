/** The front page: that all there is stands on it. Where what is drawn lies is told in front-geometry.test.ts. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDossier } from '../../src/dossier/files.ts';
import { redactDocument } from '../../src/store/import/redact.ts';
import { appOn, emptyStore, get, importInto, type Json, seededApp } from '../support/app.ts';
import {
  dossierOf,
  dossierOfEvents,
  type InventedDossier,
  SHARED_DOSSIERS,
} from '../support/dossier-builder.ts';
import { attributesAt, forbiddenIn, frontOf, pageAt, type SentPage, textsAt } from '../support/html-page.ts';
import { HOSTILE_NAME, HOSTILE_TITLE, HOSTILE_WORDS } from '../support/xss-fixtures.ts';

let app: FastifyInstance;
let page: SentPage;
beforeAll(async () => {
  app = await seededApp();
  page = await pageAt(app, '/');
});

/** The rows of the timeline, by the heading that they stand under. */
const rowsUnder = ({ root }: SentPage, title: string) =>
  root
    .querySelectorAll('.lanes')
    .filter((lanes) => lanes.querySelector('h3')?.text === title)
    .flatMap((lanes) => lanes.querySelectorAll('.lane'));

const number = (percent: string | undefined): number => Number((percent ?? '').replace('%', ''));

describe('the front page of the first report', () => {
  it.each([
    ['events', 'timeline', 9],
    ['battle-group-deployments', 'deployments', 4],
    ['sanctions-rounds', 'sanctions', 5],
    ['stances', 'stances', 8],
  ])('leads to each of %s', async (collection, id, count) => {
    const { body } = await get(app, `/v1/${collection}`);
    const links = attributesAt(page, `#${id} a`, 'href');
    const pages = (body.data as Json[]).map(({ links }) => links.html as string);
    expect(pages.length).toBe(count);
    expect(pages.filter((html) => !links.includes(html))).toEqual([]);
    expect(textsAt(page, `.contents a[href="#${id}"] b`)).toEqual([String(count)]);
    expect(links.some((link) => link.startsWith(`/explore?collection=${collection}`))).toBe(true);
  });

  it('leads into its text, and says that its day is inferred and how much of it is carried', async () => {
    const { body } = await get(app, '/v1/documents/brussels-2022-03-24/coverage');
    const [source] = textsAt(page, '#sources .first');
    expect(source).toContain('24 March 2022 inferred');
    expect(source).toContain(`${Math.floor(body.ratio * 100)}% of its text`);
    expect(attributesAt(page, '#sources .read', 'href')).toEqual(['/documents/brussels-2022-03-24']);
    expect(attributesAt(page, '#sources .share', 'width').map(number)[0]).toBeCloseTo(body.ratio * 100, 1);
  });

  it('keeps what is only planned apart from what was held', () => {
    const groups = ['Held or under way', 'Scheduled', 'Postponed or cancelled'].map((title) =>
      rowsUnder(page, title).map((row) =>
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
      // The second comes after the first, and its name before it.
      ['zelensky-address-nato-2022-03-24', 'zelensky-address-eu-2022-03-24'],
      [],
    ]);
    for (const row of rowsUnder(page, 'Scheduled')) {
      expect([row.classNames, row.querySelector('.status')?.text]).toEqual(['lane scheduled', 'scheduled']);
    }
  });

  it('tells of an event without a day in words, and who alone vouches for it', () => {
    const [undated] = textsAt(page, '.undated li');
    expect(undated).toContain('scheduled no date stated according to The White House: further sanctions');
    expect(attributesAt(page, '.undated .said a', 'href')).toEqual([
      '/statements/white-house-further-sanctions',
    ]);
  });

  it('says of a war without an end that none is stated', () => {
    const [war] = rowsUnder(page, 'Held or under way');
    expect(war?.querySelector('.when')?.text).toContain('since 24 February 2022, no end stated');
    expect(war?.querySelectorAll('path.open').length).toBe(1);
    const [, announcement] = rowsUnder(page, 'Held or under way');
    expect(announcement?.querySelectorAll('path.open').length).toBe(0);
  });

  it('marks inferred dates in words as well as by the edge', async () => {
    const { body } = await get(app, '/v1/events?inferred=startDate,endDate');
    const rows = page.root.querySelectorAll('.lane');
    const inferred = rows.filter((row) => row.querySelector('.inferred'));
    const edged = rows.filter((row) => row.querySelector('.inferred-edge'));
    expect(inferred.length).toBe(body.data.length);
    expect(edged).toEqual(inferred);
  });

  it('draws bars in proportion to time', () => {
    const x = (id: string) => {
      const row = page.root
        .querySelectorAll('.lane')
        .find((each) => each.innerHTML.includes(`/events/${id}"`));
      const bar = row?.querySelector('rect.fill');
      return [number(bar?.getAttribute('x')), number(bar?.getAttribute('width'))] as const;
    };
    const [war, warWidth] = x('war-in-ukraine');
    const [announced, oneDay] = x('battle-groups-announcement-2022-03-23');
    const [summit, twoDays] = x('eu-summit-2022-03-24');
    expect((announced - war) / oneDay).toBeCloseTo(27, 0);
    expect(summit - announced).toBeCloseTo(oneDay, 1);
    expect(twoDays).toBeCloseTo(2 * oneDay, 1);
    // Known to go on until the day of the report.
    expect(warWidth).toBeCloseTo(29 * oneDay, 0);
  });

  it('stacks the rounds, the highest on top, and shows which were adopted', () => {
    expect(textsAt(page, '.ladder h3')).toEqual(['European Union on Russia']);
    expect(textsAt(page, '.rung .fact')).toEqual(['Round 5', 'Round 4', 'Round 3', 'Round 2', 'Round 1']);
    expect(attributesAt(page, '.rung', 'class').slice(0, 2)).toEqual([
      'rung under-discussion',
      'rung adopted',
    ]);
    expect(textsAt(page, '.rung .status').slice(0, 2)).toEqual(['under discussion', 'adopted']);
  });

  it('has who stands where in a table with headers', () => {
    const rows = page.root.querySelectorAll('.matrix tbody tr');
    const germany = rows.find((row) => row.querySelector('th[scope=row]')?.text === 'Germany');
    expect(germany?.text).toContain('seeks a pause with others to review the four rounds already adopted');
    expect(textsAt(page, '.matrix th[scope=col]').slice(0, 3)).toEqual([
      'Who',
      'Round 5 of sanctions by European Union on Russia',
      'No-fly zone over Ukraine',
    ]);
    const ofTheEu = rows.find((row) => row.querySelector('th')?.text === 'European Union');
    expect(ofTheEu?.querySelectorAll('td').map(({ text }) => text.trim())).toEqual([
      'is divided',
      'no position in these sources',
      'supports',
    ]);
    expect(attributesAt(page, '#stances .scrolls', 'tabindex')).toEqual(['0']);
  });

  it('quotes words, tells them from what is only reported, and says whose they are', async () => {
    const { body } = await get(app, '/v1/statements?mode=direct,mixed');
    expect(attributesAt(page, '.quote blockquote', 'dir')).toEqual(body.data.map(() => 'auto'));
    const mixed = page.root.querySelectorAll('.quote').find((card) => card.querySelector('.reported'));
    expect(mixed?.querySelectorAll('q').map(({ text }) => text)).toEqual([
      'to make us afraid',
      'deter us from helping Ukraine further or making additional steps',
    ]);
    expect(mixed?.querySelector('.by')?.text).toBe('Kaja Kallas');
    expect(mixed?.innerHTML).toContain('/documents/brussels-2022-03-24?end=2380&amp;start=2256#passage');
  });

  it('says that nothing was corrected, and where corrections will be', () => {
    expect(textsAt(page, '#corrections .empty')[0]).toContain('Nothing has been corrected so far');
    expect(attributesAt(page, '#corrections a', 'href')).toContain(
      '/v1/changes.atom?cause=correction,retraction',
    );
  });

  it('has a name for each section, and hides pictures of what stands in words beside them', () => {
    for (const section of page.root.querySelectorAll('section')) {
      const name = section.getAttribute('aria-labelledby');
      expect(page.root.querySelector(`#${name}`)?.tagName).toBe('H2');
    }
    const named = page.root
      .querySelectorAll('main svg')
      .filter((svg) => svg.getAttribute('aria-hidden') !== 'true' && !svg.closest('[aria-hidden=true]'))
      // A picture in a picture.
      .filter((svg) => !svg.parentNode?.closest('svg'));
    expect(named.map((svg) => svg.getAttribute('role'))).toEqual(['group']);
    expect(attributesAt(page, 'a.spot', 'aria-label')).toContain(
      "Romania: NATO battle group in Romania, announced, at the country's centre",
    );
  });
});

describe('the front page of other stores', () => {
  it('says that nothing was imported', async () => {
    const empty = await pageAt(await appOn(await emptyStore()), '/');
    expect([empty.status, forbiddenIn(empty)]).toEqual([200, []]);
    expect(textsAt(empty, 'main .empty')[0]).toContain('Nothing has been imported yet');
    expect(empty.root.querySelectorAll('section')).toEqual([]);
  });

  it('says what is not in a text that has none of it', async () => {
    const bare = await frontOf(
      dossierOf({ source: 'Nothing.', uncovered: [{ quote: 'Nothing.', reason: 'Nothing in it' }] }),
    );
    expect(textsAt(bare, '.empty').length).toBe(6);
    expect(textsAt(bare, '#deployments')[0]).toContain('No deployment of a battle group is in these sources');
    expect(textsAt(bare, '.carried')[0]).toContain('0% of its text');
  });

  it('tells corrections with before, after and reason, and filters all by a document', async () => {
    const store = await emptyStore();
    for (const folder of SHARED_DOSSIERS) await importInto(store, readDossier(folder));
    const growing = await appOn(store);
    const now = await pageAt(growing, '/');
    const [told] = textsAt(now, '.corrections li');
    expect(told).toContain('NATO battle group in Slovakia');
    expect(textsAt(now, '.corrections del')).toEqual(['before: 23 March 2022']);
    expect(textsAt(now, '.corrections ins')).toEqual(['now: 22 March 2022']);
    expect(told).toContain('The first report took “a day before the meeting” for a Wednesday');
    expect(attributesAt(now, '.source .read', 'href').length).toBe(3);
    expect(attributesAt(now, '.ways a', 'href')).toContain('/?document=developing-2022-04-09');
    expect(textsAt(now, '.rung .status')[0]).toBe('adopted');

    const then = await pageAt(growing, '/?asOf=1');
    expect(textsAt(then, '.rung .status')[0]).toBe('under discussion');
    expect(textsAt(then, '#corrections .empty').length).toBe(1);
    expect(textsAt(then, '.past').length).toBe(1);

    const only = await pageAt(growing, '/?document=correcting-2022-03-26');
    expect(textsAt(only, '.only')[0]).toMatch(/Only what “We had it wrong” .* says\. Show all sources/);
    expect(attributesAt(only, '.places a', 'href')).toEqual(['/battle-group-deployments/nato-slovakia']);
    expect(only.root.querySelectorAll('.lane').length).toBe(0);
    expect(attributesAt(only, '#deployments .all a', 'href')).toEqual([
      '/explore?collection=battle-group-deployments&document=correcting-2022-03-26&sort=-announcedOn',
    ]);
    expect(attributesAt(only, '#corrections .all a', 'href')[0]).toContain('document=correcting-2022-03-26');
    for (const url of attributesAt(only, '.part .all a', 'href')) {
      expect([url, (await get(growing, url)).status]).toEqual([url, 200]);
    }
  });

  it('says so where there is no such document', async () => {
    const nowhere = await pageAt(app, '/?document=nowhere');
    expect(nowhere.status).toBe(200);
    expect(textsAt(nowhere, '.only')[0]).toBe('There is no source by the id nowhere here. Show all sources');
  });

  it('is there when a text was taken out', async () => {
    const store = await emptyStore();
    await importInto(store, readDossier(SHARED_DOSSIERS[0]));
    await redactDocument(store, 'brussels-2022-03-24', { author: 'a tester', reason: 'asked for' });
    const after = await pageAt(await appOn(store), '/');
    expect(after.status).toBe(200);
    expect(textsAt(after, '.carried')).toEqual(['Its text was taken out of the record.']);
  });

  it('draws the newest and leads to the others', async () => {
    const events = Array.from({ length: 70 }, (_, at) => ({
      id: `m-${at}`,
      startDate: new Date(Date.UTC(2031, 0, 1 + at)).toISOString().slice(0, 10),
      datePrecision: 'day',
    }));
    const crowded = await frontOf(dossierOfEvents(events));
    const links = attributesAt(crowded, '.lane a', 'href');
    expect([links.length, links[0], links.at(-1)]).toEqual([40, '/events/m-30', '/events/m-69']);
    expect(textsAt(crowded, '#timeline')[0]).toContain('there are more events in the whole list');
    expect(textsAt(crowded, '.contents b')[0]).toBe('over 60');
  });

  it('shows what was put off as such', async () => {
    const put = await frontOf(
      dossierOfEvents([
        { id: 'a', status: 'cancelled', startDate: '2031-05-02', datePrecision: 'day' },
        { id: 'b', status: 'postponed', startDate: '2031-05-01', datePrecision: 'month' },
      ]),
    );
    const rows = rowsUnder(put, 'Postponed or cancelled');
    expect(rows.map((row) => row.querySelector('.status')?.text)).toEqual(['postponed', 'cancelled']);
    expect(rows[0]?.querySelector('.when')?.text).toBe('May 2031');
    expect(textsAt(put, '.legend').join()).toContain('postponed or cancelled');
    expect(put.root.querySelectorAll('.inferred-edge').length).toBe(0);
  });

  it('makes words of nothing that tries to be more', async () => {
    const hostile = await frontOf(hostileFront());
    expect(forbiddenIn(hostile)).toEqual([]);
    expect(hostile.root.querySelectorAll('img, [onmouseover], [onerror]')).toEqual([]);
    for (const href of attributesAt(hostile, 'a', 'href')) expect(href).toMatch(/^[/#]/);
    expect(textsAt(hostile, '#timeline')[0]).toContain('<b onmouseover=alert(4)>');
    expect(textsAt(hostile, '.places')[0]).toContain('<b onmouseover=alert(4)>');
    expect(textsAt(hostile, 'blockquote')[0]).toContain('<script>alert(1)</script>');
    expect(hostile.root.querySelectorAll('#timeline bdi').length).toBeGreaterThan(0);
  });
});

/** A fact of each kind that is drawn, all by names that try to break out. */
function hostileFront() {
  const long = 'long '.repeat(2_000).trim();
  const carried = (...supports: string[]) => [{ quote: 'all is said', supports }];
  // Quotation marks of its own would end the quotation.
  const words = HOSTILE_WORDS.replaceAll(/["']/g, '');
  const source = `${HOSTILE_NAME} "${words}" and all is said of ${long}.`;
  const actor = 'organization/them';
  const facts = [
    {
      type: 'organization',
      id: 'them',
      name: HOSTILE_NAME,
      kind: 'alliance',
      evidence: carried('name', 'kind'),
    },
    {
      type: 'country',
      id: 'latvia',
      name: HOSTILE_NAME,
      alpha2: 'LV',
      alpha3: 'LVA',
      evidence: carried('name', 'alpha2', 'alpha3'),
    },
    {
      type: 'event',
      id: 'event',
      name: HOSTILE_NAME,
      kind: 'meeting',
      status: 'held',
      startDate: '2031-05-02',
      datePrecision: 'day',
      evidence: carried('name', 'kind', 'status', 'startDate'),
    },
    {
      type: 'event',
      id: 'endless',
      name: long,
      kind: 'meeting',
      status: 'held',
      evidence: carried('name', 'kind', 'status'),
    },
    {
      type: 'battle-group-deployment',
      id: 'base',
      hostCountry: 'country/latvia',
      alliance: actor,
      status: 'deployed',
      location: { latitude: 56.9, longitude: 24.1, precision: 'city' },
      evidence: carried('hostCountry', 'alliance', 'status', 'location'),
    },
    {
      type: 'sanctions-round',
      id: 'round',
      imposedBy: actor,
      target: 'country/latvia',
      status: 'lifted',
      evidence: carried('imposedBy', 'target', 'status'),
    },
    {
      type: 'stance',
      id: 'stance',
      actor,
      subject: 'sanctions-round/round',
      position: 'divided',
      purpose: HOSTILE_NAME,
      evidence: carried('actor', 'subject', 'position', 'purpose'),
    },
    {
      type: 'statement',
      id: 'said',
      speakers: [actor],
      mode: 'direct',
      parts: [
        { quote: words, role: 'content', quoted: true },
        { quote: HOSTILE_NAME, role: 'source' },
      ],
    },
  ];
  return dossierOf({ source, document: { title: HOSTILE_TITLE }, facts } as InventedDossier);
}
