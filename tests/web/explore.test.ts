import type { FastifyInstance } from 'fastify';
import { type HTMLElement, parse } from 'node-html-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../src/lib/problem-details.ts';
import { factTypes } from '../../src/model/types/index.ts';
import { StoreUnavailable } from '../../src/store/database.ts';
import type { Store } from '../../src/store/open.ts';
import type { SlowQueryRunner } from '../../src/workers/slow-query-runner.ts';
import {
  createApp,
  createSeededApp,
  createStore,
  followPages,
  get,
  getIds,
  importInto,
} from '../support/app.ts';
import { buildDossier, buildDossierHistory, buildEventDossier } from '../support/dossier-builder.ts';
import { buildSubmitUrl, requireAttribute } from '../support/html-page.ts';
import { buildXssDossier, XSS_NAME, XSS_QUOTE, XSS_TITLE } from '../support/xss-fixtures.ts';

const COLLECTIONS = factTypes.map(({ collection }) => collection);
const TOPICS = ['arms, and more', 'arms', 'and more', 'none'];

/** Texts with commas, and enough events for several pages. */
const statementsDossier = buildDossier({
  id: 'talk',
  source: TOPICS.map((_, at) => `Word ${at} was said.`).join('\n'),
  facts: TOPICS.map((topic, at) => ({
    type: 'statement',
    id: `word-${at}`,
    mode: 'narrative',
    topics: [topic],
    parts: [{ quote: `Word ${at}`, role: 'content', supports: ['topics'] }],
  })),
});
const createMeeting = (n: number) => ({
  id: `m${n}`,
  startDate: `2031-05-0${(n % 9) + 1}`,
  datePrecision: 'day',
  status: n % 2 ? 'held' : 'scheduled',
});
const meetingsDossier = buildEventDossier(Array.from({ length: 20 }, (_, n) => createMeeting(n)));

async function createFullStore(): Promise<Store> {
  const store = await createStore();
  for (const dossier of [...buildDossierHistory(), buildXssDossier(), statementsDossier, meetingsDossier]) {
    await importInto(store, dossier);
  }
  return store;
}

let app: FastifyInstance;
beforeAll(async () => {
  app = await createApp(await createFullStore());
});

async function openPage(url: string, targetApp = app): Promise<HTMLElement> {
  const { status, body } = await get(targetApp, url);
  expect([url, status]).toEqual([url, 200]);
  return parse(body);
}

/** Ids of the facts in the table, in order. */
const getFactIds = (page: HTMLElement): string[] =>
  page
    .querySelectorAll('table.facts tbody th a.fact')
    .filter(({ parentNode }) => parentNode?.rawTagName === 'th')
    .map((link) => requireAttribute(link, 'href').replace(/^\/[^/]+\/|\?.*$/g, ''));

/** Total number of facts according to the caption. */
function getTotal(page: HTMLElement): number {
  const [caption] = page.querySelectorAll('table.facts caption');
  if (!caption) return 0;
  const match = /^(?:.* of )?([\d,]+) \D+$/.exec(caption.text);
  return Number(match?.[1]?.replaceAll(',', ''));
}

const getHrefs = (page: HTMLElement, selector: string): string[] =>
  page.querySelectorAll(selector).map((link) => requireAttribute(link, 'href'));

/** API URL of the same view: the parameters of the page without the collection. */
function toListUrl(href: string): string {
  const [, query = ''] = href.split('?');
  const collection = /(?:^|&)collection=([^&]+)/.exec(query)?.[1];
  return `/v1/${collection}?${query.replace(/(^|&)collection=[^&]+/, '')}`;
}

