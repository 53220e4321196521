/** JSON-LD context: the meaning of each term, built from the declarations of the fact types. */
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

/** Path of the context on the server. */
export const CONTEXT_PATH = '/schemas/context.jsonld';

/**
 * IRI of the project's own vocabulary. Its terms must mean the same on every server, and a newsroom's server
 * may move. An http URL would need a permanent owner, and JSON-LD resolves a relative URL against the
 * document, not the context. `urn:summit-facts:` would need a registration, and `tag:` a domain. A UUID needs
 * neither and is unique. Terms are named after component and field in the OpenAPI document, which describes
 * them: `Event.status`.
 */
export const VOCABULARY_IRI = 'urn:uuid:e7d59f60-fb2f-4f1e-8683-09265cf48b6f#';

type TermDefinition = string | Record<string, unknown>;
type TermDefinitions = Record<string, TermDefinition>;

/**
 * Builds the context without `@vocab`: JSON-LD drops terms that are not listed, and the tests expand every
 * node in the mode that rejects that. Fields of a type are defined within its class, because `status` or
 * `role` differs between types; they take precedence over a schema.org property with the same name.
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
      // Every node has these two, so no class may redefine them.
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

/** Terms for the fields that all facts have. */
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

/** Terms for evidence from the W3C Web Annotation Vocabulary, named as in its own context. */
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

/** Collects the mappings of all node types, without duplicates. */
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

/** Defines the class of a node and, within it, the fields without a schema.org property. */
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
    throw new Error(
      `${componentName}: another field is mapped to the property ${conflict}, which is also the name of a field`,
    );
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
