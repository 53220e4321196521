/** How facts came to be what they are: their versions, the changes of all facts, and the revisions that made them. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { type FactBody, keyOf, referencesIn } from '../facts/body.ts';
import { CAUSES, type Cause, fieldChanges, OPS, opOf, type Version } from '../facts/change.ts';
import { id, type Reference } from '../facts/fields.ts';
import { FactLinks, pageOf } from '../facts/representation.ts';
import type { Resource } from '../facts/resource.ts';
import { JSON_TYPE, operation } from '../http/operation.ts';
import { many, single, wholeNumber } from '../http/parameters.ts';
import { invalidParameters, Problem } from '../problem.ts';
import { resourceByType, resourceOf, resources } from '../resources/index.ts';
import {
  type CauseCount,
  type ChangeQuestion,
  type ChangeRow,
  countChanges,
  findChanges,
  findRevisions,
  findVersions,
  type RevisionRow,
} from '../store/history.ts';
import type { Store } from '../store/open.ts';
import type { Reader } from '../store/portable/index.ts';
import { labelsOf } from '../store/read.ts';
import { OPEN_END } from '../store/tables.ts';
import { answer, answerPage, cut, pageParameters } from './answer.ts';
import { existing, pathOf } from './item.ts';
import { asOf } from './reading.ts';
import { linksOf } from './represent.ts';

const FieldChange = z
  .object({
    field: z
      .string()
      .describe('The field: an own one, or id, label, accordingTo, reportedOn, evidence, inferences.'),
    before: z.unknown().describe('Its value before; null where there was none.'),
    after: z.unknown().describe('Its value since.'),
  })
  .meta({ id: 'FieldChange', description: 'What a change did to one field.' });

const cause = z
  .enum(CAUSES)
  .describe(
    'addition: new in the record; development: the world moved on; correction: the record was wrong; retraction: ' +
      'withdrawn; editorial: evidence, notes and labels.',
  );

const what = {
  op: z.enum(OPS).describe('What to do to a copy of the facts.'),
  cause,
  reason: z.string().optional().describe('Why: of every correction and retraction.'),
};

const revisionHead = {
  revision: z.int().min(1),
  recordedAt: z.iso.datetime().describe('When it was recorded here, UTC; it never goes back.'),
};

const told = {
  author: z.string().describe('Who answers for it.'),
  reviewer: z.string().optional().describe('Who looked it over, if anybody is named.'),
  note: z.string().describe('What it is about.'),
};

const ChangedFact = z
  .object({
    type: z.string(),
    id: z.string(),
    label: z.string().describe('Its label since the change.'),
    links: FactLinks,
  })
  .meta({ id: 'ChangedFact', description: 'The fact that was changed.' });

const fields = z
  .array(FieldChange)
  .describe('What differs; of an addition, every field that says something.');

const Change = z
  .object({
    ...revisionHead,
    ...what,
    fact: ChangedFact,
    version: z.int().min(1).describe('Which version of the fact it made.'),
    document: z.string().nullable().describe('The id of the dossier that made the change.'),
    fields,
  })
  .meta({ id: 'Change', description: 'One fact, changed by one revision.' });

const FactVersion = z
  .object({
    version: z.int().min(1),
    id: z.string().describe('The id that it went by.'),
    ...revisionHead,
    ...told,
    ...what,
    fields,
    links: z
      .object({ self: z.string().describe('The fact as it was then, path-absolute.') })
      .meta({ id: 'FactVersionLinks' }),
  })
  .meta({ id: 'FactVersion', description: 'One version of a fact: who made it of the one before, and why.' });

const Revision = z
  .object({
    ...revisionHead,
    ...told,
    dossier: z.string().nullable().describe('The id of the dossier that was imported.'),
    changes: z
      .object(Object.fromEntries(CAUSES.map((name) => [name, z.int().min(0)])))
      .meta({ id: 'ChangeCounts', description: 'How many facts it changed, by cause.' }),
    links: z
      .object({ self: z.string(), changes: z.string().describe('What it changed, fact by fact.') })
      .meta({ id: 'RevisionLinks' }),
  })
  .meta({ id: 'Revision', description: 'One accepted import.' });

const ChangePage = pageOf('ChangePage', 'A page of changes.', Change);
const FactVersionPage = pageOf('FactVersionPage', 'A page of the versions of a fact.', FactVersion);
const RevisionPage = pageOf('RevisionPage', 'A page of revisions.', Revision);

const NumberPlace = z.tuple([z.string().regex(/^\d{1,10}$/)]);
const atNumber = (place: [string] | null): number | null => (place ? Number(place[0]) : null);

/** The versions of one fact. */
export function versions(app: FastifyInstance, store: Store, resource: Resource): void {
  const { type, collection, noun, component, title, example } = resource;
  const options = operation({
    operationId: `list${component}Versions`,
    tag: title,
    summary: `List the versions of one ${noun}`,
    description: `Every version of the ${noun}, the oldest first, with who made it, why, and what it changed.`,
    path: pathOf(resource),
    query: z.strictObject(pageParameters),
    answer: { description: 'A page of versions.', mediaType: JSON_TYPE, schema: FactVersionPage },
    conditional: true,
    problems: ['not-found'],
    renamed: true,
    example: `/v1/${collection}/${example}/versions?limit=1`,
  });
  app.get(`/v1/${collection}/:id/versions`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return answerPage(
      { store, request, reply },
      { places: NumberPlace },
      async (db, revision, place, limit) => {
        await existing(db, resource, id, revision);
        const found = await findVersions(db, revision, { type, id }, atNumber(place), limit + 1);
        const { rows, next } = cut(found, limit, ({ version }): [string] => [String(version)]);
        const name = await namesIn(db, revision, rows);
        const data = rows.map((row) => ({
          version: row.version,
          id: row.id,
          ...headOf(row),
          ...toldBy(row),
          ...whatDid(row, name),
          links: { self: `${linksOf(row).self}?asOf=${row.revision}` },
        }));
        return { data, next };
      },
    );
  });
}

