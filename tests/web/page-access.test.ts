/** Pages and the API read through the same functions: both show and refuse the same. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { redactDocument } from '../../src/store/import/redact.ts';
import type { Store } from '../../src/store/open.ts';
import { createApp, createStore, get, importInto, type TestResponse } from '../support/app.ts';
import { buildDossier } from '../support/dossier-builder.ts';
import { fetchPage } from '../support/html-page.ts';

/** Sentences that no evidence touches. */
const UNCOVERED = 'The minister of herons left early.';
const ALSO_UNCOVERED = 'The minister of otters did not speak.';

const listUncovered = (quotes: string[]) => quotes.map((quote) => ({ quote, reason: 'A test' }));

const buildMeeting = (id: string, display: string, extra: object = {}) => {
  const source = `Ministers met in ${id} on Friday.\n${UNCOVERED}\n${ALSO_UNCOVERED}\n`;
  const quote = `Ministers met in ${id}`;
  const meeting = {
    type: 'event',
    id: `meeting-in-${id}`,
    name: `Meeting in ${id}`,
    kind: 'meeting',
    status: 'held',
    evidence: [{ quote, supports: ['name', 'kind', 'status'] }],
  };
  return buildDossier({
    id,
    source,
    document: { title: `Report from ${id}`, rights: { statement: 'For a test', display } },
    facts: [meeting],
    uncovered: listUncovered([UNCOVERED, ALSO_UNCOVERED]),
    ...extra,
  });
};

let store: Store;
let app: FastifyInstance;
/** Newest revision at which the text of `limited` was public, and its meeting was not retracted. */
let openRevision: number;

beforeAll(async () => {
  store = await createStore();
  await importInto(store, buildMeeting('open', 'full'));
  await importInto(store, buildMeeting('limited', 'full'));
  await importInto(store, buildMeeting('removed', 'full'));
  const { revision } = await importInto(store, buildMeeting('moved', 'full'));
  openRevision = revision as number;
  await importInto(store, buildMeeting('limited', 'excerpts'), { note: 'The rights have changed' });
  await importInto(
    store,
    buildMeeting('moved', 'full', {
      facts: [],
      retractions: [{ fact: 'event/meeting-in-moved', reason: 'It was another meeting' }],
      uncovered: listUncovered(['Ministers met in moved on Friday.', UNCOVERED, ALSO_UNCOVERED]),
    }),
  );
  await redactDocument(store, 'removed', { author: 'legal desk', reason: 'Court order' });
  app = await createApp(store);
});

const asText = ({ body }: TestResponse): string => (typeof body === 'string' ? body : JSON.stringify(body));

/** Words that pages must not have more of than the API. */
const WORDS = ['herons', 'otters', 'Ministers met in removed', 'Ministers met in limited', 'Court order'];

const DOCUMENTS = ['open', 'limited', 'removed', 'moved'];
const REVISIONS = ['', '?asOf=open'];

/** Returns the parts of the API that a page shows. */
async function fetchParts(id: string, query: string): Promise<TestResponse[]> {
  const document = `/v1/documents/${id}`;
  const event = `/v1/events/meeting-in-${id}`;
  const urls = [document, event].flatMap((url) => [url, `${url}/versions`, `${url}/cite`, `${url}.jsonld`]);
  const others = [`${document}/text`, `${document}/coverage`, `${document}/facts`, '/v1/corrections'];
  const responses = [];
  for (const url of [...urls, ...others]) responses.push(await get(app, url + query));
  return responses;
}

