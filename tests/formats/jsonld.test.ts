/**
 * Linked data, read by a JSON-LD processor in safe mode, which rejects unknown terms, and without network
 * access.
 */
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import jsonld from 'jsonld';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { buildContextDocument, VOCABULARY_IRI } from '../../src/formats/jsonld/context.ts';
import { jsonld as format } from '../../src/formats/jsonld/index.ts';
import { hasValue } from '../../src/model/fact-body.ts';
import { defineFactType } from '../../src/model/fact-type.ts';
import { day, nullable, reference, text } from '../../src/model/fields.ts';
import type { Fact } from '../../src/model/response-schemas.ts';
import { factTypes } from '../../src/model/types/index.ts';
import { redactDocument } from '../../src/store/import/redact.ts';
import { createApp, createSeededApp, createStore, get, importInto, type Json } from '../support/app.ts';
import { buildDossier, buildDossierHistory } from '../support/dossier-builder.ts';

const PUBLIC_URL = 'https://facts.example.org';
const SCHEMA = 'http://schema.org/';
const OA = 'http://www.w3.org/ns/oa#';
const XSD = 'http://www.w3.org/2001/XMLSchema#';
const BRUSSELS = 'brussels-2022-03-24';

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp({ publicUrl: PUBLIC_URL });
});

/** Options that load contexts from the server under test only. */
const createOptions = (from: FastifyInstance = app) => ({
  safe: true,
  documentLoader: async (url: string) => {
    if (!url.startsWith(`${PUBLIC_URL}/`)) throw new Error(`${url} is not from here`);
    const { body } = await get(from, url.slice(PUBLIC_URL.length));
    return { contextUrl: undefined, documentUrl: url, document: body };
  },
});

async function fetchJsonLd(path: string, from: FastifyInstance = app): Promise<Json> {
  const { status, headers, body } = await get(from, path);
  expect([path, status, headers['content-type']]).toEqual([path, 200, 'application/ld+json; charset=utf-8']);
  return body;
}

const expand = async (path: string, from: FastifyInstance = app): Promise<Json[]> =>
  jsonld.expand(await fetchJsonLd(path, from), createOptions(from));

/** Fetches the expanded node of a fact. */
const fetchNode = async (path: string, from: FastifyInstance = app): Promise<Json> =>
  (await expand(path, from))[0];

const getValues = (nodes: Json[] | undefined): unknown[] =>
  (nodes ?? []).map((node) => node['@value'] ?? node['@id']);

/** Collects every value and every `@id` in `nodes`, at any depth. */
function collectValues(nodes: Json, values: unknown[] = []): unknown[] {
  if (Array.isArray(nodes)) for (const each of nodes) collectValues(each, values);
  else if (nodes && typeof nodes === 'object') {
    if ('@value' in nodes) values.push(nodes['@value']);
    if ('@id' in nodes) values.push(nodes['@id']);
    for (const [key, inner] of Object.entries(nodes)) if (!key.startsWith('@')) collectValues(inner, values);
  }
  return values;
}

/** Fields with a schema.org property; all others use the project's own vocabulary. */
const SCHEMA_ORG_PROPERTIES: Record<string, Record<string, string>> = {
  document: {
    title: 'headline',
    language: 'inLanguage',
    publisher: 'publisher',
    publishedOn: 'datePublished',
    url: 'url',
  },
  event: {
    name: 'name',
    startDate: 'startDate',
    endDate: 'endDate',
    place: 'location',
    partOf: 'superEvent',
    organizer: 'organizer',
  },
  person: { name: 'name', aliases: 'alternateName' },
  organization: { name: 'name', aliases: 'alternateName' },
  country: { name: 'name', aliases: 'alternateName' },
  membership: { member: 'member', organization: 'memberOf', role: 'roleName' },
  statement: {
    speakers: 'creator',
    text: 'text',
    about: 'about',
    topics: 'keywords',
    saidOn: 'dateCreated',
  },
  proposal: { title: 'name' },
  stance: { actor: 'agent', subject: 'object' },
  'sanctions-round': { imposedBy: 'agent', target: 'object' },
  'battle-group-deployment': { alliance: 'agent', location: 'location' },
  figure: { subject: 'observationAbout', unit: 'unitText' },
};

