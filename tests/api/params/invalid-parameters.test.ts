/** Invalid parameters: each gets a 400 that names the parameter and the allowed values. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeCursor } from '../../../src/api/respond/cursor.ts';
import { createSeededApp, get } from '../../support/app.ts';

let app: FastifyInstance;
let cursor: string;
beforeAll(async () => {
  app = await createSeededApp();
  const { body } = await get(app, '/v1/events?limit=2&sort=name');
  cursor = new URL(body.links.next, 'http://x').searchParams.get('cursor') as string;
});

const manyParameters = Array(150).fill('a').join('&');
const longId = 'a'.repeat(200);
const DOCUMENT_PATH = '/v1/documents/brussels-2022-03-24';

/** Invalid requests, each with the parameter, the code and a part of the detail of the expected error. */
const REFUSED_REQUESTS: [
  what: string,
  url: () => string,
  parameter: string | undefined,
  code: string,
  detail: string,
][] = [
  [
    'an unknown parameter',
    () => '/v1/events?colour=blue',
    'colour',
    'unknown-parameter',
    'allowed: accordingTo, after',
  ],
  ['a parameter in another case', () => '/v1/events?Limit=5', 'Limit', 'unknown-parameter', 'limit'],
  [
    'an unknown parameter of a fact',
    () => '/v1/events/war-in-ukraine?q=x',
    'q',
    'unknown-parameter',
    'allowed: asOf',
  ],
  [
    'a parameter of a route without parameters',
    () => '/healthz?x=1',
    'x',
    'unknown-parameter',
    'allowed: none',
  ],
  [
    'from on a collection without dates',
    () => '/v1/people?from=2022-01-01',
    'from',
    'unknown-parameter',
    'postOf',
  ],
  ['limit=0', () => '/v1/events?limit=0', 'limit', 'out-of-range', 'between 1 and 200'],
  ['limit=9999', () => '/v1/events?limit=9999', 'limit', 'out-of-range', 'between 1 and 200'],
  ['limit=1e2', () => '/v1/events?limit=1e2', 'limit', 'invalid-value', 'an integer between 1 and 200'],
  ['limit=-1', () => '/v1/events?limit=-1', 'limit', 'invalid-value', 'an integer between 1 and 200'],
  ['limit=05', () => '/v1/events?limit=05', 'limit', 'invalid-value', 'an integer'],
  ['limit without a value', () => '/v1/events?limit=', 'limit', 'invalid-value', 'an integer'],
  ['a limit twice', () => '/v1/events?limit=5&limit=6', 'limit', 'repeated-parameter', 'more than once'],
  ['a sort twice', () => '/v1/events?sort=id&sort=id', 'sort', 'repeated-parameter', 'more than once'],
  ['an unknown sort', () => '/v1/events?sort=size', 'sort', 'invalid-value', 'one of id, label'],
  [
    'a value outside a closed vocabulary',
    () => '/v1/events?status=over',
    'status',
    'invalid-value',
    'scheduled, ongoing',
  ],
  ['one bad value among good ones', () => '/v1/events?status=held,over', 'status', 'invalid-value', '"over"'],
  ['an empty value among others', () => '/v1/events?ids=a,,b', 'ids', 'invalid-value', 'lower-case letters'],
  [
    'an id with characters that are not allowed',
    () => '/v1/events?ids=A_b',
    'ids',
    'invalid-value',
    'lower-case letters',
  ],
  [
    'a reference to a type that the field does not allow',
    () => '/v1/events?participant=event/x',
    'participant',
    'invalid-value',
    'person/id',
  ],
  ['none for a flag', () => '/v1/events?count=none', 'count', 'invalid-value', 'true, false'],
  ['too many values', () => `/v1/events?ids=${Array(101).fill('a')}`, 'ids', 'out-of-range', 'at most 100'],
  ['a day that does not exist', () => '/v1/events?from=2022-02-30', 'from', 'invalid-value', 'YYYY-MM-DD'],
  ['to before from', () => '/v1/events?from=2022-03-02&to=2022-03-01', 'to', 'out-of-range', 'before from'],
  ['a month that does not exist', () => '/v1/events?from=2022-13', 'from', 'invalid-value', 'YYYY-MM'],
  ['a month of one digit', () => '/v1/events?from=2022-3', 'from', 'invalid-value', 'YYYY-MM'],
  ['an instant as a day', () => '/v1/events?on=2022-03-24T10:00Z', 'on', 'invalid-value', 'YYYY-MM'],
  ['an empty day', () => '/v1/events?to=', 'to', 'invalid-value', 'YYYY-MM'],
  ['the year 0', () => '/v1/events?on=0000', 'on', 'invalid-value', 'existing day, month or year'],
  [
    'a date in another form',
    () => '/v1/events?to=2022-3',
    'to',
    'invalid-value',
    'YYYY-MM-DD, YYYY-MM or YYYY',
  ],
  [
    'to before from in another precision',
    () => '/v1/events?from=2022-03&to=2022-02',
    'to',
    'out-of-range',
    'before from, 2022-03 (given: 2022-02)',
  ],
  ['a limit that is no number', () => '/v1/figures?minValue=many', 'minValue', 'invalid-value', 'a number'],
  [
    'limits in the wrong order',
    () => '/v1/sanctions-rounds?minOrdinal=5&maxOrdinal=4',
    'maxOrdinal',
    'out-of-range',
    'less than minOrdinal, 5 (given: 4)',
  ],
  ['a range of a text', () => '/v1/figures?minUnit=a', 'minUnit', 'unknown-parameter', 'minValue'],
  [
    'an exclusion without a filter',
    () => '/v1/statements?exclude=direct',
    'exclude',
    'invalid-value',
    'filter:value; the filters are ids, document',
  ],
  [
    'an exclusion by a misspelt filter',
    () => '/v1/statements?exclude=speeker:jens-stoltenberg',
    'exclude',
    'invalid-value',
    'did you mean speaker?',
  ],
  [
    'an exclusion of a value outside the vocabulary',
    () => '/v1/statements?exclude=mode:direct,mode:spoken',
    'exclude',
    'invalid-value',
    'mode must be one of direct, mixed',
  ],
  [
    'an exclusion of a misspelt value',
    () => '/v1/statements?exclude=mode:drect',
    'exclude',
    'invalid-value',
    'did you mean direct?',
  ],
  [
    'an exclusion of a reference of another type',
    () => '/v1/statements?exclude=speaker:event/x',
    'exclude',
    'invalid-value',
    'speaker must be an id, person/id',
  ],
  [
    'a truncated cursor',
    () => `/v1/events?limit=2&sort=name&cursor=${cursor.slice(0, -5)}`,
    'cursor',
    'invalid-cursor',
    'start again',
  ],
  [
    'a forged cursor',
    () => `/v1/events?limit=2&sort=name&cursor=${Buffer.from('{}').toString('base64url')}`,
    'cursor',
    'invalid-cursor',
    'start again',
  ],
  [
    'a cursor that is not base64',
    () => '/v1/events?cursor=%F0%9F%91%8D',
    'cursor',
    'invalid-cursor',
    'start again',
  ],
  [
    'a cursor with a trailing character',
    () => `/v1/events?limit=2&sort=name&cursor=${cursor}!`,
    'cursor',
    'invalid-cursor',
    'start again',
  ],
  ['an asOf with a leading zero', () => '/v1/events?asOf=01', 'asOf', 'invalid-value', 'RFC 3339'],
  [
    'an asOf on 31 November',
    () => '/v1/events?asOf=2026-11-31T00:00:00Z',
    'asOf',
    'invalid-value',
    'RFC 3339',
  ],
  ['an empty cursor', () => '/v1/events?cursor=', 'cursor', 'invalid-cursor', 'start again'],
  [
    'a cursor of another sort',
    () => `/v1/events?sort=-name&cursor=${cursor}`,
    'cursor',
    'cursor-mismatch',
    'another list',
  ],
  [
    'a cursor of another filter',
    () => `/v1/events?sort=name&kind=war&cursor=${cursor}`,
    'cursor',
    'cursor-mismatch',
    'another list',
  ],
  [
    'a cursor of another collection',
    () => `/v1/people?sort=name&cursor=${cursor}`,
    'cursor',
    'cursor-mismatch',
    'another list',
  ],
  [
    'a cursor of a future revision',
    () => `/v1/events?cursor=${encodeCursor({ revision: 99, listUrl: '/v1/events', position: [null, 'a'] })}`,
    'cursor',
    'invalid-cursor',
    'revision 99',
  ],
  [
    'a cursor of a revision beyond 32 bits',
    () =>
      `/v1/events?cursor=${encodeCursor({ revision: 2 ** 40, listUrl: '/v1/events', position: [null, 'a'] })}`,
    'cursor',
    'invalid-cursor',
    'revision 1099511627776',
  ],
  [
    'a cursor with NUL',
    () =>
      `/v1/events?cursor=${encodeCursor({ revision: 1, listUrl: '/v1/events', position: [null, 'a\0'] })}`,
    'cursor',
    'invalid-cursor',
    'start again',
  ],
  [
    'a cursor with a lone surrogate',
    () =>
      `/v1/search?q=a&cursor=${encodeCursor({ revision: 1, listUrl: '/v1/search?q=a', position: ['label', null, 'a', '\ud800'] })}`,
    'cursor',
    'invalid-cursor',
    'start again',
  ],
  [
    'a cursor with an offset far beyond the text',
    () =>
      `${DOCUMENT_PATH}/facts?cursor=${encodeCursor({ revision: 1, listUrl: `${DOCUMENT_PATH}/facts`, position: ['9999999999', 'a', 'a'] })}`,
    'cursor',
    'invalid-cursor',
    'start again',
  ],
  ['an asOf beyond 32 bits', () => '/v1/events?asOf=9999999999', 'asOf', 'out-of-range', 'between 1 and 1'],
  ['asOf=0', () => '/v1/events?asOf=0', 'asOf', 'out-of-range', 'between 1 and 1'],
  ['an asOf after the newest revision', () => '/v1/events?asOf=2', 'asOf', 'out-of-range', 'between 1 and 1'],
  ['an asOf in the future', () => '/v1/events?asOf=2999-01-01T00:00:00Z', 'asOf', 'out-of-range', 'future'],
  [
    'an asOf before the first revision',
    () => '/v1/events?asOf=1999-01-01T00:00:00Z',
    'asOf',
    'out-of-range',
    'before the first',
  ],
  ['an asOf that is not an instant', () => '/v1/events?asOf=yesterday', 'asOf', 'invalid-value', 'RFC 3339'],
  [
    'an asOf that is a month',
    () => '/v1/events?asOf=2022-03',
    'asOf',
    'invalid-value',
    'a revision number, a day or an RFC 3339 instant',
  ],
  [
    'an asOf on a day that does not exist',
    () => '/v1/events?asOf=2022-13-24T00:00:00Z',
    'asOf',
    'invalid-value',
    'RFC 3339',
  ],
  ['an asOf on 30 February', () => '/v1/events?asOf=2022-02-30', 'asOf', 'invalid-value', 'RFC 3339'],
  [
    'an asOf whose plus sign is not encoded',
    () => '/v1/events?asOf=2022-03-24T12:00:00+01:00',
    'asOf',
    'invalid-value',
    'write the + of an offset as %2B (given: "2022-03-24T12:00:00 01:00")',
  ],
  [
    'after whose plus sign is not encoded',
    () => '/v1/changes?after=2022-03-24T12:00+01:00',
    'after',
    'invalid-value',
    'write the + of an offset as %2B',
  ],
  ['an asOf on a day in the future', () => '/v1/events?asOf=2999-01-01', 'asOf', 'out-of-range', 'future'],
  [
    'an asOf on a day before all',
    () => '/v1/events?asOf=1999-01-01',
    'asOf',
    'out-of-range',
    'before the first',
  ],
  [
    'changes after an instant in the future',
    () => '/v1/changes?after=2999-01-01T00:00:00Z',
    'after',
    'out-of-range',
    'future',
  ],
  [
    'changes after a day in the future',
    () => '/v1/changes.atom?after=2999-01-01',
    'after',
    'out-of-range',
    'future',
  ],
  [
    'changes after no instant',
    () => '/v1/changes?after=yesterday',
    'after',
    'invalid-value',
    'a day or an RFC 3339 instant',
  ],
  [
    'changes after a negative number',
    () => '/v1/changes?after=-1',
    'after',
    'invalid-value',
    'an integer between 0',
  ],
  [
    'changes by an unknown order',
    () => '/v1/changes?sort=revision',
    'sort',
    'invalid-value',
    'recordedAt, -recordedAt',
  ],
  [
    'a search for an unknown type',
    () => '/v1/search?q=a&type=event,persn',
    'type',
    'invalid-value',
    'did you mean person?',
  ],
  ['NUL in a query', () => '/v1/events?q=a%00b', 'q', 'invalid-encoding', 'UTF-8 without NUL'],
  ['a byte that is not UTF-8', () => '/v1/events?q=%FF', 'q', 'invalid-encoding', 'UTF-8'],
  ['a lone surrogate', () => '/v1/events?q=%ED%A0%80', 'q', 'invalid-encoding', 'UTF-8'],
  ['a lone percent sign', () => '/v1/events?q=100%', 'q', 'invalid-encoding', 'UTF-8'],
  ['a parameter name that is not UTF-8', () => '/v1/events?%FF=1', '%FF', 'invalid-encoding', 'UTF-8'],
  ['__proto__', () => '/v1/events?__proto__=1', '__proto__', 'unknown-parameter', 'allowed: '],
  ['constructor', () => '/v1/events?constructor=1', 'constructor', 'unknown-parameter', 'allowed: '],
  ['150 parameters', () => `/v1/events?${manyParameters}`, undefined, 'too-many-parameters', 'at most 100'],
  ['an empty q', () => '/v1/events?q=', 'q', 'out-of-range', 'not be empty'],
  [
    'a q without letters or digits',
    () => '/v1/events?q=%22%2A%22%20%F0%9F%91%8D',
    'q',
    'invalid-value',
    'no letters or digits',
  ],
  [
    'a q with too many words',
    () =>
      `/v1/events?q=${'a%20b%20c%20d%20e%20f%20g%20h%20i%20j%20k%20l%20m%20n%20o%20p%20q%20r%20s%20t%20v'}`,
    'q',
    'invalid-value',
    'at most 20',
  ],
  ['a q that is too long', () => `/v1/events?q=${'a'.repeat(201)}`, 'q', 'out-of-range', '200'],
  ['search without words', () => '/v1/search', 'q', 'missing-parameter', 'is required'],
  [
    'search with an unknown parameter',
    () => '/v1/search?q=a&kind=event',
    'kind',
    'unknown-parameter',
    'asOf, cursor, limit, q',
  ],
  [
    'a search without letters or digits',
    () => '/v1/search?q=%22%27%2A',
    'q',
    'invalid-value',
    'no letters or digits',
  ],
  [
    'a search with a limit that is too high',
    () => '/v1/search?q=a&limit=201',
    'limit',
    'out-of-range',
    'between 1 and 200',
  ],
  [
    'a cursor of another search',
    () =>
      `/v1/search?q=b&cursor=${encodeCursor({ revision: 1, listUrl: '/v1/search?q=a', position: ['label', null, 'a', 'a'] })}`,
    'cursor',
    'cursor-mismatch',
    'another list',
  ],
  [
    'a cursor with a position of another form',
    () =>
      `/v1/search?q=a&cursor=${encodeCursor({ revision: 1, listUrl: '/v1/search?q=a', position: ['nowhere'] })}`,
    'cursor',
    'invalid-cursor',
    'start again',
  ],
  [
    'a cursor with an offset that is not a number',
    () =>
      `${DOCUMENT_PATH}/facts?cursor=${encodeCursor({ revision: 1, listUrl: `${DOCUMENT_PATH}/facts`, position: ['1e9', 'a', 'a'] })}`,
    'cursor',
    'invalid-cursor',
    'start again',
  ],
  ['facets without by', () => '/v1/events/facets', 'by', 'missing-parameter', 'kind, status'],
  [
    'facets by a field that cannot be counted',
    () => '/v1/events/facets?by=name',
    'by',
    'invalid-value',
    'kind, status',
  ],
  [
    'facets with an empty value in by',
    () => '/v1/events/facets?by=kind,',
    'by',
    'invalid-value',
    'kind, status',
  ],
  [
    'facets with a limit that is too high',
    () => '/v1/events/facets?by=kind&limit=1001',
    'limit',
    'out-of-range',
    '1000',
  ],
  ['facets with a sort', () => '/v1/events/facets?by=kind&sort=id', 'sort', 'unknown-parameter', 'by'],
  [
    'facets with an invalid filter value',
    () => '/v1/events/facets?by=kind&status=over',
    'status',
    'invalid-value',
    'scheduled',
  ],
  [
    'facets of a future revision',
    () => '/v1/events/facets?by=kind&asOf=9',
    'asOf',
    'out-of-range',
    'between 1 and 1',
  ],
  [
    'references with a filter',
    () => '/v1/events/war-in-ukraine/references?q=a',
    'q',
    'unknown-parameter',
    'asOf, cursor, limit',
  ],
  ['references of an invalid id', () => '/v1/events/A_b/references', 'id', 'invalid-value', 'lower-case'],
  [
    'a cursor of the references of another fact',
    () =>
      `/v1/events/war-in-ukraine/references?cursor=${encodeCursor({ revision: 1, listUrl: '/v1/events/x/references', position: ['a', 'a', 'a'] })}`,
    'cursor',
    'cursor-mismatch',
    'another list',
  ],
  [
    'a passage that ends before it starts',
    () => `${DOCUMENT_PATH}/facts?start=9&end=8`,
    'start',
    'out-of-range',
    'less than the end',
  ],
  [
    'an empty passage',
    () => `${DOCUMENT_PATH}/facts?start=9&end=9`,
    'start',
    'out-of-range',
    'less than the end',
  ],
  ['a passage that ends at 0', () => `${DOCUMENT_PATH}/facts?end=0`, 'end', 'out-of-range', 'between 1 and'],
  [
    'a passage that ends after the text',
    () => `${DOCUMENT_PATH}/facts?end=2790`,
    'end',
    'out-of-range',
    'at most 2789',
  ],
  [
    'a passage that starts at the end of the text',
    () => `${DOCUMENT_PATH}/facts?start=2789`,
    'start',
    'out-of-range',
    'less than the end',
  ],
  ['a negative offset', () => `${DOCUMENT_PATH}/facts?start=-1`, 'start', 'invalid-value', 'an integer'],
  [
    'an offset that is too large',
    () => `${DOCUMENT_PATH}/facts?start=${'9'.repeat(30)}`,
    'start',
    'invalid-value',
    'an integer',
  ],
  [
    'a passage parameter of the text route',
    () => `${DOCUMENT_PATH}/text?start=1`,
    'start',
    'unknown-parameter',
    'asOf',
  ],
  [
    'a filter that documents do not have',
    () => '/v1/documents?accordingTo=none',
    'accordingTo',
    'unknown-parameter',
    'allowed',
  ],
  [
    'a filter by an unknown field',
    () => '/v1/events?inferred=size',
    'inferred',
    'invalid-value',
    'startDate',
  ],
  ['a hexadecimal number', () => '/v1/figures?value=0x10', 'value', 'invalid-value', 'must be a number'],
  ['from on stances', () => '/v1/stances?from=2022-01-01', 'from', 'unknown-parameter', 'position'],
  [
    'a reference of 260 characters',
    () => `/v1/statements?speaker=${'a'.repeat(260)}`,
    'speaker',
    'out-of-range',
    'must have at most 250 characters',
  ],
  [
    'a fact of 260 characters',
    () => `/v1/changes?fact=person/${'a'.repeat(260)}`,
    'fact',
    'out-of-range',
    'must have at most 250 characters',
  ],
  ['an id of 200 characters', () => `/v1/events/${longId}`, 'id', 'out-of-range', 'at most 100'],
  ['an id with NUL', () => '/v1/events/a%00b', 'id', 'invalid-value', 'lower-case letters'],
  ['an id with a capital letter', () => '/v1/events/War', 'id', 'invalid-value', 'lower-case letters'],
];

describe('a 400 that names the parameter', () => {
  it.each(REFUSED_REQUESTS)('rejects %s', async (_, url, parameter, code, detail) => {
    const { status, headers, body } = await get(app, url());
    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(body).toMatchObject({
      type: '/problems/invalid-parameter',
      status: 400,
      code: 'invalid-parameter',
    });
    const error = body.errors.find((each: { parameter?: string }) => each.parameter === parameter);
    expect(error).toMatchObject({ code, detail: expect.stringContaining(detail) });
    expect(new Set(body.errors.map((each: object) => JSON.stringify(each))).size).toBe(body.errors.length);
    expect(headers['etag']).toBeUndefined();
  });

  it('names every invalid parameter', async () => {
    const { body } = await get(app, '/v1/events?limit=0&colour=blue&status=over');
    expect(body.errors.map(({ parameter }: { parameter: string }) => parameter).sort()).toEqual([
      'colour',
      'limit',
      'status',
    ]);
  });
});
