/** Journey with @hey-api/openapi-ts and its fetch client. */
import { client } from './generated/client.gen.js';
import {
  type Dossier,
  getBattleGroupDeployment,
  getPerson,
  type ListStatementsData,
  listEvents,
  listStatements,
  putDossier,
  searchFacts,
} from './generated/index.js';

const { BASE_URL: baseUrl = '', API_KEY: key = '' } = process.env;
client.setConfig({ baseUrl, auth: key });

const statements: string[] = [];
let pages = 0;
let cursor: string | null = null;
do {
  const query: ListStatementsData['query'] = { speaker: ['jens-stoltenberg'], limit: 2, sort: 'id' };
  if (cursor) query.cursor = cursor;
  const { data: page } = await listStatements({ query, throwOnError: true });
  statements.push(...page.data.map(({ id }) => id));
  pages += 1;
  cursor = page.meta.nextCursor;
} while (cursor);

const { data: deployment } = await getBattleGroupDeployment({
  path: { id: 'nato-bulgaria' },
  throwOnError: true,
});

const { data: hits } = await searchFacts({ query: { q: 'battle group', limit: 3 }, throwOnError: true });

const tooMany = await listEvents({ query: { limit: 201 } });
const missingPerson = await getPerson({ path: { id: 'missing' } });

const path = { id: 'jens-stoltenberg' };
const first = await getPerson({ path });
const again = await getPerson({
  path,
  headers: { 'If-None-Match': first.response?.headers.get('ETag') },
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
const put = await putDossier({
  path: { id: dossier.document.id },
  headers: { 'If-None-Match': '*' },
  body: dossier,
});

const countEvents = async (query: { asOf?: string }) => {
  const { data } = await listEvents({ query: { count: true, ...query }, throwOnError: true });
  return data.meta.total;
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
      status: tooMany.response?.status,
      code: tooMany.error?.code,
      parameter: tooMany.error?.errors[0]?.parameter,
    },
    notFound: { status: missingPerson.response?.status, code: missingPerson.error?.code },
    notModified: again.response?.status,
    put: {
      status: put.response?.status,
      action: put.data?.action,
      revision: put.data?.revision,
      added: put.data?.added.length,
    },
    past: { before: await countEvents({ asOf: '1' }), now: await countEvents({}) },
  }),
);