/** Returns the values that a field has in linked data: plain values, and the URLs of other facts. */
function flattenValues(value: Json): unknown[] {
  if (Array.isArray(value)) return value.flatMap(flattenValues);
  if (value === null || typeof value !== 'object') return value === null ? [] : [value];
  const { type, id, label } = value;
  if (type && id && label) {
    const { collection } = factTypes.find((each) => each.type === type) as Json;
    return [`${PUBLIC_URL}/v1/${collection}/${id}`];
  }
  return Object.values(value).flatMap(flattenValues);
}

/** Checks that a node has every value of the fact as JSON, under the expected property. */
function expectCompleteNode(fact: Json, node: Json): void {
  const { componentName, fieldNames } = factTypes.find(({ type }) => type === fact.type) as Json;
  expect(node['@id']).toBe(fact.links.self);
  expect(node['@type']).toContain(`${VOCABULARY_IRI}${componentName}`);
  for (const field of fieldNames.filter((name: string) => hasValue(fact[name]))) {
    const property = SCHEMA_ORG_PROPERTIES[fact.type]?.[field];
    const iri = property ? SCHEMA + property : `${VOCABULARY_IRI}${componentName}.${field}`;
    const values = collectValues(node[iri]);
    const month = fact.datePrecision === 'month' && field.endsWith('Date');
    const leaves = month ? [fact[field].slice(0, 7)] : flattenValues(fact[field]);
    expect(values, `${fact.type}/${fact.id} ${field}`).toEqual(expect.arrayContaining(leaves));
  }
  for (const [name, type] of Object.entries({ reportedOn: 'date', recordedAt: 'dateTime' })) {
    const value = fact[name] && [{ '@type': XSD + type, '@value': fact[name] }];
    expect(node[`${VOCABULARY_IRI}${name}`] ?? null).toEqual(value);
  }
  const metadataFields = ['version', 'revision', 'accordingTo', 'inferences', 'retracted', 'redacted'];
  for (const name of metadataFields.filter((each) => hasValue(fact[each]))) {
    expect(collectValues(node[`${VOCABULARY_IRI}${name}`]), name).toEqual(
      expect.arrayContaining(flattenValues(fact[name])),
    );
  }
  expect(node['http://www.w3.org/2000/01/rdf-schema#label']).toEqual([{ '@value': fact.label }]);
  expect((node[`${VOCABULARY_IRI}evidence`] ?? []).map(parseAnnotation)).toEqual(
    fact.evidence?.map(toSpan) ?? [],
  );
}

const toSpan = ({ document, start, end, exact, prefix, suffix, supports }: Json) => ({
  document: document.id,
  sha256: document.sha256,
  start,
  end,
  exact,
  prefix,
  suffix,
  supports,
});

/** Reads an annotation according to the W3C model. */
function parseAnnotation(annotation: Json): Json {
  const [fact] = getValues(annotation[`${OA}hasBody`]);
  expect(annotation['@id']).toMatch(new RegExp(`^${fact}#evidence-[a-z0-9-]+$`));
  expect(annotation['@type']).toEqual([`${OA}Annotation`]);
  expect(getValues(annotation[`${OA}motivatedBy`])).toEqual([`${OA}linking`]);
  const [target] = annotation[`${OA}hasTarget`];
  expect(target['@type']).toEqual([`${OA}SpecificResource`]);
  const [source] = target[`${OA}hasSource`];
  const selector = (type: string) =>
    target[`${OA}hasSelector`].find((each: Json) => each['@type'][0] === `${OA}${type}`);
  const quote = (name: string) => getValues(selector('TextQuoteSelector')[`${OA}${name}`])[0];
  const position = (name: string) => {
    const [offset] = selector('TextPositionSelector')[`${OA}${name}`];
    expect(offset['@type']).toBe(`${XSD}nonNegativeInteger`);
    return offset['@value'];
  };
  return {
    document: source['@id'].split('/').at(-2),
    sha256: getValues(source[`${SCHEMA}sha256`])[0],
    start: position('start'),
    end: position('end'),
    exact: quote('exact'),
    prefix: quote('prefix'),
    suffix: quote('suffix'),
    supports: getValues(annotation[`${VOCABULARY_IRI}supports`]),
  };
}

