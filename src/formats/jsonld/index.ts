/** Facts as linked data (JSON-LD 1.1): in the words of schema.org and the W3C's annotations, and of our own for the rest. */
import * as z from 'zod';
import type { Evidence } from '../../model/evidence.ts';
import { hasValue } from '../../model/fact-body.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Reference } from '../../model/fields.ts';
import type { JsonLdNode, LinkedData, LinkedDataContext } from '../../model/linked-data.ts';
import type { Fact, LabeledReference } from '../../model/response-schemas.ts';
import { getFactType } from '../../model/types/index.ts';
import type { Format } from '../format.ts';
import { CONTEXT_PATH } from './context.ts';
import {
  getFieldContent,
  getPropertyName,
  inferenceMapping,
  type NodeMapping,
  redactionMapping,
  retractionMapping,
  toNodeMapping,
} from './nodes.ts';

export const JSONLD_MEDIA_TYPE = 'application/ld+json; charset=utf-8';

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

const getContextUrl = (publicUrl: string): string => publicUrl + CONTEXT_PATH;

export const jsonld: Format = {
  extension: 'jsonld',
  mediaType: JSONLD_MEDIA_TYPE,
  appliesTo: () => true,
  title: 'JSON-LD',
  describe: () =>
    'A graph of nodes in the words of schema.org, with the evidence as W3C Web Annotations. Whatever schema.org has no ' +
    `word for is said in our own; ${CONTEXT_PATH} tells what each means.`,
  tools: () => [{ name: 'knowledge graphs' }],
  schema: () => LinkedFacts,
  async *serialize(pages, { factType, publicUrl }) {
    yield `{"@context":${JSON.stringify(getContextUrl(publicUrl))},"@graph":[`;
    let separator = '\n';
    for await (const facts of pages) {
      const nodes = facts.map((fact) => JSON.stringify(buildFactNode(factType, fact, publicUrl)));
      if (nodes.length === 0) continue;
      yield separator + nodes.join(',\n');
      separator = ',\n';
    }
    yield '\n]}\n';
  },
  item: {
    schema: () => LinkedFact,
    toObject: (fact, { factType, publicUrl }) => ({
      '@context': getContextUrl(publicUrl),
      ...buildFactNode(factType, fact, publicUrl),
    }),
  },
};

/** The node of a fact. What has no value is left out: JSON-LD has no null. */
function buildFactNode(factType: FactType, fact: Fact, publicUrl: string): JsonLdNode {
  const id = publicUrl + fact.links.self;
  const documents = new Map(fact.evidence?.map(({ document }) => [document.id, document]));
  const nodeContext: LinkedDataContext = {
    createNode: (reference) => buildReferenceNode(reference, publicUrl),
    documents: [...documents.values()].map((document) => buildDocumentNode(document, publicUrl)),
    textUrl: `${id}/text`,
  };
  const {
    '@type': type,
    name = fact.label,
    ...ownProperties
  } = buildPartNode(toNodeMapping(factType), fact, nodeContext);
  return omitEmpty({
    '@id': id,
    '@type': type,
    name,
    label: fact.label,
    ...ownProperties,
    accordingTo: fact.accordingTo && nodeContext.createNode(fact.accordingTo),
    reportedOn: fact.reportedOn,
    recordedAt: fact.recordedAt,
    version: fact.version,
    revision: fact.revision,
    evidence: fact.evidence?.map((evidence) => buildAnnotation(id, evidence, publicUrl)),
    inferences: fact.inferences.map((inference) => buildPartNode(inferenceMapping, inference, nodeContext)),
    retracted: fact.retracted && buildPartNode(retractionMapping, fact.retracted, nodeContext),
    redacted: fact.redacted && buildPartNode(redactionMapping, fact.redacted, nodeContext),
  });
}

/** The node of an object with a shape: a fact's own fields, or what stands in one of them. */
function buildPartNode(mapping: NodeMapping, value: object, nodeContext: LinkedDataContext): JsonLdNode {
  const { componentName, schema, linkedData } = mapping;
  const properties = Object.entries(schema.shape).flatMap(([field, inner]) => {
    const property = getPropertyName(mapping, field);
    const fieldValue = (value as Record<string, unknown>)[field];
    return property === null ? [] : [[property, toNodeValue(inner as z.ZodType, fieldValue, nodeContext)]];
  });
  return omitEmpty({
    '@type': [...getClasses(linkedData, value), `facts:${componentName}`],
    ...Object.fromEntries(properties),
    ...linkedData?.getAdditionalProperties?.(value as never, nodeContext),
  });
}

function getClasses(linkedData: LinkedData<never> | undefined, value: object): readonly string[] {
  if (!linkedData) return [];
  const { classes } = linkedData;
  return [typeof classes === 'function' ? classes(value as never) : classes].flat();
}

function toNodeValue(schema: z.ZodType, value: unknown, nodeContext: LinkedDataContext): unknown {
  const content = getFieldContent(schema);
  const convert = (each: unknown): unknown => {
    if (each === null || each === undefined) return null;
    if (content.kind === 'reference') return nodeContext.createNode(each as Reference);
    return content.kind === 'object' ? buildPartNode(content.mapping, each, nodeContext) : each;
  };
  return Array.isArray(value) ? value.map(convert) : convert(value);
}

/** Another fact: its classes as far as they are the same for all facts of its type. */
function buildReferenceNode(reference: Reference, publicUrl: string): JsonLdNode {
  const { componentName, collection, linkedData } = getFactType(reference.type);
  const fixedClasses = linkedData && typeof linkedData.classes !== 'function' ? linkedData.classes : [];
  return {
    '@id': `${publicUrl}/v1/${collection}/${reference.id}`,
    '@type': [fixedClasses, `facts:${componentName}`].flat() as string[],
    name: (reference as LabeledReference).label,
  };
}

type EvidenceSpan = z.output<typeof Evidence>;

function buildDocumentNode(document: EvidenceSpan['document'], publicUrl: string): JsonLdNode {
  const { publishedOn: datePublished, url } = document;
  return omitEmpty({ ...buildReferenceNode(document, publicUrl), datePublished, url });
}

/** Words that carry some fields of a fact, as an annotation of the text in which they stand. */
function buildAnnotation(body: string, evidence: EvidenceSpan, publicUrl: string): JsonLdNode {
  const { document, start, end, exact, prefix, suffix, supports } = evidence;
  const encodesCreativeWork = buildDocumentNode(document, publicUrl);
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
function omitEmpty(node: JsonLdNode): JsonLdNode {
  return Object.fromEntries(Object.entries(node).filter(([, value]) => hasValue(value)));
}
