/**
 * Facts as linked data (JSON-LD 1.1), with terms of schema.org, Web Annotations and the project's own
 * vocabulary.
 */
import * as z from 'zod';
import type { Evidence } from '../../model/evidence.ts';
import { getMemberId } from '../../model/expansion.ts';
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

const JSONLD_MEDIA_TYPE = 'application/ld+json; charset=utf-8';

const LinkedFact = z
  .looseObject({
    '@context': z.string().optional().describe('URL of the context; only if the response is a single fact.'),
    '@id': z.string().describe('URL of the fact.'),
    '@type': z.array(z.string()).describe("Classes of the fact: those of schema.org and the project's own."),
  })
  .meta({ id: 'LinkedFact', description: 'A fact as a JSON-LD node.' });

const LinkedFacts = z
  .object({ '@context': z.string().describe('URL of the context.'), '@graph': z.array(LinkedFact) })
  .meta({ id: 'LinkedFacts', description: 'Facts as a JSON-LD graph.' });

const getContextUrl = (publicUrl: string): string => publicUrl + CONTEXT_PATH;

export const jsonld: Format = {
  extension: 'jsonld',
  mediaType: JSONLD_MEDIA_TYPE,
  appliesTo: () => true,
  title: 'JSON-LD',
  description:
    'A graph of nodes with terms of schema.org and the evidence as W3C Web Annotations. Fields without a schema.org term ' +
    `use the project's own vocabulary; ${CONTEXT_PATH} defines all terms.`,
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

/** Builds the node of a fact. Properties without a value are left out, because JSON-LD has no null. */
export function buildFactNode(factType: FactType, fact: Fact, publicUrl: string): JsonLdNode {
  const factUrl = publicUrl + fact.links.self;
  const member = getMemberId(factType, fact);
  const page = publicUrl + fact.links.html;
  const documents = new Map(fact.evidence?.map(({ document }) => [document.id, document]));
  const nodeContext: LinkedDataContext = {
    createNode: (reference) => buildReferenceNode(reference, publicUrl),
    documents: [...documents.values()].map((document) => buildDocumentNode(document, publicUrl)),
    textUrl: `${factUrl}/text`,
  };
  const {
    '@type': type,
    name = fact.label,
    ...ownProperties
  } = buildPartNode(toNodeMapping(factType), fact, nodeContext);
  return omitEmpty({
    '@id': member === null ? factUrl : `${factUrl}#${member}`,
    '@type': type,
    name,
    label: fact.label,
    mainEntityOfPage: page,
    // The URL of a document is that of its publication, if it is known.
    url: page,
    ...ownProperties,
    accordingTo: fact.accordingTo && nodeContext.createNode(fact.accordingTo),
    reportedOn: fact.reportedOn,
    recordedAt: fact.recordedAt,
    version: fact.version,
    revision: fact.revision,
    evidence: fact.evidence?.map((evidence) => buildAnnotation(factUrl, evidence, publicUrl)),
    inferences: fact.inferences.map((inference) => buildPartNode(inferenceMapping, inference, nodeContext)),
    retracted: fact.retracted && buildPartNode(retractionMapping, fact.retracted, nodeContext),
    redacted: fact.redacted && buildPartNode(redactionMapping, fact.redacted, nodeContext),
  });
}

/** Builds the node of an object: the fields of a fact's type, or an object within one of them. */
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

/** Builds the node of another fact, with the classes that all facts of its type share. */
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

/** Builds an annotation of the source text for a span that supports fields of a fact. */
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

function omitEmpty(node: JsonLdNode): JsonLdNode {
  return Object.fromEntries(Object.entries(node).filter(([, value]) => hasValue(value)));
}