/** Compares every fact of a store, alone and in its list, with its JSON; returns the number of facts. */
async function expectCompleteCollections(from: FastifyInstance): Promise<number> {
  let factCount = 0;
  for (const { collection } of factTypes) {
    const { data } = (await get(from, `/v1/${collection}?limit=200&include=retracted`)).body;
    const list = await fetchJsonLd(`/v1/${collection}.jsonld?include=retracted`, from);
    expect(list['@context']).toBe(`${PUBLIC_URL}/schemas/context.jsonld`);
    // A graph of one node is expanded without the graph around it.
    const nodes = await jsonld.expand(list, createOptions(from));
    expect(nodes.map((node: Json) => node['@id'])).toEqual(data.map((fact: Json) => fact.links.self));
    for (const [index, fact] of data.entries()) {
      expectCompleteNode(fact, nodes[index]);
      const item = await fetchJsonLd(`${fact.links.self}.jsonld`, from);
      expect(item).toEqual({ '@context': list['@context'], ...list['@graph'][index] });
      factCount += 1;
    }
  }
  return factCount;
}

describe('every fact', () => {
  it('of the first dossier is complete as linked data', async () => {
    expect(await expectCompleteCollections(app)).toBeGreaterThan(100);
  });

  it('of a history with retractions, renames and a redaction is complete', async () => {
    const store = await createStore();
    const eventful = await createApp(store, { publicUrl: PUBLIC_URL });
    for (const files of buildDossierHistory()) await importInto(store, files);
    await expectCompleteCollections(eventful);
    const retractedNode = await fetchNode('/v1/people/biruta.jsonld', eventful);
    const [reason] = retractedNode[`${VOCABULARY_IRI}retracted`];
    expect(getValues(reason[`${VOCABULARY_IRI}Retraction.reason`])).toEqual(['Nobody knows her']);
    const redirect = await get(eventful, '/v1/people/ilze.jsonld');
    expect([redirect.status, redirect.headers['location']]).toEqual([308, '/v1/people/ilze-abele.jsonld']);

    await redactDocument(store, 'vote', { author: 'the lawyers', reason: 'Court order' });
    await expectCompleteCollections(eventful);
    const document = await fetchNode('/v1/documents/vote.jsonld', eventful);
    const [redaction] = document[`${VOCABULARY_IRI}redacted`];
    expect(getValues(redaction[`${VOCABULARY_IRI}Redaction.reason`])).toEqual(['Court order']);
  });

  it('has only absolute IRIs, also after conversion to RDF', async () => {
    for (const { collection } of factTypes) {
      const document = await fetchJsonLd(`/v1/${collection}.jsonld`);
      const flat = await jsonld.flatten(document, null, createOptions());
      for (const node of flat) {
        for (const iri of [node['@id'], ...(node['@type'] ?? []), ...Object.keys(node)]) {
          if (!iri.startsWith('@')) expect(iri).toMatch(/^(https?:\/\/|urn:uuid:|_:b\d+$)/);
        }
      }
      const quads: Json[] = await jsonld.toRDF(document, createOptions());
      expect(quads.length).toBeGreaterThan(0);
      for (const { predicate, object } of quads) {
        expect(predicate.value).toMatch(/^(https?:|urn:uuid:)/);
        if (object.termType === 'NamedNode') expect(object.value).toMatch(/^(https?:|urn:uuid:)/);
      }
    }
  });

  it('is in a document that is invalid JSON until its end', async () => {
    const { data } = (await get(app, '/v1/people')).body;
    const pages = async function* () {
      yield* [[], data.slice(0, 1), [], data.slice(1, 3)];
    };
    const [people] = factTypes.filter(({ type }) => type === 'person');
    const context = { factType: people, publicUrl: PUBLIC_URL } as Json;
    let body = '';
    for await (const piece of format.serialize(pages(), context)) {
      expect(() => JSON.parse(body)).toThrow();
      body += piece;
    }
    expect(JSON.parse(body)['@graph'].map((node: Json) => node.name)).toEqual(
      data.slice(0, 3).map(({ name }: Json) => name),
    );
  });

  it('can be the only one in a list, and a list can be empty', async () => {
    expect((await fetchJsonLd('/v1/events.jsonld?ids=nothing-of-ours'))['@graph']).toEqual([]);
    const { '@graph': graph } = await fetchJsonLd('/v1/events.jsonld?ids=war-in-ukraine');
    expect(graph).toHaveLength(1);
  });
});