describe.each(COLLECTIONS)('table of %s', (collection) => {
  const url = `/explore?collection=${collection}`;

  it('has the same facts as the list of the API', async () => {
    for (const querySuffix of ['', '&limit=200', '&include=retracted', '&q=a']) {
      const ids = await getIds(app, `/v1/${collection}?${querySuffix}`);
      const page = await openPage(url + querySuffix);
      expect(getFactIds(page)).toEqual(ids);
    }
  });

  it('shows as many facts for each facet value as its count', async () => {
    let followedLinks = 0;
    for (const base of [url, `${url}&include=retracted`, `${url}&asOf=1`]) {
      const page = await openPage(base);
      for (const item of page.querySelectorAll('aside.facets li')) {
        const [link] = item.querySelectorAll('a') as [HTMLElement];
        const [count] = item.querySelectorAll('.count') as [HTMLElement];
        const href = requireAttribute(link, 'href');
        expect([href, getTotal(await openPage(href))]).toEqual([href, Number(count.text)]);
        followedLinks += 1;
      }
    }
    expect(followedLinks).toBeGreaterThan(0);
  });

  it('offers all values of facets that have a choice', async () => {
    const { facetNames } = factTypes.find((each) => each.collection === collection) as (typeof factTypes)[0];
    const { data } = (await get(app, `/v1/${collection}/facets?by=${facetNames.join(',')}&limit=40`)).body;
    const page = await openPage(url);
    const total = getTotal(page);
    const worth = data.filter(
      ({ distinct, values }: { distinct: number; values: { count: number }[] }) =>
        distinct > 40 || values.some(({ count }) => count !== total),
    );
    const offeredValues = page
      .querySelectorAll('aside.facets details.facet')
      .map((each) => each.querySelectorAll('li').length);
    expect(offeredValues).toEqual(worth.map(({ values }: { values: unknown[] }) => values.length));
  });

  it('sorts by its headings in both directions, as the API does', async () => {
    const page = await openPage(`${url}&limit=200`);
    const links = getHrefs(page, 'thead a.sort');
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      const up = await openPage(link);
      expect(getFactIds(up)).toEqual(await getIds(app, toListUrl(link)));
      const [sorted, ...others] = up.querySelectorAll('th[aria-sort]') as [HTMLElement];
      expect([requireAttribute(sorted, 'aria-sort'), others]).toEqual(['ascending', []]);
      const [turn] = getHrefs(sorted, 'a') as [string];
      expect(turn).toContain('sort=-');
      const down = await openPage(turn);
      expect(getFactIds(down)).toEqual(await getIds(app, toListUrl(turn)));
      expect(requireAttribute(down.querySelectorAll('th[aria-sort]')[0] as HTMLElement, 'aria-sort')).toBe(
        'descending',
      );
    }
  });

  it('has export URLs that return the facts in view', async () => {
    const filterQuery =
      collection === 'documents' ? '&q=a&sort=-id' : '&inference=identified,derived&sort=-id';
    const page = await openPage(url + filterQuery);
    const ids = getFactIds(page);
    const texts = page.querySelectorAll('.copyable code').map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(8);
    for (const text of texts) {
      const [absolute = ''] = /http:\/\/[^"]+/.exec(text) ?? [];
      const { pathname, search } = new URL(absolute);
      const { status, body } = await get(app, pathname + search);
      expect([text, status]).toEqual([text, 200]);
      expect(text).not.toContain('asOf');
      if (pathname === `/v1/${collection}`)
        expect(body.data.map(({ id }: { id: string }) => id)).toEqual(ids);
      if (pathname.endsWith('.ndjson')) {
        expect(
          String(body)
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line).id),
        ).toEqual(ids);
      }
      if (pathname === `/v1/${collection}.csv` && !search.includes('expand')) {
        const foundIds = [
          ...String(body)
            .replace(/^\ufeff/, '')
            .matchAll(/^([a-z0-9-]+),/gm),
        ].map(([, id]) => id);
        expect(foundIds.filter((id) => id !== 'id')).toEqual(ids);
      }
    }
  });

  it('links to all collections, and marks the current one', async () => {
    const page = await openPage(url);
    const links = getHrefs(page, 'nav.collections a');
    expect(links).toEqual(['all', ...COLLECTIONS].map((each) => `/explore?collection=${each}`));
    expect(getHrefs(page, 'nav.collections a[aria-current=page]')).toEqual([url]);
  });
});

