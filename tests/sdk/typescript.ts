/** Common definitions of the clients in TypeScript. */
import type { Sdk, Ugliness } from './sdk.ts';

/** Pattern that excludes comments, which contain descriptions: "number: any fact" is not a type. */
const IN_CODE = String.raw`(?<!(?:^\s*/?\*|//).*)`;

const inCode = (pattern: RegExp): RegExp => new RegExp(pattern.source + IN_CODE, 'gm');

export const TYPESCRIPT_UGLY: Ugliness[] = [
  {
    what: 'a field that may be anything',
    pattern: inCode(/(?:[\w$'"-]+\??|\[\w+: \w+\]): (?:any|unknown|object)\b(?:\[\])?/),
  },
  {
    what: 'a type that says nothing',
    pattern: inCode(/(?:\btype \w+ = |\b\w+<(?:\w+, ?)*|[|&] ?)(?:any|unknown|object)\b/),
  },
  { what: 'a number in place of a name', pattern: inCode(/\b(?!Alpha[23])[A-Z]\w*[a-z]\d{1,2}\b/) },
  {
    what: 'a name with a status in it',
    pattern: inCode(/\b(?!\w*Sha256)[A-Z][A-Za-z]*[1-5]\d\d(?:[A-Z]\w*)?\b/),
  },
  {
    what: 'a place in the document in place of a name',
    pattern: inCode(
      /\b[A-Z]\w+(?:AnyOf|OneOf|AllOf|Inner|Items?)\b|\b\w*(?:Inline|Anonymous|Variant\d)\w*\b/,
    ),
  },
  { what: 'a word twice', pattern: inCode(/\b\w*?([A-Z][a-z]{3,})\1\w*\b/) },
  { what: 'a word that had to be escaped', pattern: inCode(/\b[a-z]\w*_(?=\??:)/) },
  { what: 'a type for each media type', pattern: inCode(/\b[A-Z]\w+ \| string\b/) },
];

interface Own extends Pick<Sdk, 'name' | 'allowed'>, Partial<Pick<Sdk, 'bundled'>> {
  /** Command that generates the client. */
  generate: string[];
  /** File with the journey that runs after the compilation. */
  journey: string;
}

/** Defines a client whose generator is installed by npm and whose code is compiled by tsc. */
export const typescriptSdk = ({ generate, journey, allowed, ...own }: Own): Sdk => ({
  ...own,
  language: 'TypeScript',
  document: 'openapi.yaml',
  toolchain: [
    ['node', '--version'],
    ['npm', '--version'],
  ],
  steps: [
    {
      name: 'install',
      command: ['npm', 'ci', '--ignore-scripts', '--prefer-offline', '--no-fund', '--no-audit'],
      network: true,
    },
    { name: 'generate', command: generate },
    { name: 'compile', command: ['node_modules/.bin/tsc'] },
  ],
  journey: ['node', journey],
  generated: ['generated'],
  extension: '.ts',
  ugly: TYPESCRIPT_UGLY,
  allowed: {
    'before: unknown': 'value of a field of any fact, before a change',
    'after: unknown': 'value of a field of any fact, after a change',
    '[key: string]: unknown':
      'an authored fact has the fields of its type, linked data the properties of its class',
    JsonFeedItem: 'JSON Feed calls them items',
    ...allowed,
  },
});