describe('statements', () => {
  const QUOTATION = '/v1/statements/stoltenberg-use-of-chemical-weapons.jsonld';

  it('are quotations with text, speaker and evidence', async () => {
    const quotation = await fetchNode(QUOTATION);
    expect(quotation['@type']).toEqual([`${SCHEMA}Quotation`, `${VOCABULARY_IRI}Statement`]);
    const [said] = getValues(quotation[`${SCHEMA}text`]) as string[];
    expect(said).toMatch(/^Any use of chemical weapons would fundamentally change/);
    const stoltenberg = [`${PUBLIC_URL}/v1/people/jens-stoltenberg`];
    expect(getValues(quotation[`${SCHEMA}creator`])).toEqual(stoltenberg);
    expect(getValues(quotation[`${SCHEMA}spokenByCharacter`])).toEqual(stoltenberg);
    expect(getValues(quotation[`${SCHEMA}isPartOf`])).toEqual([`${PUBLIC_URL}/v1/documents/${BRUSSELS}`]);

    const annotations: Json[] = quotation[`${VOCABULARY_IRI}evidence`];
    for (const annotation of annotations) {
      expect(getValues(annotation[`${OA}hasBody`])).toEqual([quotation['@id']]);
      const source = annotation[`${OA}hasTarget`][0][`${OA}hasSource`][0]['@id'];
      const { body } = await get(app, source.slice(PUBLIC_URL.length));
      const { start, end, exact, prefix, suffix } = parseAnnotation(annotation);
      const points = Array.from(body as string);
      expect(points.slice(start, end).join('')).toBe(exact);
      expect(points.slice(0, start).join('').endsWith(prefix)).toBe(true);
      expect(points.slice(end).join('').startsWith(suffix)).toBe(true);
    }
    expect(annotations.map((each) => parseAnnotation(each).exact)).toContain(said);
  });

  it('are claims if they are not quoted', async () => {
    const { data } = (await get(app, '/v1/statements?limit=200')).body;
    const nodes = await expand('/v1/statements.jsonld');
    const classes = { direct: 'Quotation', mixed: 'Quotation', indirect: 'Claim', narrative: 'Claim' };
    expect(new Set(data.map(({ mode }: Json) => mode)).size).toBeGreaterThan(2);
    for (const [index, { mode, id }] of data.entries()) {
      const [type] = (nodes[index] as Json)['@type'];
      expect([id, type]).toEqual([id, SCHEMA + classes[mode as 'direct']]);
      const appears = getValues(nodes[index][`${SCHEMA}appearance`]);
      expect(appears.length, id).toBe(classes[mode as 'direct'] === 'Claim' ? 1 : 0);
    }
  });

  it('can be framed with the speaker embedded in each quotation', async () => {
    const context = `${PUBLIC_URL}/schemas/context.jsonld`;
    const list = await fetchJsonLd('/v1/statements.jsonld?speaker=jens-stoltenberg&mode=direct');
    const frame = { '@context': context, '@type': 'Quotation', creator: { '@embed': '@always' } };
    const framedList = await jsonld.frame(list, frame, createOptions());
    const quotations: Json[] = framedList['@graph'] ?? [framedList];
    expect(quotations.length).toBeGreaterThan(0);
    for (const { '@type': type, creator, text: quotedText } of quotations) {
      expect(type).toContain('Quotation');
      expect(quotedText).toBeTypeOf('string');
      expect(creator).toMatchObject({
        '@id': `${PUBLIC_URL}/v1/people/jens-stoltenberg`,
        name: 'Jens Stoltenberg',
      });
    }
  });

  it('are unchanged by compaction', async () => {
    const item = await fetchJsonLd(QUOTATION);
    const { '@context': _, ...compacted } = await jsonld.compact(item, item['@context'], createOptions());
    expect(compacted).toMatchObject({ '@type': item['@type'], text: item.text, cue: 'said', mode: 'direct' });
    expect(compacted.evidence).toHaveLength(item.evidence.length);
    expect(compacted.evidence[0].target.selector).toEqual(item.evidence[0].target.selector);
  });
});