describe('filters', () => {
  it('match any of several values of one field', async () => {
    const page = await openPage('/explore?collection=events&status=scheduled');
    const heldIds = page
      .querySelectorAll('aside.facets li a')
      .find((link) => link.text === 'held') as HTMLElement;
    const href = requireAttribute(heldIds, 'href');
    expect(href).toBe('/explore?collection=events&status=held,scheduled');
    const both = await openPage(href);
    expect(getFactIds(both)).toEqual(await getIds(app, '/v1/events?status=held,scheduled'));
    expect(getFactIds(both).length).toBeGreaterThan(getFactIds(page).length);
    const chosen = both.querySelectorAll('aside.facets a[aria-current=true]');
    expect(chosen.map((link) => link.text.replace('Remove ', '')).sort()).toEqual(['held', 'scheduled']);
    expect(getHrefs(both, 'aside.facets a[aria-current=true]')).toContain(
      '/explore?collection=events&status=scheduled',
    );
  });

  it('can be removed one by one, facets and others alike', async () => {
    const url =
      '/explore?collection=events&after=none&from=2022-01-01&ids=eu-summit-2022-03-24,m1&include=retracted&q=a&status=held,ongoing&to=2031-12-31';
    const chips = getHrefs(await openPage(url), '.chips a').filter(
      (href) => href !== '/explore?collection=events',
    );
    expect(chips).toHaveLength(9);
    for (const chip of chips) {
      const page = await openPage(chip);
      expect(getFactIds(page)).toEqual(await getIds(app, toListUrl(chip)));
      expect(getHrefs(page, '.chips a').length).toBe(9);
    }
    const ids = chips.filter((chip) => chip.includes('ids='));
    expect(ids.some((chip) => /ids=m1&/.test(chip))).toBe(true);
  });

  it('show references by their labels, even if they are not among the counts', async () => {
    const page = await openPage(
      '/explore?collection=statements&speaker=jens-stoltenberg,country/latvia,missing',
    );
    const chips = page.querySelectorAll('.chips a').map((chip) => chip.text.replace(/\s+/g, ' '));
    expect(chips.slice(0, 3)).toEqual([
      'Remove Speaker Jens Stoltenberg',
      'Remove Speaker Latvia',
      'Remove Speaker missing',
    ]);
    const [stoltenberg] = getHrefs(page, 'aside.facets a[aria-current=true]');
    expect(stoltenberg).toBe('/explore?collection=statements&speaker=country/latvia,missing');
  });

  it('name the facts that they leave out by their labels, after a rename too', async () => {
    const getChips = async (url: string) => {
      const page = await openPage(url);
      return page
        .querySelectorAll('.chips li:not(:has(.remove-all)) a')
        .map((chip) => [chip.text.replace(/\s+/g, ' '), chip.getAttribute('href')]);
    };
    const query = 'exclude=member:person/ilze,organization:council,ids:missing';
    expect(await getChips(`/explore?collection=memberships&${query}`)).toEqual([
      [
        expect.stringMatching(/^Remove Without member Ilze/),
        '/explore?collection=memberships&exclude=organization:council,ids:missing',
      ],
      [
        expect.stringMatching(/^Remove Without organization /),
        '/explore?collection=memberships&exclude=member:person/ilze-abele,ids:missing',
      ],
      [
        'Remove Without ids missing',
        '/explore?collection=memberships&exclude=member:person/ilze-abele,organization:council',
      ],
    ]);
    expect(await getChips('/explore?collection=people&exclude=ids:ilze')).toEqual([
      ['Remove Without ids ilze-abele', '/explore?collection=people'],
    ]);
  });

  it('distinguish commas within values from those between them', async () => {
    const page = await openPage('/explore?collection=statements');
    const topics = page
      .querySelectorAll('details.facet')
      .find((facet) => facet.text.startsWith('Topic')) as HTMLElement;
    for (const [at, topic] of TOPICS.entries()) {
      const link = topics.querySelectorAll('li a').find((each) => each.text === topic) as HTMLElement;
      const chosen = await openPage(requireAttribute(link, 'href'));
      expect(getFactIds(chosen)).toEqual([`word-${at}`]);
      expect((chosen.querySelectorAll('.chips a')[0] as HTMLElement).text).toContain(topic);
      const form = chosen.querySelectorAll('form.filter-form')[0] as HTMLElement;
      expect(getFactIds(await openPage(buildSubmitUrl(form)))).toEqual([`word-${at}`]);
    }
    const two = await openPage('/explore?collection=statements&topic=arms%2C%20and%20more,arms');
    expect(getFactIds(two)).toEqual(['word-0', 'word-1']);
    expect(
      getFactIds(await openPage(buildSubmitUrl(two.querySelectorAll('form.filter-form')[0] as HTMLElement))),
    ).toEqual(['word-0', 'word-1']);
    expect(getHrefs(two, '.chips a').slice(0, 2)).toEqual([
      '/explore?collection=statements&topic=arms',
      '/explore?collection=statements&topic=arms%2C%20and%20more',
    ]);
  });

  it('show a value that is too long for a URL without a link', async () => {
    const store = await createStore();
    const long = 'long '.repeat(900).trim();
    const people = ['a', 'b'].map((id) => ({
      type: 'person',
      id,
      name: `Person ${id}`,
      posts: id === 'a' ? [{ title: long, of: 'organization/office' }] : [],
      evidence: [{ quote: `Person ${id} ${long}`, supports: ['name', ...(id === 'a' ? ['posts'] : [])] }],
    }));
    const office = {
      type: 'organization',
      id: 'office',
      name: 'Office',
      kind: 'group',
      evidence: [{ quote: 'Office', supports: ['name', 'kind'] }],
    };
    const source = `Person a ${long}.\nPerson b ${long}.\nOffice.`;
    await importInto(store, buildDossier({ source, facts: [...people, office] }));
    const page = await openPage('/explore?collection=people', await createApp(store));
    const items = page.querySelectorAll('aside.facets li').filter((item) => item.text.startsWith('long'));
    expect(items).toHaveLength(1);
    expect((items[0] as HTMLElement).querySelectorAll('a')).toEqual([]);
    expect((items[0] as HTMLElement).text.length).toBeLessThan(100);
  });
});

