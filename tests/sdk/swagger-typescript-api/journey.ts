/** Journey with swagger-typescript-api. */
import { Api, type Dossier, type HttpResponse, type Problem } from './generated/summit-facts.ts';

const { BASE_URL: baseUrl = '', API_KEY: key = '' } = process.env;
const { v1 } = new Api({ baseUrl });

const statements: string[] = [];
let pages = 0;
let cursor: string | null = null;
do {
  const { data: page } = await v1.listStatements({
    speaker: ['jens-stoltenberg'],
    limit: 2,
    sort: 'id',
    ...(cursor && { cursor }),
  });
  statements.push(...page.data.map(({ id }) => id));
  pages += 1;
  cursor = page.meta.nextCursor;
} while (cursor);

const { data: deployment } = await v1.getBattleGroupDeployment('nato-bulgaria');
const { data: hits } = await v1.searchFacts({ q: 'battle group', limit: 3 });

/** Returns the response that a rejected request throws. */
const rejected = (request: Promise<unknown>): Promise<HttpResponse<unknown, Problem>> =>
  request.then(
    () => Promise.reject(new Error('the request was accepted')),
    (response) => response,
  );

const tooMany = await rejected(v1.listEvents({ limit: 201 }));
const missing = await rejected(v1.getPerson('no-such-person'));

const first = await v1.getPerson('jens-stoltenberg');
const tag = first.headers.get('ETag') ?? '';
const again = await rejected(v1.getPerson('jens-stoltenberg', {}, { headers: { 'If-None-Match': tag } }));

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
const put = await v1.putDossier(
  dossier.document.id,
  dossier,
  {},
  { headers: { Authorization: `Bearer ${key}`, 'If-None-Match': '*' } },
);

const countEvents = async (query: { asOf?: string }) => {
  const { data } = await v1.listEvents({ count: true, ...query });
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
      status: tooMany.status,
      code: tooMany.error.code,
      parameter: tooMany.error.errors[0]?.parameter,
    },
    notFound: { status: missing.status, code: missing.error.code },
    notModified: again.status,
    put: {
      status: put.status,
      action: put.data.action,
      revision: put.data.revision,
      added: put.data.added.length,
    },
    past: { before: await countEvents({ asOf: '1' }), now: await countEvents({}) },
  }),
);