describe('other facts', () => {
  it('have place, superior event and attendees of an event', async () => {
    const event = await fetchNode('/v1/events/eu-summit-2022-03-24.jsonld');
    const id = (path: string) => [`${PUBLIC_URL}/v1/${path}`];
    expect(getValues(event[`${SCHEMA}superEvent`])).toEqual(id('events/brussels-talks-2022-03-24'));
    expect(getValues(event[`${SCHEMA}organizer`])).toEqual(id('organizations/european-union'));
    expect(event[`${SCHEMA}startDate`]).toEqual([{ '@type': `${SCHEMA}Date`, '@value': '2022-03-24' }]);
    const [place] = event[`${SCHEMA}location`];
    expect(place['@type']).toEqual([`${SCHEMA}Place`, `${VOCABULARY_IRI}Place`]);
    expect(getValues(place[`${SCHEMA}name`])).toEqual(['Brussels']);
    expect(getValues(place[`${SCHEMA}address`][0][`${SCHEMA}addressCountry`])).toEqual(['BE']);
    expect(getValues(place[`${SCHEMA}geo`][0][`${SCHEMA}latitude`])).toEqual([50.83331708]);
    expect(getValues(place[`${SCHEMA}geo`][0][`${SCHEMA}longitude`])).toEqual([4.333316608]);
    expect(getValues(event[`${SCHEMA}attendee`])).toContain(`${PUBLIC_URL}/v1/people/joe-biden`);
    // The event is ongoing, and schema.org has no status for that.
    expect(event[`${SCHEMA}eventStatus`]).toBeUndefined();
    expect(getValues(event[`${VOCABULARY_IRI}Event.status`])).toEqual(['ongoing']);

    const war = await fetchNode('/v1/events/war-in-ukraine.jsonld');
    expect(war[`${SCHEMA}attendee`]).toBeUndefined();
    expect(war[`${VOCABULARY_IRI}Event.participants`]).toHaveLength(2);
    expect(getValues(war[`${SCHEMA}location`][0][`${VOCABULARY_IRI}Place.precision`])).toEqual(['country']);
  });

  it('have classes of schema.org in addition to their own', async () => {
    const classes = new Map<string, string[]>();
    for (const { type, collection } of factTypes) {
      const types = (await expand(`/v1/${collection}.jsonld`)).flatMap((node) => node['@type']);
      const theirs = types.filter((iri: string) => iri.startsWith(SCHEMA));
      classes.set(type, [...new Set<string>(theirs)].map((iri) => iri.slice(SCHEMA.length)).sort());
    }
    expect(Object.fromEntries(classes)).toEqual({
      document: ['Article'],
      event: ['Event'],
      person: ['Person'],
      organization: ['Organization'],
      country: ['Country', 'GovernmentOrganization'],
      membership: ['OrganizationRole'],
      statement: ['Claim', 'Quotation'],
      proposal: ['Intangible'],
      stance: ['AgreeAction', 'AssessAction', 'DisagreeAction'],
      'sanctions-round': ['Action'],
      'battle-group-deployment': ['Action'],
      figure: ['Observation'],
    });
  });

  it('have the codes of a country and the posts of a person', async () => {
    const country = await fetchNode('/v1/countries/estonia.jsonld');
    const codes = country[`${SCHEMA}identifier`].map((each: Json) => [
      getValues(each[`${SCHEMA}propertyID`])[0],
      getValues(each[`${SCHEMA}value`])[0],
    ]);
    expect(codes).toEqual([
      ['ISO 3166-1 alpha-2', 'EE'],
      ['ISO 3166-1 alpha-3', 'EST'],
    ]);
    const person = await fetchNode('/v1/people/jens-stoltenberg.jsonld');
    expect(getValues(person[`${SCHEMA}jobTitle`])).toEqual(['Secretary General']);
    const [post] = person[`${VOCABULARY_IRI}Person.posts`];
    expect(getValues(post[`${VOCABULARY_IRI}Post.of`])).toEqual([`${PUBLIC_URL}/v1/organizations/nato`]);
  });
});