describe('the words of a text', () => {
  it.each(
    DOCUMENTS.flatMap((id) => REVISIONS.map((query) => [id, query] as const)),
  )('are on the pages of %s%s only if the API shows them without a key', async (id, suffix) => {
    const query = suffix.replace('=open', `=${openRevision}`);
    const shownByApi = (await fetchParts(id, query)).map(asText).join('\n');
    const pages = [
      `/documents/${id}${query}`,
      `/embed/documents/${id}${query}`,
      `/events/meeting-in-${id}${query}`,
      `/embed/events/meeting-in-${id}${query}`,
      `/${query || '?'}${query ? '&' : ''}document=${id}`,
      `/explore${query || '?'}${query ? '&' : ''}collection=events&q=ministers`,
      `/explore${query || '?'}${query ? '&' : ''}collection=all&q=ministers`,
    ];
    for (const url of pages) {
      const { html, status } = await fetchPage(app, url);
      expect([url, status]).toEqual([url, 200]);
      const tooMany = WORDS.filter((words) => html.includes(words) && !shownByApi.includes(words));
      const fromOtherDocuments = url.startsWith('/explore') ? ['Ministers met in limited'] : [];
      expect([url, tooMany.filter((words) => !fromOtherDocuments.includes(words))]).toEqual([url, []]);
    }
  });

  it('are on the page of a public text, and not on that of a text of which only excerpts may be shown', async () => {
    const findWords = async (url: string) => {
      const { html } = await fetchPage(app, url);
      return WORDS.slice(0, 2).filter((words) => html.includes(words));
    };
    expect(await findWords('/documents/open')).toEqual(['herons', 'otters']);
    expect(await findWords('/documents/limited')).toEqual([]);
    // The rights were granted then, and have been withdrawn since.
    expect(await findWords(`/documents/limited?asOf=${openRevision}`)).toEqual([]);
    expect((await get(app, `/v1/documents/limited/text?asOf=${openRevision}`)).status).toBe(401);
    expect(await findWords('/documents/removed')).toEqual([]);
    expect((await get(app, '/v1/documents/removed/text')).status).toBe(451);
  });
});

describe('a retracted fact', () => {
  it('is marked on its page and in the API, and was not at an earlier revision', async () => {
    const url = '/events/meeting-in-moved';
    const reason = 'It was another meeting';
    expect((await get(app, `/v1${url}`)).body.retracted.reason).toBe(reason);
    expect((await fetchPage(app, url)).root.querySelector('.notice.retracted')?.text).toContain(reason);
    const past = await fetchPage(app, `${url}?asOf=${openRevision}`);
    expect(past.root.querySelector('.notice.retracted')?.text).toContain('Retracted later,');
    expect((await get(app, `/v1${url}?asOf=${openRevision}`)).body.retracted).toBeUndefined();
  });

  it('is in no table and no reader, as it is in no list', async () => {
    expect((await get(app, '/v1/events?ids=meeting-in-moved')).body.data).toEqual([]);
    const table = await fetchPage(app, '/explore?collection=events&ids=meeting-in-moved');
    expect(table.root.querySelectorAll('tbody tr')).toEqual([]);
    const reader = await fetchPage(app, '/documents/moved');
    expect(reader.root.querySelectorAll('.segment')).toEqual([]);
    expect((await get(app, '/v1/documents/moved/facts')).body.data).toEqual([]);
  });
});

describe('a page and the API', () => {
  it.each([
    ['/events/no-such-meeting', '/v1/events/no-such-meeting'],
    ['/events/Not%20an%20id', '/v1/events/Not%20an%20id'],
    ['/events/meeting-in-open?asOf=99', '/v1/events/meeting-in-open?asOf=99'],
    ['/events/meeting-in-open?asOf=never', '/v1/events/meeting-in-open?asOf=never'],
    ['/documents/open?start=5&end=2', '/v1/documents/open/facts?start=5&end=2'],
    ['/documents/open?end=99999', '/v1/documents/open/facts?end=99999'],
    ['/explore?collection=events&sort=colour', '/v1/events?sort=colour'],
    ['/explore?collection=events&limit=0', '/v1/events?limit=0'],
    ['/explore?collection=events&cursor=x', '/v1/events?cursor=x'],
    ['/explore?collection=events&from=2031-02-02&to=2031-01-01', '/v1/events?from=2031-02-02&to=2031-01-01'],
    ['/explore?collection=events&colour=red', '/v1/events?colour=red'],
    ['/explore?collection=all&q=-', '/v1/search?q=-'],
    ['/explore?collection=all&q=ministers&colour=red', '/v1/search?q=ministers&colour=red'],
  ])('refuse %s for the same reason', async (pageUrl, apiUrl) => {
    const { status, body } = await get(app, apiUrl);
    expect(status).toBeGreaterThanOrEqual(400);
    const page = await fetchPage(app, pageUrl, { accept: 'text/html' });
    expect(page.status).toBe(status);
    const text = page.root.querySelector('main')?.text ?? '';
    const details =
      body.errors.length > 0 ? body.errors.map((each: { detail: string }) => each.detail) : [body.detail];
    // A page takes no parameters for JSON, such as `fields`.
    for (const detail of details) expect(text).toContain(detail.replace(/ \(allowed: .*\)/, ''));
  });
});
