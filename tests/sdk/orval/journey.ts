/** Journey with orval and its fetch client. */
import {
  type Dossier,
  getBattleGroupDeployment,
  getPerson,
  type ListEventsParams,
  listEvents,
  listStatements,
  putDossier,
  searchFacts,
} from './generated/summit-facts.ts';

const { API_KEY: key = '' } = process.env;

const statements: string[] = [];
let pages = 0;
let cursor: string | null = null;
do {
  const filters = { speaker: ['jens-stoltenberg'], limit: 2, sort: 'id' as const };
  const page = await listStatements({ ...filters, ...(cursor && { cursor }) });
  if (page.status !== 200) throw new Error(`listStatements returned ${page.status}`);
  statements.push(...page.data.data.map(({ id }) => id));
  pages += 1;
  cursor = page.data.meta.nextCursor;
} while (cursor);

const deployment = await getBattleGroupDeployment('nato-bulgaria');
if (deployment.status !== 200) throw new Error(`getBattleGroupDeployment returned ${deployment.status}`);

const hits = await searchFacts({ q: 'battle group', limit: 3 });
if (hits.status !== 200) throw new Error(`searchFacts returned ${hits.status}`);

const tooMany = await listEvents({ limit: 201 });
if (tooMany.status !== 400) throw new Error(`listEvents with an invalid limit returned ${tooMany.status}`);
const missingPerson = await getPerson('missing');
if (missingPerson.status !== 404)
  throw new Error(`getPerson with an unknown id returned ${missingPerson.status}`);

const first = await getPerson('jens-stoltenberg');
const tag = first.headers.get('ETag') ?? '';
const again = await getPerson('jens-stoltenberg', {}, { headers: { 'If-None-Match': tag } });

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
const put = await putDossier(
  dossier.document.id,
  dossier,
  {},
  { headers: { 'If-None-Match': '*', Authorization: `Bearer ${key}` } },
);
if (put.status !== 201) throw new Error(`putDossier returned ${put.status}`);

const countEvents = async (params: ListEventsParams) => {
  const events = await listEvents({ count: true, ...params });
  return events.status === 200 ? events.data.meta.total : undefined;
};

process.stdout.write(
  JSON.stringify({
    statements,
    pages,
    deployment: {
      hostCountry: deployment.data.hostCountry.label,
      announcedOn: deployment.data.announcedOn,
      announcedBy: deployment.data.announcedBy?.label,
      evidence: deployment.data.evidence[0]?.exact,
    },
    search: hits.data.data.map(({ type, id }) => `${type}/${id}`),
    badRequest: {
      status: tooMany.status,
      code: tooMany.data.code,
      parameter: tooMany.data.errors[0]?.parameter,
    },
    notFound: { status: missingPerson.status, code: missingPerson.data.code },
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