describe('a value that the first dossier does not have', () => {
  const HOSTILE = 'He said "no" </script><script>alert(1)</script> \\ \u2028 \u{1F5F3}\u{FE0F} \u0100bele';
  let inventedApp: FastifyInstance;

  beforeAll(async () => {
    const store = await createStore();
    inventedApp = await createApp(store, { publicUrl: PUBLIC_URL });
    const event = (id: string, ownFields: object) => {
      const fields = { name: id, kind: 'meeting', status: 'held', ...ownFields };
      const supports = Object.keys(fields).filter((name) => name !== 'datePrecision');
      return { type: 'event', id, ...fields, evidence: [{ quote: `They meet. ${HOSTILE}`, supports }] };
    };
    const figure = (qualifier: string) => {
      const fields = { subject: 'event/off', measure: 'meetings', value: 2, unit: 'meetings', qualifier };
      const supports = [...Object.keys(fields), 'statedAs'];
      const evidence = [{ quote: 'two meetings', supports }];
      return { type: 'figure', id: qualifier, ...fields, statedAs: 'two meetings', evidence };
    };
    await importInto(
      store,
      buildDossier({
        source: `They meet. ${HOSTILE}\nThere are two meetings.`,
        document: {
          publisher: 'The Riga Times',
          url: 'https://example.org/riga?a=1&b=%22',
          rights: { statement: 'By permission', holder: 'The Riga Times', display: 'full' },
        },
        facts: [
          event('planned', { status: 'scheduled', startDate: '2031-05-02', datePrecision: 'month' }),
          event('off', { status: 'cancelled', name: HOSTILE }),
          event('later', { status: 'postponed', startDate: '2031-05-02', datePrecision: 'year' }),
          figure('exact'),
          figure('more-than'),
          figure('at-most'),
          figure('approximately'),
        ],
      }),
    );
  });

  it('is linked data too', async () => {
    const [planned, later] = await Promise.all(
      ['planned', 'later'].map((id) => fetchNode(`/v1/events/${id}.jsonld`, inventedApp)),
    );
    expect(getValues(planned[`${SCHEMA}eventStatus`])).toEqual([`${SCHEMA}EventScheduled`]);
    expect(getValues(planned[`${SCHEMA}startDate`])).toEqual(['2031-05']);
    expect(getValues(planned[`${VOCABULARY_IRI}Event.datePrecision`])).toEqual(['month']);
    expect(getValues(later[`${SCHEMA}eventStatus`])).toEqual([`${SCHEMA}EventPostponed`]);
    expect(getValues(later[`${SCHEMA}startDate`])).toEqual(['2031']);
    const document = (await get(inventedApp, '/v1/documents/riga-2031-05-02')).body;
    expectCompleteNode(document, await fetchNode('/v1/documents/riga-2031-05-02.jsonld', inventedApp));
  });

  it('limits a number only as far as the text does', async () => {
    const numbers = async (id: string) => {
      const node = await fetchNode(`/v1/figures/${id}.jsonld`, inventedApp);
      expect(getValues(node[`${VOCABULARY_IRI}Figure.value`])).toEqual([2]);
      return ['value', 'minValue', 'maxValue'].map((name) => getValues(node[SCHEMA + name])[0]);
    };
    expect(await numbers('exact')).toEqual([2, undefined, undefined]);
    expect(await numbers('more-than')).toEqual([undefined, 2, undefined]);
    expect(await numbers('at-most')).toEqual([undefined, undefined, 2]);
    expect(await numbers('approximately')).toEqual([undefined, undefined, undefined]);
  });

  it('can be any text', async () => {
    const event = await fetchNode('/v1/events/off.jsonld', inventedApp);
    expect(getValues(event[`${SCHEMA}name`])).toEqual([HOSTILE]);
    expect(getValues(event[`${SCHEMA}eventStatus`])).toEqual([`${SCHEMA}EventCancelled`]);
    expect(parseAnnotation(event[`${VOCABULARY_IRI}evidence`][0]).exact).toBe(`They meet. ${HOSTILE}`);
    const quads: Json[] = await jsonld.toRDF(
      await fetchJsonLd('/v1/events/off.jsonld', inventedApp),
      createOptions(inventedApp),
    );
    expect(quads.map(({ object }) => object.value)).toContain(HOSTILE);
  });
});

