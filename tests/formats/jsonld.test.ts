/** Linked data, read by a processor of JSON-LD that refuses to drop anything and knows no network. */
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import jsonld from 'jsonld';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { contextDocument, VOCABULARY } from '../../src/formats/jsonld/context.ts';
import { jsonld as format } from '../../src/formats/jsonld/index.ts';
import { isFilled } from '../../src/model/fact-body.ts';
import { resource } from '../../src/model/fact-type.ts';
import { day, nullable, reference, text } from '../../src/model/fields.ts';
import type { Fact } from '../../src/model/response-schemas.ts';
import { resources } from '../../src/model/types/index.ts';
import { redactDocument } from '../../src/store/import/redact.ts';
import { appOn, emptyStore, get, importInto, type Json, seededApp } from '../support/app.ts';
import { dossierOf, eventfulHistory } from '../support/dossier-builder.ts';

const PUBLIC_URL = 'https://facts.example.org';
const SCHEMA = 'http://schema.org/';
const OA = 'http://www.w3.org/ns/oa#';
const XSD = 'http://www.w3.org/2001/XMLSchema#';
const BRUSSELS = 'brussels-2022-03-24';

let app: FastifyInstance;
beforeAll(async () => {
  app = await seededApp({ publicUrl: PUBLIC_URL });
});

/** Takes contexts from the server itself, and nothing from anywhere else. */
const options = (from: FastifyInstance = app) => ({
  safe: true,
  documentLoader: async (url: string) => {
    if (!url.startsWith(`${PUBLIC_URL}/`)) throw new Error(`${url} is not from here`);
    const { body } = await get(from, url.slice(PUBLIC_URL.length));
    return { contextUrl: undefined, documentUrl: url, document: body };
  },
});

async function linked(path: string, from: FastifyInstance = app): Promise<Json> {
  const { status, headers, body } = await get(from, path);
  expect([path, status, headers['content-type']]).toEqual([path, 200, 'application/ld+json; charset=utf-8']);
  return body;
}

const expanded = async (path: string, from: FastifyInstance = app): Promise<Json[]> =>
  jsonld.expand(await linked(path, from), options(from));

/** The one node of a fact, expanded. */
const nodeAt = async (path: string, from: FastifyInstance = app): Promise<Json> =>
  (await expanded(path, from))[0];

const valuesOf = (nodes: Json[] | undefined): unknown[] =>
  (nodes ?? []).map((node) => node['@value'] ?? node['@id']);

/** Every value and every `@id` at or below `nodes`. */
function allIn(nodes: Json, found: unknown[] = []): unknown[] {
  if (Array.isArray(nodes)) for (const each of nodes) allIn(each, found);
  else if (nodes && typeof nodes === 'object') {
    if ('@value' in nodes) found.push(nodes['@value']);
    if ('@id' in nodes) found.push(nodes['@id']);
    for (const [key, inner] of Object.entries(nodes)) if (!key.startsWith('@')) allIn(inner, found);
  }
  return found;
}

