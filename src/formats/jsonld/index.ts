/** Facts as linked data (JSON-LD 1.1): in the words of schema.org and the W3C's annotations, and of our own for the rest. */
import * as z from 'zod';
import type { Evidence } from '../../model/evidence.ts';
import { isFilled } from '../../model/fact-body.ts';
import type { Resource } from '../../model/fact-type.ts';
import type { Reference } from '../../model/fields.ts';
import type { LinkedData, LinkedNode, Surroundings } from '../../model/linked-data.ts';
import type { Fact, Labelled } from '../../model/response-schemas.ts';
import { resourceOf } from '../../model/types/index.ts';
import type { Format } from '../format.ts';
import { CONTEXT_PATH } from './context.ts';
import {
  contentOf,
  inferenceShape,
  propertyOf,
  redactionShape,
  retractionShape,
  type Shape,
  shapeOf,
} from './nodes.ts';

export const JSONLD_TYPE = 'application/ld+json; charset=utf-8';

const LinkedFact = z
  .looseObject({
    '@context': z.string().optional().describe('URL of the context; of one fact that stands alone.'),
    '@id': z.string().describe('URL of the fact.'),
    '@type': z.array(z.string()).describe('Its classes in schema.org, and its own.'),
  })
  .meta({ id: 'LinkedFact', description: 'A fact as a node of JSON-LD.' });

const LinkedFacts = z
  .object({ '@context': z.string().describe('URL of the context.'), '@graph': z.array(LinkedFact) })
  .meta({ id: 'LinkedFacts', description: 'Facts as a graph in JSON-LD.' });

const contextAt = (publicUrl: string): string => publicUrl + CONTEXT_PATH;

export const jsonld: Format = {
  extension: 'jsonld',
  mediaType: JSONLD_TYPE,
  fits: () => true,
  title: 'JSON-LD',
  describe: () =>
    'A graph of nodes in the words of schema.org, with the evidence as W3C Web Annotations. Whatever schema.org has no ' +
    `word for is said in our own; ${CONTEXT_PATH} tells what each means.`,
  tools: () => [{ tool: 'knowledge graphs' }],
  schema: () => LinkedFacts,
  async *write(pages, { resource, publicUrl }) {
    yield `{"@context":${JSON.stringify(contextAt(publicUrl))},"@graph":[`;
    let separator = '\n';
    for await (const facts of pages) {
      const nodes = facts.map((fact) => JSON.stringify(factNode(resource, fact, publicUrl)));
      if (nodes.length === 0) continue;
      yield separator + nodes.join(',\n');
      separator = ',\n';
    }
    yield '\n]}\n';
  },
  item: {
    schema: () => LinkedFact,
    write: (fact, { resource, publicUrl }) => ({
      '@context': contextAt(publicUrl),
      ...factNode(resource, fact, publicUrl),
    }),
  },
};

/** The node of a fact. What has no value is left out: JSON-LD has no null. */
function factNode(resource: Resource, fact: Fact, publicUrl: string): LinkedNode {
  const id = publicUrl + fact.links.self;
  const documents = new Map(fact.evidence?.map(({ document }) => [document.id, document]));
  const around: Surroundings = {
    refer: (reference) => referenceNode(reference, publicUrl),
    documents: [...documents.values()].map((document) => documentNode(document, publicUrl)),
    textUrl: `${id}/text`,
  };
  const { '@type': type, name = fact.label, ...own } = partNode(shapeOf(resource), fact, around);
  return filled({
    '@id': id,
    '@type': type,
    name,
    label: fact.label,
    ...own,
    accordingTo: fact.accordingTo && around.refer(fact.accordingTo),
    reportedOn: fact.reportedOn,
    recordedAt: fact.recordedAt,
    version: fact.version,
    revision: fact.revision,
    evidence: fact.evidence?.map((evidence) => annotation(id, evidence, publicUrl)),
    inferences: fact.inferences.map((inference) => partNode(inferenceShape, inference, around)),
    retracted: fact.retracted && partNode(retractionShape, fact.retracted, around),
    redacted: fact.redacted && partNode(redactionShape, fact.redacted, around),
  });
}

/** The node of an object with a shape: a fact's own fields, or what stands in one of them. */
function partNode(shape: Shape, value: object, around: Surroundings): LinkedNode {
  const { component, schema, linkedData } = shape;
  const own = Object.entries(schema.shape).flatMap(([field, inner]) => {
    const property = propertyOf(shape, field);
    const said = (value as Record<string, unknown>)[field];
    return property === null ? [] : [[property, written(inner as z.ZodType, said, around)]];
  });
  return filled({
    '@type': [...classesOf(linkedData, value), `facts:${component}`],
    ...Object.fromEntries(own),
    ...linkedData?.also?.(value as never, around),
  });
}

function classesOf(linkedData: LinkedData<never> | undefined, value: object): readonly string[] {
  if (!linkedData) return [];
  const { class: of } = linkedData;
  return [typeof of === 'function' ? of(value as never) : of].flat();
}

function written(schema: z.ZodType, value: unknown, around: Surroundings): unknown {
  const content = contentOf(schema);
  const one = (each: unknown): unknown => {
    if (each === null || each === undefined) return null;
    if (content.kind === 'reference') return around.refer(each as Reference);
    return content.kind === 'object' ? partNode(content.shape, each, around) : each;
  };
  return Array.isArray(value) ? value.map(one) : one(value);
}

/** Another fact: its classes as far as they are the same for all facts of its type. */
function referenceNode(reference: Reference, publicUrl: string): LinkedNode {
  const { component, collection, linkedData } = resourceOf(reference.type);
  const always = linkedData && typeof linkedData.class !== 'function' ? linkedData.class : [];
  return {
    '@id': `${publicUrl}/v1/${collection}/${reference.id}`,
    '@type': [always, `facts:${component}`].flat() as string[],
    name: (reference as Labelled).label,
  };
}

type EvidenceSpan = z.output<typeof Evidence>;

function documentNode(document: EvidenceSpan['document'], publicUrl: string): LinkedNode {
  const { publishedOn: datePublished, url } = document;
  return filled({ ...referenceNode(document, publicUrl), datePublished, url });
}

/** Words that carry some fields of a fact, as an annotation of the text in which they stand. */
function annotation(body: string, evidence: EvidenceSpan, publicUrl: string): LinkedNode {
  const { document, start, end, exact, prefix, suffix, supports } = evidence;
  const encodesCreativeWork = documentNode(document, publicUrl);
  return {
    '@id': `${body}#evidence-${document.id}-${start}-${end}`,
    '@type': 'Annotation',
    motivation: 'linking',
    body,
    target: {
      '@type': 'SpecificResource',
      source: {
        '@id': `${encodesCreativeWork['@id']}/text`,
        '@type': 'MediaObject',
        encodingFormat: 'text/plain',
        sha256: document.sha256,
        encodesCreativeWork,
      },
      selector: [
        { '@type': 'TextQuoteSelector', exact, prefix, suffix },
        { '@type': 'TextPositionSelector', start, end },
      ],
    },
    supports,
  };
}

/** `node` without the properties that say nothing. */
function filled(node: LinkedNode): LinkedNode {
  return Object.fromEntries(Object.entries(node).filter(([, value]) => isFilled(value)));
}