describe('one fact', () => {
  const PATH = '/v1/figures/new-battle-groups';

  it('can be read as of a revision, and is 404 if it does not exist', async () => {
    const store = await createStore();
    const changing = await createApp(store, { publicUrl: PUBLIC_URL });
    const [brussels, , , correcting] = buildDossierHistory();
    await importInto(store, brussels as Json);
    const beforeChange = await fetchJsonLd('/v1/battle-group-deployments/nato-slovakia.jsonld', changing);
    await importInto(store, correcting as Json);
    const afterChange = await fetchJsonLd('/v1/battle-group-deployments/nato-slovakia.jsonld', changing);
    expect([beforeChange.version, afterChange.version]).toEqual([1, 2]);
    expect(afterChange.announcedOn).not.toBe(beforeChange.announcedOn);
    const snapshot = await fetchJsonLd('/v1/battle-group-deployments/nato-slovakia.jsonld?asOf=1', changing);
    expect(snapshot).toEqual(beforeChange);
    expect((await get(changing, '/v1/events/missing.jsonld')).status).toBe(404);
    expect((await get(changing, '/v1/events/missing.jsonld')).body.code).toBe('not-found');
  });

  it('is the target of its Link header and of content negotiation', async () => {
    const { headers } = await get(app, `${PATH}?asOf=1`);
    const alternate = `<${PUBLIC_URL}${PATH}.jsonld?asOf=1>; rel="alternate"; type="application/ld+json"`;
    expect(headers['link']).toContain(alternate);
    const redirect = await get(app, `${PATH}?asOf=1`, { accept: 'application/ld+json' });
    expect([redirect.status, redirect.headers['location']]).toEqual([307, `${PATH}.jsonld?asOf=1`]);
    const list = await get(app, '/v1/figures?limit=1', { accept: 'application/ld+json' });
    expect([list.status, list.headers['location']]).toEqual([307, '/v1/figures.jsonld']);
  });

  it('has an ETag that depends on the public URL', async () => {
    const { headers } = await get(app, `${PATH}.jsonld`);
    const etag = headers['etag'] as string;
    expect((await get(app, `${PATH}.jsonld`, { 'if-none-match': etag })).status).toBe(304);
    const store = await createStore();
    for (const files of buildDossierHistory().slice(0, 1)) await importInto(store, files);
    const fetchAt = async (publicUrl: string) =>
      (await get(await createApp(store, { publicUrl }), `${PATH}.jsonld`)).headers['etag'];
    expect(await fetchAt(PUBLIC_URL)).toBe(await fetchAt(PUBLIC_URL));
    expect(await fetchAt('https://elsewhere.example.org')).not.toBe(await fetchAt(PUBLIC_URL));
  });
});