describe('form', () => {
  it('preserves parameters without form fields when submitted unchanged', async () => {
    const url =
      '/explore?collection=events&limit=7&participant=nato-leaders,person/joe-biden&status=scheduled';
    const form = (await openPage(url)).querySelectorAll('form.filter-form')[0] as HTMLElement;
    const submitUrl = buildSubmitUrl(form);
    expect(submitUrl).toContain('q=&from=&to=');
    const page = await openPage(submitUrl);
    expect(getFactIds(page)).toEqual(getFactIds(await openPage(url)));
    expect(getFactIds(page).length).toBeGreaterThan(0);
    for (const href of getHrefs(page, 'main a')) expect(href).not.toMatch(/[?&](q|from|to)=(&|$)/);
  });

  it('filters by words and dates, and sorts', async () => {
    const form = (await openPage('/explore?collection=events')).querySelectorAll(
      'form.filter-form',
    )[0] as HTMLElement;
    const formValues = {
      q: 'meeting',
      from: '2031-05-02',
      to: '2031-05-03',
      sort: '-startDate',
      include: 'retracted',
    };
    const page = await openPage(buildSubmitUrl(form, formValues));
    const query = new URLSearchParams(formValues);
    const ids = await getIds(app, `/v1/events?${query}`);
    expect(ids.length).toBeGreaterThan(2);
    expect(getFactIds(page)).toEqual(ids);
    expect(page.querySelectorAll('title').map(({ text }) => text)[0]).toBe(
      'Events: words meeting, from 2 May 2031, until 3 May 2031, with retracted - Summit Facts',
    );
  });

  it('shows a month or a year as its first and last day, which date inputs take', async () => {
    const page = await openPage('/explore?collection=events&from=2031-02&to=2031-02');
    const [from, to] = page.querySelectorAll('form.filter-form input[type=date]');
    expect([from, to].map((input) => input?.getAttribute('value'))).toEqual(['2031-02-01', '2031-02-28']);
  });

  it('passes on expand=members only by its checkbox', async () => {
    const page = await openPage('/explore?collection=stances&expand=members');
    const inputs = page.querySelectorAll('form.filter-form input[name=expand]');
    expect(inputs.map((input) => input.getAttribute('type'))).toEqual(['checkbox']);
  });

  it('offers dates only for collections that have them', async () => {
    for (const { collection, getPeriod } of factTypes) {
      const page = await openPage(`/explore?collection=${collection}`);
      expect(page.querySelectorAll('form.filter-form input[type=date]')).toHaveLength(getPeriod ? 2 : 0);
    }
  });
});

