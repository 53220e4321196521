/** Journey with openapi-typescript and openapi-fetch. */
import createClient from 'openapi-fetch';
import type { Dossier, paths } from './generated/summit-facts.ts';

const { BASE_URL: baseUrl = '', API_KEY: key = '' } = process.env;
const client = createClient<paths>({ baseUrl });

/** Returns the data of a response. Throws the problem of a failed request. */
async function dataOf<Data>(answer: Promise<{ data?: Data; error?: unknown }>): Promise<Data> {
  const { data, error } = await answer;
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

const statements: string[] = [];
let pages = 0;
let cursor: string | null | undefined;
do {
  const page = await dataOf(
    client.GET('/v1/statements', {
      params: { query: { speaker: ['jens-stoltenberg'], limit: 2, sort: 'id', ...(cursor && { cursor }) } },
    }),
  );
  statements.push(...page.data.map(({ id }) => id));
  pages += 1;
  cursor = page.meta.nextCursor;
} while (cursor);

const deployment = await dataOf(
  client.GET('/v1/battle-group-deployments/{id}', { params: { path: { id: 'nato-bulgaria' } } }),
);

const hits = await dataOf(client.GET('/v1/search', { params: { query: { q: 'battle group', limit: 3 } } }));

const tooMany = await client.GET('/v1/events', { params: { query: { limit: 201 } } });
const missing = await client.GET('/v1/people/{id}', { params: { path: { id: 'no-such-person' } } });

const path = { id: 'jens-stoltenberg' };
const first = await client.GET('/v1/people/{id}', { params: { path } });
const again = await client.GET('/v1/people/{id}', {
  params: { path },
  headers: { 'If-None-Match': first.response.headers.get('ETag') },
});

const dossier: Dossier = {
  document: {
    id: 'riga-2031-05-02',
    title: 'Ministers meet in Riga',
    language: 'en',
    publishedOn: '2031-05-02',
    rights: { statement: 'Written as an example', display: 'full' },
  },
  facts: [
    {
      type: 'event',
      id: 'riga-meeting-2031-05-02',
      name: 'Meeting of ministers in Riga',
      kind: 'meeting',
      status: 'held',
      startDate: '2031-05-02',
      datePrecision: 'day',
      participants: [{ actor: 'organization/nato', attendance: 'in-person' }],
      evidence: [
        {
          quote: 'Ministers of the alliance met in Riga on Friday',
          supports: ['name', 'kind', 'status', 'participants'],
        },
      ],
      inferences: [
        {
          fields: ['startDate'],
          kind: 'derived',
          note: '"Friday", read against the publication date, Friday 2 May 2031',
        },
      ],
    },
  ],
  text: 'Ministers of the alliance met in Riga on Friday.\n',
};
const put = await client.PUT('/v1/dossiers/{id}', {
  params: { path: { id: dossier.document.id }, header: { 'If-None-Match': '*' } },
  body: dossier,
  headers: { Authorization: `Bearer ${key}` },
});

const countEvents = async (query: { asOf?: string }) => {
  const { meta } = await dataOf(client.GET('/v1/events', { params: { query: { count: true, ...query } } }));
  return meta.total;
};

process.stdout.write(
  JSON.stringify({
    statements,
    pages,
    deployment: {
      hostCountry: deployment.hostCountry.label,
      announcedOn: deployment.announcedOn,
      announcedBy: deployment.announcedBy?.label,
      evidence: deployment.evidence[0]?.exact,
    },
    search: hits.data.map(({ type, id }) => `${type}/${id}`),
    badRequest: {
      status: tooMany.response.status,
      code: tooMany.error?.code,
      parameter: tooMany.error?.errors[0]?.parameter,
    },
    notFound: { status: missing.response.status, code: missing.error?.code },
    notModified: again.response.status,
    put: {
      status: put.response.status,
      action: put.data?.action,
      revision: put.data?.revision,
      added: put.data?.added.length,
    },
    past: { before: await countEvents({ asOf: '1' }), now: await countEvents({}) },
  }),
);