describe('the context', () => {
  it('is served as committed, to any origin', async () => {
    const { status, headers, body } = await get(app, '/schemas/context.jsonld', {
      origin: 'https://example.org',
    });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/ld+json; charset=utf-8',
      'access-control-allow-origin': '*',
      etag: expect.stringMatching(/^"/),
    });
    expect(body).toEqual(JSON.parse(readFileSync('schemas/context.jsonld', 'utf8')));
    expect(body).toEqual(JSON.parse(JSON.stringify(buildContextDocument(factTypes))));
    const etag = headers['etag'] as string;
    expect((await get(app, '/schemas/context.jsonld', { 'if-none-match': etag })).status).toBe(304);
  });

  it('is self-contained, and has no @vocab', async () => {
    const contextJson = readFileSync('schemas/context.jsonld', 'utf8');
    for (const keyword of ['"@vocab":', '"@import"', '"@base"', 'localhost', PUBLIC_URL]) {
      expect(contextJson).not.toContain(keyword);
    }
    const { '@context': context } = await fetchJsonLd('/v1/events.jsonld?ids=war-in-ukraine');
    const misspelt = { '@context': context, '@type': 'Event', organiser: 'NATO' };
    await expect(jsonld.expand(misspelt, createOptions())).rejects.toThrow();
  });
});

describe('a type without linked data declarations', () => {
  const visit = defineFactType({
    type: 'state-visit',
    collection: 'state-visits',
    summary: 'Visits',
    schema: z.strictObject({
      name: text(),
      startDate: nullable(day()),
      subject: reference('event'),
      about: z.array(reference()).default([]),
    }),
    getLabel: ({ name }) => name,
    filters: {},
    sorts: [],
    facets: [],
    exampleId: 'one',
  });
  const fact = {
    type: 'state-visit',
    id: 'one',
    label: 'A visit',
    version: 1,
    name: 'A visit',
    startDate: '2031-05-02',
    subject: { type: 'event', id: 'war-in-ukraine', label: 'War' },
    about: [{ type: 'person', id: 'joe-biden', label: 'Joe Biden' }],
    accordingTo: null,
    reportedOn: null,
    recordedAt: '2031-05-02T00:00:00.000Z',
    revision: 1,
    evidence: [],
    inferences: [],
    links: { self: '/v1/state-visits/one', html: '/state-visits/one' },
  } satisfies Fact;

  it('uses the own vocabulary even for names that schema.org has too', async () => {
    const object = format.item?.toObject(fact, { factType: visit as Json, publicUrl: PUBLIC_URL }) as object;
    const context = buildContextDocument([...factTypes, visit as Json]);
    const [node] = await jsonld.expand({ ...object, ...context }, { safe: true });
    expect(node['@type']).toEqual([`${VOCABULARY_IRI}StateVisit`]);
    expect(getValues(node[`${SCHEMA}name`])).toEqual(['A visit']);
    expect(node[`${VOCABULARY_IRI}StateVisit.startDate`]).toEqual([
      { '@type': `${XSD}date`, '@value': '2031-05-02' },
    ]);
    expect(getValues(node[`${VOCABULARY_IRI}StateVisit.subject`])).toEqual([
      `${PUBLIC_URL}/v1/events/war-in-ukraine`,
    ]);
    expect(getValues(node[`${VOCABULARY_IRI}StateVisit.about`])).toEqual([
      `${PUBLIC_URL}/v1/people/joe-biden`,
    ]);
    expect(node[`${SCHEMA}startDate`]).toBeUndefined();
  });

  it('cannot map a field to a property that has the name of another field', () => {
    const linkedData = { classes: 'Event' as const, properties: { subject: 'about' as const } };
    expect(() => buildContextDocument([{ ...visit, linkedData } as Json])).toThrow(
      'is mapped to the property about',
    );
  });
});