describe('pages of a list', () => {
  it.each([
    '/explore?collection=events&limit=3&sort=-startDate',
    '/explore?collection=all&q=meeting&limit=3',
  ])('%s has every fact exactly once, despite imports between requests', async (url) => {
    const store = await createStore();
    await importInto(store, meetingsDossier);
    const ownApp = await createApp(store);
    const all = url.includes('=all')
      ? await followPages(ownApp, '/v1/search?q=meeting&limit=200')
      : await followPages(ownApp, '/v1/events?sort=-startDate&limit=200');
    const met: string[] = [];
    let next: string | undefined = url;
    for (let pages = 0; next !== undefined; pages += 1) {
      const page = await openPage(next, ownApp);
      met.push(
        ...(getFactIds(page).length > 0
          ? getFactIds(page)
          : getHrefs(page, 'ol.hits a.fact').map((href) => href.replace(/^\/[^/]+\/|\?.*$/g, ''))),
      );
      if (pages > 0) {
        const [first] = getHrefs(page, '.pagination a[rel=first]') as [string];
        expect(first).not.toContain('cursor');
      }
      if (pages === 1) {
        await importInto(
          store,
          buildEventDossier(
            [
              { ...createMeeting(1), id: 'aa' },
              { ...createMeeting(8), id: 'm99' },
            ],
            'b',
          ),
        );
      }
      [next] = getHrefs(page, '.pagination a').filter((href) => href.includes('cursor='));
    }
    expect(met).toEqual(all.map(({ id }) => id));
  });

  it('show the total number on every page', async () => {
    const first = await openPage('/explore?collection=events&limit=3');
    const total = (await get(app, '/v1/events?count=true')).body.meta.total;
    expect((first.querySelectorAll('caption')[0] as HTMLElement).text).toBe(`The first 3 of ${total} events`);
    const second = await openPage(getHrefs(first, '.pagination a[rel]')[0] as string);
    expect((second.querySelectorAll('caption')[0] as HTMLElement).text).toBe(`3 more of ${total} events`);
    // The reader did not select a revision, so the export URLs have none.
    for (const text of second.querySelectorAll('.copyable code').map(({ text }) => text))
      expect(text).not.toMatch(/asOf|cursor/);
  });
});

