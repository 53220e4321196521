/**
 * The words of schema.org that facts are said in as linked data: its classes, and its properties with what they lead to.
 * A word that is not here does not compile in a resource, and one that schema.org does not have must not be added.
 */

export const SCHEMA_ORG_CLASSES = [
  'Action',
  'AgreeAction',
  'Article',
  'AssessAction',
  'Claim',
  'Country',
  'DisagreeAction',
  'Event',
  'GeoCoordinates',
  'GovernmentOrganization',
  'Intangible',
  'MediaObject',
  'Observation',
  'Organization',
  'OrganizationRole',
  'Person',
  'Place',
  'PostalAddress',
  'PropertyValue',
  'Quotation',
  'Role',
] as const;

export const SCHEMA_ORG_PROPERTIES = {
  about: 'node',
  address: 'node',
  addressCountry: 'plain',
  agent: 'node',
  alternateName: 'plain',
  appearance: 'node',
  attendee: 'node',
  copyrightHolder: 'node',
  creator: 'node',
  dateCreated: 'date',
  datePublished: 'date',
  encodesCreativeWork: 'node',
  encoding: 'node',
  encodingFormat: 'plain',
  endDate: 'date',
  eventStatus: 'iri',
  geo: 'node',
  headline: 'plain',
  identifier: 'node',
  inLanguage: 'plain',
  isPartOf: 'node',
  jobTitle: 'plain',
  keywords: 'plain',
  latitude: 'plain',
  location: 'node',
  longitude: 'plain',
  maxValue: 'plain',
  member: 'node',
  memberOf: 'node',
  minValue: 'plain',
  name: 'plain',
  object: 'node',
  observationAbout: 'node',
  organizer: 'node',
  propertyID: 'plain',
  publisher: 'node',
  roleName: 'plain',
  sha256: 'plain',
  spokenByCharacter: 'node',
  startDate: 'date',
  superEvent: 'node',
  text: 'plain',
  unitText: 'plain',
  url: 'iri',
  value: 'plain',
} as const satisfies Record<string, 'plain' | 'date' | 'iri' | 'node'>;

export type SchemaOrgClass = (typeof SCHEMA_ORG_CLASSES)[number];
export type SchemaOrgProperty = keyof typeof SCHEMA_ORG_PROPERTIES;

/** What schema.org's own context makes of its words, so that facts go together with other data. */
export const SCHEMA_ORG_NAMESPACE = 'http://schema.org/';
