/** The context of our linked data: what each word of a node means, made from what the resources declare. */
import type * as z from 'zod';
import type { FactType } from '../../model/fact-type.ts';
import { SCHEMA_ORG_CLASSES, SCHEMA_ORG_NAMESPACE, SCHEMA_ORG_PROPERTIES } from '../../model/schema-org.ts';
import {
  type FieldContent,
  getFieldContent,
  inferenceMapping,
  type NodeMapping,
  redactionMapping,
  retractionMapping,
  toNodeMapping,
} from './nodes.ts';

/** Where the server has the context, below its public URL. */
export const CONTEXT_PATH = '/schemas/context.jsonld';

/**
 * Our own vocabulary. Its words must mean the same whichever server says them, and a newsroom's server may move: so no
 * http URL, which would have to be somebody's for ever, and no relative one, which JSON-LD resolves against the document
 * and not against the context. `urn:summit-facts:` would need a registration, and `tag:` a domain. A UUID needs neither,
 * and nobody else comes upon it. A word is named as the OpenAPI document has it, component and
 * field: `Event.status` is described there.
 */
export const VOCABULARY_IRI = 'urn:uuid:e7d59f60-fb2f-4f1e-8683-09265cf48b6f#';

type TermDefinition = string | Record<string, unknown>;
type TermDefinitions = Record<string, TermDefinition>;

/**
 * There is no `@vocab`: a word that is not listed here would be dropped, and the tests expand every node in the mode that
 * refuses that. Own fields are defined within the class that has them, as `status` or `role` is not the same thing in two
 * types; they go before a property of schema.org with the same name.
 */
export function buildContextDocument(factTypes: readonly FactType[]): { '@context': TermDefinitions } {
  return {
    '@context': {
      '@version': 1.1 as never,
      schema: SCHEMA_ORG_NAMESPACE,
      facts: VOCABULARY_IRI,
      oa: 'http://www.w3.org/ns/oa#',
      rdfs: 'http://www.w3.org/2000/01/rdf-schema#',
      xsd: 'http://www.w3.org/2001/XMLSchema#',
      ...buildSchemaOrgTerms(),
      // In every node: no class may take them for something else.
      name: { '@id': 'schema:name', '@protected': true },
      label: { '@id': 'rdfs:label', '@protected': true },
      ...FACT_TERMS,
      ...ANNOTATION_TERMS,
      ...Object.fromEntries(collectNodeMappings(factTypes).map(defineClass)),
    },
  };
}

function buildSchemaOrgTerms(): TermDefinitions {
  const types = { plain: null, node: null, date: 'schema:Date', iri: '@id' } as const;
  const properties = Object.entries(SCHEMA_ORG_PROPERTIES).map(([name, kind]): [string, TermDefinition] => {
    const type = types[kind];
    return [name, type ? { '@id': `schema:${name}`, '@type': type } : `schema:${name}`];
  });
  const classes = SCHEMA_ORG_CLASSES.map((name): [string, TermDefinition] => [name, `schema:${name}`]);
  return Object.fromEntries([...classes, ...properties]);
}

/** What stands around the own fields of every fact. */
const FACT_TERMS: TermDefinitions = {
  version: 'facts:version',
  accordingTo: 'facts:accordingTo',
  reportedOn: { '@id': 'facts:reportedOn', '@type': 'xsd:date' },
  recordedAt: { '@id': 'facts:recordedAt', '@type': 'xsd:dateTime' },
  revision: 'facts:revision',
  evidence: { '@id': 'facts:evidence', '@container': '@set' },
  inferences: { '@id': 'facts:inferences', '@container': '@set' },
  retracted: 'facts:retracted',
  redacted: 'facts:redacted',
};

const defineOffset = (name: string): TermDefinition => ({
  '@id': `oa:${name}`,
  '@type': 'xsd:nonNegativeInteger',
});

/** Evidence by the W3C's Web Annotation Vocabulary, in the words of its own context. */
const ANNOTATION_TERMS: TermDefinitions = {
  Annotation: {
    '@id': 'oa:Annotation',
    '@context': {
      motivation: { '@id': 'oa:motivatedBy', '@type': '@vocab' },
      linking: 'oa:linking',
      body: { '@id': 'oa:hasBody', '@type': '@id' },
      target: 'oa:hasTarget',
      supports: { '@id': 'facts:supports', '@container': '@set' },
    },
  },
  SpecificResource: {
    '@id': 'oa:SpecificResource',
    '@context': { source: 'oa:hasSource', selector: { '@id': 'oa:hasSelector', '@container': '@set' } },
  },
  TextQuoteSelector: {
    '@id': 'oa:TextQuoteSelector',
    '@context': { exact: 'oa:exact', prefix: 'oa:prefix', suffix: 'oa:suffix' },
  },
  TextPositionSelector: {
    '@id': 'oa:TextPositionSelector',
    '@context': { start: defineOffset('start'), end: defineOffset('end') },
  },
};

/** Every shape that a node may have, once each. */
function collectNodeMappings(factTypes: readonly FactType[]): NodeMapping[] {
  const mappings = new Map<string, NodeMapping>();
  const visit = (mapping: NodeMapping): void => {
    mappings.set(mapping.componentName, mapping);
    for (const field of Object.values(mapping.schema.shape)) {
      const content = getFieldContent(field as z.ZodType);
      if (content.kind === 'object') visit(content.mapping);
    }
  };
  for (const mapping of [
    ...factTypes.map(toNodeMapping),
    inferenceMapping,
    retractionMapping,
    redactionMapping,
  ])
    visit(mapping);
  return [...mappings.values()];
}

/** The class of a shape, and within it the fields that schema.org has no property for. */
function defineClass({
  componentName,
  schema,
  linkedData,
}: NodeMapping): [name: string, term: TermDefinition] {
  const { properties = {}, replacedFields = [] } = linkedData ?? {};
  const ownFields = Object.entries(schema.shape).filter(
    ([name]) => !(name in properties || replacedFields.includes(name) || name === 'name'),
  );
  const [conflict] = ownFields.find(([name]) => (Object.values(properties) as string[]).includes(name)) ?? [];
  if (conflict)
    throw new Error(`${componentName}: ${conflict} is an own field, and a property that another one is`);
  const id = `facts:${componentName}`;
  if (ownFields.length === 0) return [id, { '@id': id }];
  const terms = ownFields.map(([name, field]) => [name, defineTerm(`${id}.${name}`, field as z.ZodType)]);
  return [id, { '@id': id, '@context': Object.fromEntries(terms) }];
}

const TERM_TYPES: Partial<Record<FieldContent['kind'], string>> = {
  date: 'xsd:date',
  instant: 'xsd:dateTime',
};

function defineTerm(id: string, field: z.ZodType): TermDefinition {
  const type = TERM_TYPES[getFieldContent(field).kind];
  return type ? { '@id': id, '@type': type } : id;
}