describe('revisions', () => {
  it('shows a past revision, and keeps it in links', async () => {
    const page = await openPage('/explore?asOf=1&collection=statements');
    expect(getFactIds(page)).toEqual(await getIds(app, '/v1/statements?asOf=1'));
    for (const link of getHrefs(page, 'table.facts a')) expect(link).toContain('asOf=1');
    for (const text of page.querySelectorAll('.copyable code').map(({ text }) => text))
      expect(text).toContain('asOf=1');
  });

  it('marks retracted facts', async () => {
    const [biruta] = (
      await openPage('/explore?collection=people&include=retracted&ids=biruta')
    ).querySelectorAll('tbody tr');
    expect(requireAttribute(biruta as HTMLElement, 'class')).toBe('retracted');
    expect((biruta as HTMLElement).text).toMatch(/Retracted at revision \d+: Nobody knows her/);
  });

  it('has a page for an empty store', async () => {
    const empty = await createApp(await createStore());
    for (const collection of ['all', ...COLLECTIONS]) {
      const page = await openPage(`/explore?collection=${collection}`, empty);
      expect((page.querySelectorAll('.empty')[0] as HTMLElement).text).toContain(
        'Nothing has been imported yet',
      );
    }
  });
});

describe('view without matches', () => {
  it('explains the result, and suggests removing filters', async () => {
    const page = await openPage('/explore?collection=stances&position=opposes&q=zebra');
    const [empty] = page.querySelectorAll('.empty') as [HTMLElement];
    expect(empty.text).toContain('No match means \u201cnot in these sources\u201d, never \u201cfalse\u201d.');
    expect(getHrefs(empty, 'a')).toEqual([
      '/explore?collection=stances&position=opposes',
      '/explore?collection=stances&q=zebra',
      '/explore?collection=stances',
    ]);
  });
});

describe('search across all collections', () => {
  it('has the results of the search API, with highlighted words', async () => {
    const page = await openPage('/explore?collection=all&q=chemical+weapons');
    const { data } = (await get(app, '/v1/search?q=chemical%20weapons')).body;
    expect(data.length).toBeGreaterThan(1);
    expect(getHrefs(page, 'ol.hits a.fact')).toEqual(
      data.map(({ links }: { links: { html: string } }) => links.html),
    );
    expect(page.querySelectorAll('ol.hits mark').map(({ text }) => text)).toContain('chemical');
    expect(getHrefs(page, 'nav.collections a')).toContain('/explore?collection=events&q=chemical%20weapons');
  });

  it('lists the collections if there are no search words', async () => {
    for (const url of ['/explore?collection=all', '/explore?collection=all&q=']) {
      const page = await openPage(url);
      expect(getHrefs(page, 'dl.contents a')).toEqual(
        COLLECTIONS.map((each) => `/explore?collection=${each}`),
      );
    }
  });
});