/** The own fields that schema.org has a property for; all others are to be found in our own words. */
const IN_SCHEMA_ORG: Record<string, Record<string, string>> = {
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

/** What a field of an answer comes to in linked data: plain values, and the URLs of other facts. */
function leavesOf(value: Json): unknown[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (value === null || typeof value !== 'object') return value === null ? [] : [value];
  const { type, id, label } = value;
  if (type && id && label) {
    const { collection } = resources.find((each) => each.type === type) as Json;
    return [`${PUBLIC_URL}/v1/${collection}/${id}`];
  }
  return Object.values(value).flatMap(leavesOf);
}

/** Holds a node against the fact as JSON: whatever that says, the node says where it is to be found. */
function expectNothingLost(fact: Json, node: Json): void {
  const { component, fieldNames } = resources.find(({ type }) => type === fact.type) as Json;
  expect(node['@id']).toBe(PUBLIC_URL + fact.links.self);
  expect(node['@type']).toContain(`${VOCABULARY}${component}`);
  for (const field of fieldNames.filter((name: string) => isFilled(fact[name]))) {
    const property = IN_SCHEMA_ORG[fact.type]?.[field];
    const iri = property ? SCHEMA + property : `${VOCABULARY}${component}.${field}`;
    const said = allIn(node[iri]);
    const month = fact.datePrecision === 'month' && field.endsWith('Date');
    const leaves = month ? [fact[field].slice(0, 7)] : leavesOf(fact[field]);
    expect(said, `${fact.type}/${fact.id} ${field}`).toEqual(expect.arrayContaining(leaves));
  }
  for (const [name, type] of Object.entries({ reportedOn: 'date', recordedAt: 'dateTime' })) {
    const value = fact[name] && [{ '@type': XSD + type, '@value': fact[name] }];
    expect(node[`${VOCABULARY}${name}`] ?? null).toEqual(value);
  }
  const around = ['version', 'revision', 'accordingTo', 'inferences', 'retracted', 'redacted'];
  for (const name of around.filter((each) => isFilled(fact[each]))) {
    expect(allIn(node[`${VOCABULARY}${name}`]), name).toEqual(expect.arrayContaining(leavesOf(fact[name])));
  }
  expect(node['http://www.w3.org/2000/01/rdf-schema#label']).toEqual([{ '@value': fact.label }]);
  expect((node[`${VOCABULARY}evidence`] ?? []).map(evidenceOf)).toEqual(fact.evidence?.map(spanOf) ?? []);
}

const spanOf = ({ document, start, end, exact, prefix, suffix, supports }: Json) => ({
  document: document.id,
  sha256: document.sha256,
  start,
  end,
  exact,
  prefix,
  suffix,
  supports,
});

/** An annotation, read as the W3C's model has it. */
function evidenceOf(annotation: Json): Json {
  const [fact] = valuesOf(annotation[`${OA}hasBody`]);
  expect(annotation['@id']).toMatch(new RegExp(`^${fact}#evidence-[a-z0-9-]+$`));
  expect(annotation['@type']).toEqual([`${OA}Annotation`]);
  expect(valuesOf(annotation[`${OA}motivatedBy`])).toEqual([`${OA}linking`]);
  const [target] = annotation[`${OA}hasTarget`];
  expect(target['@type']).toEqual([`${OA}SpecificResource`]);
  const [source] = target[`${OA}hasSource`];
  const selector = (type: string) =>
    target[`${OA}hasSelector`].find((each: Json) => each['@type'][0] === `${OA}${type}`);
  const quote = (name: string) => valuesOf(selector('TextQuoteSelector')[`${OA}${name}`])[0];
  const position = (name: string) => {
    const [offset] = selector('TextPositionSelector')[`${OA}${name}`];
    expect(offset['@type']).toBe(`${XSD}nonNegativeInteger`);
    return offset['@value'];
  };
  return {
    document: source['@id'].split('/').at(-2),
    sha256: valuesOf(source[`${SCHEMA}sha256`])[0],
    start: position('start'),
    end: position('end'),
    exact: quote('exact'),
    prefix: quote('prefix'),
    suffix: quote('suffix'),
    supports: valuesOf(annotation[`${VOCABULARY}supports`]),
  };
}

/** Every fact of every collection of a store, alone and in its list, against its JSON. */
async function expectAllLinked(from: FastifyInstance): Promise<number> {
  let seen = 0;
  for (const { collection } of resources) {
    const { data } = (await get(from, `/v1/${collection}?limit=200&include=retracted`)).body;
    const list = await linked(`/v1/${collection}.jsonld?include=retracted`, from);
    expect(list['@context']).toBe(`${PUBLIC_URL}/schemas/context.jsonld`);
    // What has only one node is expanded without a graph around it.
    const nodes = await jsonld.expand(list, options(from));
    expect(nodes.map((node: Json) => node['@id'])).toEqual(
      data.map((fact: Json) => PUBLIC_URL + fact.links.self),
    );
    for (const [index, fact] of data.entries()) {
      expectNothingLost(fact, nodes[index]);
      const item = await linked(`${fact.links.self}.jsonld`, from);
      expect(item).toEqual({ '@context': list['@context'], ...list['@graph'][index] });
      seen += 1;
    }
  }
  return seen;
}

describe('every fact', () => {
  it('of the first dossier is linked data, and nothing is lost', async () => {
    expect(await expectAllLinked(app)).toBeGreaterThan(100);
  });

  it('of an eventful history is too, with what was retracted and renamed', async () => {
    const store = await emptyStore();
    const eventful = await appOn(store, { publicUrl: PUBLIC_URL });
    for (const files of eventfulHistory()) await importInto(store, files);
    await expectAllLinked(eventful);
    const retracted = await nodeAt('/v1/people/biruta.jsonld', eventful);
    const [reason] = retracted[`${VOCABULARY}retracted`];
    expect(valuesOf(reason[`${VOCABULARY}Retraction.reason`])).toEqual(['Nobody knows her']);
    const moved = await get(eventful, '/v1/people/ilze.jsonld');
    expect([moved.status, moved.headers['location']]).toEqual([308, '/v1/people/ilze-abele.jsonld']);

    await redactDocument(store, 'vote', { author: 'the lawyers', reason: 'Court order' });
    await expectAllLinked(eventful);
    const document = await nodeAt('/v1/documents/vote.jsonld', eventful);
    const [redaction] = document[`${VOCABULARY}redacted`];
    expect(valuesOf(redaction[`${VOCABULARY}Redaction.reason`])).toEqual(['Court order']);
  });

  it('has absolute IRIs only, and comes out of RDF whole', async () => {
    for (const { collection } of resources) {
      const document = await linked(`/v1/${collection}.jsonld`);
      const flat = await jsonld.flatten(document, null, options());
      for (const node of flat) {
        for (const iri of [node['@id'], ...(node['@type'] ?? []), ...Object.keys(node)]) {
          if (!iri.startsWith('@')) expect(iri).toMatch(/^(https?:\/\/|urn:uuid:|_:b\d+$)/);
        }
      }
      const quads: Json[] = await jsonld.toRDF(document, options());
      expect(quads.length).toBeGreaterThan(0);
      for (const { predicate, object } of quads) {
        expect(predicate.value).toMatch(/^(https?:|urn:uuid:)/);
        if (object.termType === 'NamedNode') expect(object.value).toMatch(/^(https?:|urn:uuid:)/);
      }
    }
  });

  it('stands in a document that is none until its very end', async () => {
    const { data } = (await get(app, '/v1/people')).body;
    const pages = async function* () {
      yield* [[], data.slice(0, 1), [], data.slice(1, 3)];
    };
    const [people] = resources.filter(({ type }) => type === 'person');
    const context = { resource: people, publicUrl: PUBLIC_URL } as Json;
    let sent = '';
    for await (const piece of format.write(pages(), context)) {
      expect(() => JSON.parse(sent)).toThrow();
      sent += piece;
    }
    expect(JSON.parse(sent)['@graph'].map((node: Json) => node.name)).toEqual(
      data.slice(0, 3).map(({ name }: Json) => name),
    );
  });

  it('comes alone where a list has only one, and a list may have none', async () => {
    expect((await linked('/v1/events.jsonld?ids=nothing-of-ours'))['@graph']).toEqual([]);
    const { '@graph': graph } = await linked('/v1/events.jsonld?ids=war-in-ukraine');
    expect(graph).toHaveLength(1);
  });
});

describe('statements', () => {
  const QUOTATION = '/v1/statements/stoltenberg-use-of-chemical-weapons.jsonld';

  it('are quotations with their words, who says them, and where they stand', async () => {
    const quotation = await nodeAt(QUOTATION);
    expect(quotation['@type']).toEqual([`${SCHEMA}Quotation`, `${VOCABULARY}Statement`]);
    const [said] = valuesOf(quotation[`${SCHEMA}text`]) as string[];
    expect(said).toMatch(/^Any use of chemical weapons would fundamentally change/);
    const stoltenberg = [`${PUBLIC_URL}/v1/people/jens-stoltenberg`];
    expect(valuesOf(quotation[`${SCHEMA}creator`])).toEqual(stoltenberg);
    expect(valuesOf(quotation[`${SCHEMA}spokenByCharacter`])).toEqual(stoltenberg);
    expect(valuesOf(quotation[`${SCHEMA}isPartOf`])).toEqual([`${PUBLIC_URL}/v1/documents/${BRUSSELS}`]);

    const annotations: Json[] = quotation[`${VOCABULARY}evidence`];
    for (const annotation of annotations) {
      expect(valuesOf(annotation[`${OA}hasBody`])).toEqual([quotation['@id']]);
      const source = annotation[`${OA}hasTarget`][0][`${OA}hasSource`][0]['@id'];
      const { body } = await get(app, source.slice(PUBLIC_URL.length));
      const { start, end, exact, prefix, suffix } = evidenceOf(annotation);
      const points = Array.from(body as string);
      expect(points.slice(start, end).join('')).toBe(exact);
      expect(points.slice(0, start).join('').endsWith(prefix)).toBe(true);
      expect(points.slice(end).join('').startsWith(suffix)).toBe(true);
    }
    expect(annotations.map((each) => evidenceOf(each).exact)).toContain(said);
  });

  it('are claims where no words of theirs are quoted', async () => {
    const { data } = (await get(app, '/v1/statements?limit=200')).body;
    const nodes = await expanded('/v1/statements.jsonld');
    const classes = { direct: 'Quotation', mixed: 'Quotation', indirect: 'Claim', narrative: 'Claim' };
    expect(new Set(data.map(({ mode }: Json) => mode)).size).toBeGreaterThan(2);
    for (const [index, { mode, id }] of data.entries()) {
      const [type] = (nodes[index] as Json)['@type'];
      expect([id, type]).toEqual([id, SCHEMA + classes[mode as 'direct']]);
      const appears = valuesOf(nodes[index][`${SCHEMA}appearance`]);
      expect(appears.length, id).toBe(classes[mode as 'direct'] === 'Claim' ? 1 : 0);
    }
  });

  it('can be framed, each quotation with its speaker inside', async () => {
    const context = `${PUBLIC_URL}/schemas/context.jsonld`;
    const list = await linked('/v1/statements.jsonld?speaker=jens-stoltenberg&mode=direct');
    const frame = { '@context': context, '@type': 'Quotation', creator: { '@embed': '@always' } };
    const framed = await jsonld.frame(list, frame, options());
    const quotations: Json[] = framed['@graph'] ?? [framed];
    expect(quotations.length).toBeGreaterThan(0);
    for (const { '@type': type, creator, text: said } of quotations) {
      expect(type).toContain('Quotation');
      expect(said).toBeTypeOf('string');
      expect(creator).toMatchObject({
        '@id': `${PUBLIC_URL}/v1/people/jens-stoltenberg`,
        name: 'Jens Stoltenberg',
      });
    }
  });

  it('come out of compaction with the words that went in', async () => {
    const item = await linked(QUOTATION);
    const { '@context': _, ...compacted } = await jsonld.compact(item, item['@context'], options());
    expect(compacted).toMatchObject({ '@type': item['@type'], text: item.text, cue: 'said', mode: 'direct' });
    expect(compacted.evidence).toHaveLength(item.evidence.length);
    expect(compacted.evidence[0].target.selector).toEqual(item.evidence[0].target.selector);
  });
});

describe('other facts', () => {
  it('say where and within what an event is, and who attends it', async () => {
    const event = await nodeAt('/v1/events/eu-summit-2022-03-24.jsonld');
    const id = (path: string) => [`${PUBLIC_URL}/v1/${path}`];
    expect(valuesOf(event[`${SCHEMA}superEvent`])).toEqual(id('events/brussels-talks-2022-03-24'));
    expect(valuesOf(event[`${SCHEMA}organizer`])).toEqual(id('organizations/european-union'));
    expect(event[`${SCHEMA}startDate`]).toEqual([{ '@type': `${SCHEMA}Date`, '@value': '2022-03-24' }]);
    const [place] = event[`${SCHEMA}location`];
    expect(place['@type']).toEqual([`${SCHEMA}Place`, `${VOCABULARY}Place`]);
    expect(valuesOf(place[`${SCHEMA}name`])).toEqual(['Brussels']);
    expect(valuesOf(place[`${SCHEMA}address`][0][`${SCHEMA}addressCountry`])).toEqual(['BE']);
    expect(valuesOf(place[`${SCHEMA}geo`][0][`${SCHEMA}latitude`])).toEqual([50.83331708]);
    expect(valuesOf(place[`${SCHEMA}geo`][0][`${SCHEMA}longitude`])).toEqual([4.333316608]);
    expect(valuesOf(event[`${SCHEMA}attendee`])).toContain(`${PUBLIC_URL}/v1/people/joe-biden`);
    // It goes on, and schema.org has no status for that.
    expect(event[`${SCHEMA}eventStatus`]).toBeUndefined();
    expect(valuesOf(event[`${VOCABULARY}Event.status`])).toEqual(['ongoing']);

    const war = await nodeAt('/v1/events/war-in-ukraine.jsonld');
    expect(war[`${SCHEMA}attendee`]).toBeUndefined();
    expect(war[`${VOCABULARY}Event.participants`]).toHaveLength(2);
    expect(valuesOf(war[`${SCHEMA}location`][0][`${VOCABULARY}Place.precision`])).toEqual(['country']);
  });

  it('have the classes of schema.org beside their own', async () => {
    const classes = new Map<string, string[]>();
    for (const { type, collection } of resources) {
      const types = (await expanded(`/v1/${collection}.jsonld`)).flatMap((node) => node['@type']);
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

  it('name the codes of a country and the posts of a person', async () => {
    const country = await nodeAt('/v1/countries/estonia.jsonld');
    const codes = country[`${SCHEMA}identifier`].map((each: Json) => [
      valuesOf(each[`${SCHEMA}propertyID`])[0],
      valuesOf(each[`${SCHEMA}value`])[0],
    ]);
    expect(codes).toEqual([
      ['ISO 3166-1 alpha-2', 'EE'],
      ['ISO 3166-1 alpha-3', 'EST'],
    ]);
    const person = await nodeAt('/v1/people/jens-stoltenberg.jsonld');
    expect(valuesOf(person[`${SCHEMA}jobTitle`])).toEqual(['Secretary General']);
    const [post] = person[`${VOCABULARY}Person.posts`];
    expect(valuesOf(post[`${VOCABULARY}Post.of`])).toEqual([`${PUBLIC_URL}/v1/organizations/nato`]);
  });
});

describe('what the first dossier does not have', () => {
  const HOSTILE = 'He said "no" </script><script>alert(1)</script> \\ \u2028 \u{1F5F3}\u{FE0F} \u0100bele';
  let invented: FastifyInstance;

  beforeAll(async () => {
    const store = await emptyStore();
    invented = await appOn(store, { publicUrl: PUBLIC_URL });
    const event = (id: string, more: object) => {
      const fields = { name: id, kind: 'meeting', status: 'held', ...more };
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
      dossierOf({
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
      ['planned', 'later'].map((id) => nodeAt(`/v1/events/${id}.jsonld`, invented)),
    );
    expect(valuesOf(planned[`${SCHEMA}eventStatus`])).toEqual([`${SCHEMA}EventScheduled`]);
    expect(valuesOf(planned[`${SCHEMA}startDate`])).toEqual(['2031-05']);
    expect(valuesOf(planned[`${VOCABULARY}Event.datePrecision`])).toEqual(['month']);
    expect(valuesOf(later[`${SCHEMA}eventStatus`])).toEqual([`${SCHEMA}EventPostponed`]);
    expect(valuesOf(later[`${SCHEMA}startDate`])).toEqual(['2031']);
    const document = (await get(invented, '/v1/documents/riga-2031-05-02')).body;
    expectNothingLost(document, await nodeAt('/v1/documents/riga-2031-05-02.jsonld', invented));
  });

  it('claims no more of a number than the text', async () => {
    const numbers = async (id: string) => {
      const node = await nodeAt(`/v1/figures/${id}.jsonld`, invented);
      expect(valuesOf(node[`${VOCABULARY}Figure.value`])).toEqual([2]);
      return ['value', 'minValue', 'maxValue'].map((name) => valuesOf(node[SCHEMA + name])[0]);
    };
    expect(await numbers('exact')).toEqual([2, undefined, undefined]);
    expect(await numbers('more-than')).toEqual([undefined, 2, undefined]);
    expect(await numbers('at-most')).toEqual([undefined, undefined, 2]);
    expect(await numbers('approximately')).toEqual([undefined, undefined, undefined]);
  });

  it('may hold any text', async () => {
    const event = await nodeAt('/v1/events/off.jsonld', invented);
    expect(valuesOf(event[`${SCHEMA}name`])).toEqual([HOSTILE]);
    expect(valuesOf(event[`${SCHEMA}eventStatus`])).toEqual([`${SCHEMA}EventCancelled`]);
    expect(evidenceOf(event[`${VOCABULARY}evidence`][0]).exact).toBe(`They meet. ${HOSTILE}`);
    const quads: Json[] = await jsonld.toRDF(
      await linked('/v1/events/off.jsonld', invented),
      options(invented),
    );
    expect(quads.map(({ object }) => object.value)).toContain(HOSTILE);
  });
});

describe('one fact', () => {
  const PATH = '/v1/figures/new-battle-groups';

  it('is read as of a revision, and not found where there is none', async () => {
    const store = await emptyStore();
    const changing = await appOn(store, { publicUrl: PUBLIC_URL });
    const [brussels, , , correcting] = eventfulHistory();
    await importInto(store, brussels as Json);
    const before = await linked('/v1/battle-group-deployments/nato-slovakia.jsonld', changing);
    await importInto(store, correcting as Json);
    const after = await linked('/v1/battle-group-deployments/nato-slovakia.jsonld', changing);
    expect([before.version, after.version]).toEqual([1, 2]);
    expect(after.announcedOn).not.toBe(before.announcedOn);
    const pinned = await linked('/v1/battle-group-deployments/nato-slovakia.jsonld?asOf=1', changing);
    expect(pinned).toEqual(before);
    expect((await get(changing, '/v1/events/nobody.jsonld')).status).toBe(404);
    expect((await get(changing, '/v1/events/nobody.jsonld')).body.code).toBe('not-found');
  });

  it('is where its Link header and Accept lead', async () => {
    const { headers } = await get(app, `${PATH}?asOf=1`);
    const alternate = `<${PATH}.jsonld?asOf=1>; rel="alternate"; type="application/ld+json"`;
    expect(headers['link']).toContain(alternate);
    const wanted = await get(app, `${PATH}?asOf=1`, { accept: 'application/ld+json' });
    expect([wanted.status, wanted.headers['location']]).toEqual([307, `${PATH}.jsonld?asOf=1`]);
    const list = await get(app, '/v1/figures?limit=1', { accept: 'application/ld+json' });
    expect([list.status, list.headers['location']]).toEqual([307, '/v1/figures.jsonld']);
  });

  it('has an ETag that goes with the public URL', async () => {
    const { headers } = await get(app, `${PATH}.jsonld`);
    const etag = headers['etag'] as string;
    expect((await get(app, `${PATH}.jsonld`, { 'if-none-match': etag })).status).toBe(304);
    const store = await emptyStore();
    for (const files of eventfulHistory().slice(0, 1)) await importInto(store, files);
    const at = async (publicUrl: string) =>
      (await get(await appOn(store, { publicUrl }), `${PATH}.jsonld`)).headers['etag'];
    expect(await at(PUBLIC_URL)).toBe(await at(PUBLIC_URL));
    expect(await at('https://elsewhere.example.org')).not.toBe(await at(PUBLIC_URL));
  });
});

describe('the context', () => {
  it('is served as it is committed, to anybody', async () => {
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
    expect(body).toEqual(JSON.parse(JSON.stringify(contextDocument(resources))));
    const etag = headers['etag'] as string;
    expect((await get(app, '/schemas/context.jsonld', { 'if-none-match': etag })).status).toBe(304);
  });

  it('is complete in itself, and has no word that catches all others', async () => {
    const written = readFileSync('schemas/context.jsonld', 'utf8');
    for (const keyword of ['"@vocab":', '"@import"', '"@base"', 'localhost', PUBLIC_URL]) {
      expect(written).not.toContain(keyword);
    }
    const { '@context': context } = await linked('/v1/events.jsonld?ids=war-in-ukraine');
    const misspelt = { '@context': context, '@type': 'Event', organiser: 'NATO' };
    await expect(jsonld.expand(misspelt, options())).rejects.toThrow();
  });
});

describe('a type that declares nothing', () => {
  const visit = resource({
    type: 'state-visit',
    collection: 'state-visits',
    summary: 'Visits',
    schema: z.strictObject({
      name: text(),
      startDate: nullable(day()),
      subject: reference('event'),
      about: z.array(reference()).default([]),
    }),
    label: ({ name }) => name,
    filters: {},
    sorts: [],
    facets: [],
    example: 'one',
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

  it('is said in our own words, even where schema.org has the same', async () => {
    const written = format.item?.write(fact, { resource: visit as Json, publicUrl: PUBLIC_URL }) as object;
    const context = contextDocument([...resources, visit as Json]);
    const [node] = await jsonld.expand({ ...written, ...context }, { safe: true });
    expect(node['@type']).toEqual([`${VOCABULARY}StateVisit`]);
    expect(valuesOf(node[`${SCHEMA}name`])).toEqual(['A visit']);
    expect(node[`${VOCABULARY}StateVisit.startDate`]).toEqual([
      { '@type': `${XSD}date`, '@value': '2031-05-02' },
    ]);
    expect(valuesOf(node[`${VOCABULARY}StateVisit.subject`])).toEqual([
      `${PUBLIC_URL}/v1/events/war-in-ukraine`,
    ]);
    expect(valuesOf(node[`${VOCABULARY}StateVisit.about`])).toEqual([`${PUBLIC_URL}/v1/people/joe-biden`]);
    expect(node[`${SCHEMA}startDate`]).toBeUndefined();
  });

  it('may not take the name of another of its fields for a property', () => {
    const linkedData = { class: 'Event' as const, properties: { subject: 'about' as const } };
    expect(() => contextDocument([{ ...visit, linkedData } as Json])).toThrow('about is an own field');
  });
});
