/** Store with data for all operations, and the known content from which valid requests are generated. */
import type { FastifyInstance } from 'fastify';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import { createKey } from '../../src/store/api-keys.ts';
import { createApp, createStore, get, importInto, type Json } from './app.ts';
import { buildDossier } from './dossier-builder.ts';
import { openapi, operations } from './openapi-fuzz/document.ts';

/** Fact, for some with the values by which each filter of the collection finds it. */
export interface ExpectedFact {
  id: string;
  filters: Map<string, string[]>;
}

export interface ApiFixture {
  app: FastifyInstance;
  writeKey: string;
  readKey: string;
  /** Facts by collection. */
  facts: Map<string, ExpectedFact[]>;
  /** Old paths of renamed facts, as `collection/id`. */
  renamedPaths: string[];
  /** References to all facts, as `type/id`. */
  references: string[];
  documents: { id: string; length: number }[];
  /** Number of revisions before the first request. */
  revisionCount: number;
  /** Instants at which the store had facts, none in the future. */
  instants: string[];
  words: string[];
}

const EXCERPTS_TEXT = 'Nobody may see all of this. Ilze Ābele spoke.\n';
const buildPerson = (id: string) => ({
  type: 'person',
  id,
  name: 'Ilze Ābele',
  evidence: [{ quote: 'Ilze Ābele', supports: ['name'] }],
});
const uncovered = [{ quote: 'Nobody may see all of this', reason: 'Nothing is drawn from it' }];

const STATEMENT_TEXT = 'Much is said of all of this. More was said of it.';
/** Facts of the types that nothing in the first dossier refers to; two statements refer to each. */
const REFERENCED_FACTS = [
  'membership/germany-g7',
  'statement/kallas-stop-the-war-criminal',
  'stance/germany-fifth-round',
  'battle-group-deployment/nato-bulgaria',
  'figure/new-battle-groups',
];
const buildStatement = (id: string, quote: string) => ({
  type: 'statement',
  id,
  mode: 'narrative',
  about: REFERENCED_FACTS,
  parts: [{ quote, role: 'content', supports: ['about'] }],
});

/** Creates the store: facts have several versions, some are retracted or renamed, one text is not public. */
export async function createApiFixture(): Promise<ApiFixture> {
  const store = await createStore();
  await seed(store, DOSSIERS_FOLDER);
  await seed(store, 'tests/fixtures/dossiers');
  const rights = { statement: 'Only excerpts', display: 'excerpts' };
  const excerptsDossier = { id: 'excerpts', source: EXCERPTS_TEXT, document: { rights }, uncovered };
  await importInto(
    store,
    buildDossier({ ...excerptsDossier, facts: [buildPerson('ilze'), buildPerson('withdrawn')] }),
  );
  const renames = [{ from: 'person/ilze', to: 'ilze-abele' }];
  const retractions = [{ fact: 'person/withdrawn', reason: 'She is the same' }];
  await importInto(
    store,
    buildDossier({ ...excerptsDossier, facts: [buildPerson('ilze-abele')], renames, retractions }),
  );
  const facts = [
    buildStatement('much', 'Much is said of all of this'),
    buildStatement('more', 'More was said of it'),
  ];
  await importInto(store, buildDossier({ id: 'talk', source: STATEMENT_TEXT, facts }));

  const app = await createApp(store);
  const createKeyWithScope = async (scope: 'read' | 'write') =>
    (await createKey(store, { name: `who may ${scope}`, scopes: [scope], expiresAt: null })).key;
  const [writeKey, readKey] = [await createKeyWithScope('write'), await createKeyWithScope('read')];
  await reviseAllFacts(app, writeKey);
  return { app, writeKey, readKey, renamedPaths: ['people/ilze'], ...(await collectExpectedFacts(app)) };
}

/** Adds a version to every fact of the first dossier. */
async function reviseAllFacts(app: FastifyInstance, key: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}`, 'if-match': '*', 'content-type': 'application/json' };
  const url = '/v1/dossiers/brussels-2022-03-24';
  const { body: dossier } = await get(app, url);
  for (const fact of [dossier.document, ...dossier.facts]) {
    const field =
      fact === dossier.document
        ? 'title'
        : (fact.evidence?.[0].supports[0] ?? ('parts' in fact ? 'mode' : 'name'));
    fact.inferences = [
      ...(fact.inferences ?? []),
      { fields: [field], kind: 'background', note: 'Looked at again' },
    ];
  }
  const { statusCode, body } = await app.inject({
    method: 'PUT',
    url: `${url}?note=Looked%20at%20again`,
    headers,
    payload: dossier,
  });
  if (statusCode !== 200) throw new Error(`the first dossier cannot be revised: ${body}`);
}

async function collectExpectedFacts(app: FastifyInstance) {
  const facts = new Map<string, ExpectedFact[]>();
  const references: string[] = [];
  const words = new Set<string>();
  for (const { path, operation } of operations) {
    const [, collection = ''] = /^\/v1\/([a-z-]+)\/facets$/.exec(path) ?? [];
    if (collection === '') continue;
    const by = operation.parameters.find(({ name }: Json) => name === 'by').schema.items.enum.join(',');
    const { body } = await get(app, `/v1/${collection}?limit=200`);
    const collectionFacts: ExpectedFact[] = [];
    for (const { type, id, label } of body.data) {
      collectionFacts.push({ id, filters: new Map() });
      references.push(`${type}/${id}`);
      for (const word of label.match(/\p{L}{3,}/gu) ?? []) words.add(word);
    }
    // Two facts are enough, as counting is slow.
    for (const fact of [collectionFacts[0], collectionFacts.at(-1)] as ExpectedFact[]) {
      const { body: facets } = await get(app, `/v1/${collection}/facets?by=${by}&ids=${fact.id}`);
      for (const { field, values } of facets.data)
        fact.filters.set(
          field,
          values.map(({ value }: Json) => value),
        );
    }
    facts.set(collection, collectionFacts);
  }
  const { body: list } = await get(app, '/v1/documents?limit=200');
  const { body: history } = await get(app, '/v1/revisions?limit=200');
  return {
    facts,
    references,
    words: [...words],
    documents: list.data.map(({ id, lengthCodePoints }: Json) => ({ id, length: lengthCodePoints })),
    revisionCount: history.data.length,
    instants: [...history.data.map(({ recordedAt }: Json) => recordedAt), new Date().toISOString()],
  };
}

/** Returns the example dossier in the OpenAPI document. */
export const getExampleDossier = (): Json =>
  structuredClone(openapi.paths['/v1/dossiers/{id}'].put.requestBody.content['application/json'].example);