describe('requests that the API rejects', () => {
  it.each([
    ['collection', '/explore?collection=planets'],
    ['colour', '/explore?colour=blue'],
    ['colour', '/explore?collection=all&colour=blue'],
    ['status', '/explore?collection=all&q=war&status=held'],
    ['status', '/explore?collection=events&status=lost'],
    ['from', '/explore?collection=people&from=2022-01-01'],
    ['to', '/explore?collection=events&from=2022-01-02&to=2022-01-01'],
    ['limit', '/explore?limit=9999'],
    ['sort', '/explore?sort=size'],
    ['sort', '/explore?sort=id&sort=label'],
    ['count', '/explore?count=maybe'],
    ['cursor', '/explore?cursor=abc'],
    ['asOf', '/explore?asOf=99999'],
    ['speaker', '/explore?speaker=NOT%20AN%20ID'],
    ['__proto__', '/explore?__proto__=x'],
    ['q', '/explore?q=%21'],
  ])('have error pages that name %s: %s', async (parameter, url) => {
    const { status, headers, body } = await get(app, url);
    expect([status, headers['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
    const page = parse(body);
    expect(page.querySelectorAll('.problem code').map(({ text }) => text)).toContain(parameter);
  });
});

/** Creates a runner that calls `run` for each slow query. */
const createRunner = (run: (runInProcess: () => Promise<unknown>) => Promise<unknown>) =>
  ({
    minVersionCount: 0,
    warmUp() {},
    runQuery: (_task, runInProcess) => run(runInProcess),
    openStream: (_task, openInProcess) => openInProcess(),
    writeArchive: null,
    async close() {},
  }) as SlowQueryRunner;

describe('counts of a large store', () => {
  it.each([
    ['the queue is full', new Problem('too-busy', 'The queue for slow queries is full')],
    ['they take too long', new StoreUnavailable('The query timed out')],
  ])('are left out if %s', async (_reason, error) => {
    const slowQueryRunner = createRunner(() => Promise.reject(error));
    const store = await createStore();
    await importInto(store, meetingsDossier);
    const page = await openPage(
      '/explore?collection=events&limit=3',
      await createApp(store, { slowQueryRunner }),
    );
    expect(getFactIds(page)).toHaveLength(3);
    expect((page.querySelectorAll('caption')[0] as HTMLElement).text).toBe('The first 3 events');
    expect((page.querySelectorAll('aside.facets')[0] as HTMLElement).text).toContain(
      'Filter counts are not available',
    );
  });

  it('are shared by the pages and sort orders of a table until the next revision', async () => {
    let runs = 0;
    const slowQueryRunner = createRunner((runInProcess) => {
      runs += 1;
      return runInProcess();
    });
    const store = await createStore();
    await importInto(store, meetingsDossier);
    const large = await createApp(store, { slowQueryRunner });
    const first = await openPage('/explore?collection=events&limit=3', large);
    // One query for the total, one for all facets.
    expect(runs).toBe(2);
    const next = getHrefs(first, 'a[rel~=next]')[0] as string;
    expect(getFactIds(await openPage(next, large))).toHaveLength(3);
    await openPage('/explore?collection=events&limit=3&sort=name', large);
    expect(runs).toBe(2);
    await importInto(store, buildEventDossier([{ id: 'another' }], 'another'));
    const page = await openPage('/explore?collection=events&limit=3', large);
    expect([runs, page.querySelector('caption')?.text]).toEqual([4, 'The first 3 of 21 events']);
  });
});

describe('hostile texts', () => {
  it.each([
    ['/explore?ids=hostile-words', XSS_QUOTE],
    ['/explore?collection=people&ids=oneill', XSS_NAME],
    ['/explore?collection=documents&ids=hostile', XSS_TITLE],
    [`/explore?collection=all&q=gnp`, 'gnp'],
    [`/explore?collection=people&q=${encodeURIComponent(XSS_NAME)}`, XSS_NAME],
    [`/explore?topic=${encodeURIComponent(XSS_QUOTE)}`, XSS_QUOTE],
  ])('are escaped at %s', async (url, words) => {
    const page = await openPage(url);
    const mainText = (page.querySelectorAll('main')[0] as HTMLElement).text;
    expect(mainText).toContain(Array.from(words).slice(0, 40).join('').split(/\s/)[0]);
    expect(page.querySelectorAll('main script')).toEqual([]);
    expect(page.querySelectorAll('img')).toEqual([]);
    expect(page.querySelectorAll('main b')).toEqual([]);
    for (const href of getHrefs(page, 'a')) expect(href).toMatch(/^[/#]/);
  });

  it('add no inline styles or scripts', async () => {
    for (const collection of ['all', ...COLLECTIONS]) {
      const { body } = await get(app, `/explore?collection=${collection}`);
      expect(body).not.toMatch(/ style=|<style|<script(?![^>]* src=)| on[a-z]+="/);
    }
  });
});

describe('head of the page', () => {
  it('has a title for the view, and links to other formats', async () => {
    const page = await openPage('/explore?collection=statements&mode=direct', await createSeededApp());
    expect((page.querySelectorAll('title')[0] as HTMLElement).text).toBe(
      'Statements: mode direct - Summit Facts',
    );
    const links = getHrefs(page, 'link[rel=alternate]');
    expect(links).toEqual(
      expect.arrayContaining([
        '/v1/statements.csv?mode=direct',
        '/v1/statements.atom?mode=direct',
        '/v1/statements.feed.json?mode=direct',
        '/v1/statements?limit=200&mode=direct',
      ]),
    );
    for (const link of links) expect([link, (await get(app, link)).status]).toEqual([link, 200]);
  });
});
