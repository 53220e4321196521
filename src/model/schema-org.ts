/**
 * Classes and properties of schema.org that linked data uses, with the kind of value of each property. A fact
 * type that uses another name does not compile. Do not add names that schema.org does not define.
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
  mainEntityOfPage: 'iri',
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

/** Namespace in schema.org's own JSON-LD context (http, not https), so that facts merge with other data. */
export const SCHEMA_ORG_NAMESPACE = 'http://schema.org/';