const Type = z.enum(resources.map(({ type }) => type) as [string, ...string[]]);
const FactName = z
  .string()
  .max(250)
  .refine((name) => {
    const [type = '', of = '', ...rest] = name.split('/');
    return rest.length === 0 && resourceByType.has(type) && id.safeParse(of).success;
  }, 'must be written type/id, such as person/jens-stoltenberg');

const changeParameters = {
  type: many(Type).optional().describe('Only changes of facts of these types.'),
  fact: many(FactName).optional().describe('Only changes of these facts, each written type/id.'),
  document: many(id)
    .optional()
    .describe('Only changes that the dossiers of these documents made, and changes of their facts.'),
  cause: many(z.enum(CAUSES)).optional().describe('Only changes for these causes.'),
};

interface ChangeParameters {
  after?: number;
  type?: string[];
  fact?: string[];
  document?: string[];
  cause?: Cause[];
}

export function changes(app: FastifyInstance, store: Store): void {
  const after = single(wholeNumber(0, OPEN_END - 1)).default(0);
  const { cause: _, ...unlessCorrections } = changeParameters;
  listOfChanges(app, store, {
    operationId: 'listChanges',
    path: '/v1/changes',
    summary: 'List the changes of all facts',
    description:
      'In the order in which they were recorded, for a copy of the facts to follow. When there is no next page, come back ' +
      'with `after` set to `meta.revision`; as long as nothing is new, `If-None-Match` gets a 304.',
    query: {
      after: after.describe('Only what later revisions than this one changed.'),
      ...changeParameters,
      ...pageParameters,
    },
    example: '/v1/changes?type=sanctions-round&limit=1',
    newestFirst: false,
  });
  listOfChanges(app, store, {
    operationId: 'listCorrections',
    path: '/v1/corrections',
    summary: 'List corrections and retractions',
    description: 'What the record had wrong, the newest first, each with the reason.',
    query: { ...unlessCorrections, ...pageParameters },
    example: '/v1/corrections',
    newestFirst: true,
  });
}

interface ChangeList {
  operationId: string;
  path: string;
  summary: string;
  description: string;
  query: z.core.$ZodShape;
  example: string;
  newestFirst: boolean;
}

function listOfChanges(
  app: FastifyInstance,
  store: Store,
  { path, query, newestFirst, ...rest }: ChangeList,
): void {
  const options = operation({
    ...rest,
    tag: 'History',
    query: z.strictObject(query as z.ZodRawShape),
    answer: { description: 'A page of changes.', mediaType: JSON_TYPE, schema: ChangePage },
    conditional: true,
    problems: [],
  });
  app.get(path, options, (request, reply) => {
    const parameters = request.query as ChangeParameters;
    const question = { ...questionOf(parameters), newestFirst };
    if (newestFirst) question.causes = ['correction', 'retraction'];
    return answerPage(
      { store, request, reply },
      { places: NumberPlace },
      async (db, revision, place, limit) => {
        if (question.after > revision) throw tooLate(question.after, revision);
        const found = await findChanges(db, revision, question, atNumber(place), limit + 1);
        const { rows, next } = cut(found, limit, ({ row }): [string] => [String(row)]);
        const name = await namesIn(db, revision, rows);
        const data = rows.map((row) => ({
          ...headOf(row),
          ...whatDid(row, name),
          fact: { type: row.type, id: row.id, label: row.label, links: linksOf(row) },
          version: row.version,
          document: row.dossier,
        }));
        return { data, next };
      },
    );
  });
}

