import type { Sdk } from '../sdk.ts';

const ONE_OPERATION = 'Text parameter of one operation, with its maximum length.';

const DESCENDING =
  'The generator turns the leading minus into an X, and supports no other name; `.sort("-id")` works too.';
const DESCENDING_FIELDS =
  'abbreviation adoptedOn alpha2 alpha3 announcedOn endDate id label measure mode name ordinal position publishedOn recordedAt reportedOn role saidOn ' +
  'startDate text title unit value';

const sdk: Sdk = {
  name: 'progenitor',
  language: 'Rust',
  document: 'openapi-3.0.yaml',
  toolchain: [['cargo', '--version']],
  steps: [
    { name: 'install', command: ['cargo', 'fetch', '--locked', '--quiet'], network: true },
    {
      name: 'generate',
      command: [
        'sh',
        '-c',
        'mkdir -p generated && cargo run --frozen --quiet -p generator ../../../openapi-3.0.yaml generated/client.rs',
      ],
    },
    { name: 'compile', command: ['cargo', 'build', '--frozen', '--quiet', '-p', 'journey'] },
  ],
  journey: ['target/debug/journey'],
  generated: ['generated'],
  extension: '.rs',
  ugly: [
    { what: 'a value of any form', pattern: /pub \w+: .*serde_json::(?:Value|Map).*(?=,)/g },
    { what: 'a type of any form', pattern: /pub struct \w+\(\s*pub ::serde_json::\w+/g },
    {
      what: 'a type for a parameter of one operation',
      pattern: /pub (?:struct|enum) (?:List|Export|Get|Cite|Check|Put|Delete|SearchFacts)\w*(?=[ (;])/g,
    },
    {
      what: 'a name that the generator made up',
      pattern: /pub (?:struct|enum) \w*(?:Inner|Response|Subtype)\w*|Variant\d+/g,
    },
    { what: 'a number to tell names apart', pattern: /pub (?:struct|enum) \w*\d\b/g },
    { what: 'a symbol that became a letter', pattern: /(?<=^ {8})X[a-z]\w*(?=,$)/gm },
    { what: 'a reserved word in disguise', pattern: /pub \w+_(?=:)/g },
  ],
  allowed: {
    ...Object.fromEntries(DESCENDING_FIELDS.split(' ').map((field) => [`X${field}`, DESCENDING])),
    'pub before: ::serde_json::Value': 'The value of any field of any fact, before a change.',
    'pub after: ::serde_json::Value': 'The value of any field of any fact, after a change.',
    'pub fields: ::serde_json::Map<::std::string::String, ::serde_json::Value>':
      'Fields of a fact of any type, as its editor writes them.',
    'pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>':
      'Fields of facts in dossiers that depend on the type, and linked data with properties of schema.org.',
    'pub struct CheckDossierNote': ONE_OPERATION,
    'pub struct PutDossierNote': ONE_OPERATION,
    'pub struct PutDossierReviewer': ONE_OPERATION,
    'pub struct DeleteDossierReason': ONE_OPERATION,
    'pub struct DeleteDossierReviewer': ONE_OPERATION,
    'pub struct GetOembedUrl': ONE_OPERATION,
    'pub struct CountryAlpha2': 'Name of the code in ISO 3166-1.',
    'pub struct CountryAlpha3': 'Name of the code in ISO 3166-1.',
    'pub type_': 'A keyword of Rust, and the right name everywhere else.',
    'pub self_': 'A keyword of Rust, and the right name everywhere else.',
  },
};

export default sdk;