function questionOf({
  after = 0,
  type,
  fact,
  document,
  cause,
}: ChangeParameters): Omit<ChangeQuestion, 'newestFirst'> {
  const facts = fact?.map((name): Reference => {
    const [of = '', id = ''] = name.split('/');
    return { type: of, id };
  });
  return {
    after,
    types: type ?? null,
    facts: facts ?? null,
    documents: document ?? null,
    causes: cause ?? null,
  };
}

function tooLate(after: number, revision: number): Problem {
  const detail = `must be at most ${revision}, the revision that is read (given: ${after})`;
  return invalidParameters([{ parameter: 'after', code: 'out-of-range', detail }]);
}

/** The revisions, and one of them. */
export function revisions(app: FastifyInstance, store: Store): void {
  const list = operation({
    operationId: 'listRevisions',
    tag: 'History',
    summary: 'List the revisions',
    description: 'Every accepted import, the newest first.',
    query: z.strictObject(pageParameters),
    answer: { description: 'A page of revisions.', mediaType: JSON_TYPE, schema: RevisionPage },
    conditional: true,
    problems: [],
    example: '/v1/revisions',
  });
  app.get('/v1/revisions', list, (request, reply) =>
    answerPage(
      { store, request, reply },
      { places: NumberPlace, always: true },
      async (db, revision, place, limit) => {
        const found = await findRevisions(db, revision, atNumber(place), limit + 1);
        const { rows, next } = cut(found, limit, ({ n }): [string] => [String(n)]);
        return { data: await described(db, rows), next };
      },
    ),
  );

  const one = operation({
    operationId: 'getRevision',
    tag: 'History',
    summary: 'Get one revision',
    description: 'Who imported what, when and why, and how many facts it changed.',
    path: z.strictObject({
      revision: wholeNumber(1, OPEN_END - 1).describe('The number of the revision.'),
    }),
    query: z.strictObject({ asOf }),
    answer: { description: 'The revision.', mediaType: JSON_TYPE, schema: Revision },
    conditional: true,
    problems: ['not-found'],
    example: '/v1/revisions/1',
  });
  app.get('/v1/revisions/:revision', one, (request, reply) => {
    const { revision: n } = request.params as { revision: number };
    return answer({ store, request, reply }, {}, async (db, revision) => {
      const rows = n > revision ? [] : await findRevisions(db, n, null, 1);
      if (rows.length === 0)
        throw new Problem('not-found', `There is no revision ${n} up to revision ${revision}.`);
      return (await described(db, rows))[0];
    });
  });
}

async function described(db: Reader, rows: RevisionRow[]): Promise<z.output<typeof Revision>[]> {
  const counts = await countChanges(
    db,
    rows.map(({ n }) => n),
  );
  return rows.map((row) => ({
    ...headOf({ revision: row.n, recorded_at: row.recorded_at }),
    ...toldBy(row),
    dossier: row.dossier,
    changes: Object.fromEntries(CAUSES.map((name) => [name, countOf(counts, row.n, name)])),
    links: { self: `/v1/revisions/${row.n}`, changes: `/v1/changes?after=${row.n - 1}&asOf=${row.n}` },
  }));
}

const countOf = (counts: CauseCount[], n: number, name: Cause): number =>
  counts.find(({ revision, cause }) => revision === n && cause === name)?.count ?? 0;

const headOf = ({ revision, recorded_at }: Pick<ChangeRow, 'revision' | 'recorded_at'>) => ({
  revision,
  recordedAt: recorded_at,
});

const toldBy = ({ author, reviewer, note }: Pick<ChangeRow, 'author' | 'reviewer' | 'note'>) => ({
  author,
  ...(reviewer !== null && { reviewer }),
  note,
});

/** Names a reference by its label. */
type Name = (reference: Reference) => string;

function whatDid(row: ChangeRow, name: Name) {
  const [before, after] = [row.previous && versionOf(row.previous), versionOf(row)];
  const fields = fieldChanges(resourceOf(row.type), before, after);
  for (const reference of referencesIn(fields)) Object.assign(reference, { label: name(reference) });
  const { cause, reason } = row;
  return { op: opOf(before, after), cause, ...(reason !== null && { reason }), fields };
}

const versionOf = ({
  id,
  label,
  reported_on,
  retracted,
  body,
}: Pick<ChangeRow, 'id' | 'label' | 'reported_on' | 'retracted' | 'body'>): Version => ({
  id,
  label,
  reportedOn: reported_on,
  retracted: retracted !== null,
  body: JSON.parse(body) as FactBody,
});

/** The labels, at the revision that is read, of all that these versions refer to. */
async function namesIn(db: Reader, revision: number, rows: ChangeRow[]): Promise<Name> {
  const bodies = rows.flatMap(({ body, previous }) => [body, ...(previous ? [previous.body] : [])]);
  const labels = await labelsOf(db, revision, referencesIn(bodies.map((body) => JSON.parse(body))));
  return (reference) => labels.get(keyOf(reference))?.label ?? reference.id;
}
