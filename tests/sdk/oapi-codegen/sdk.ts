import type { Sdk } from '../sdk.ts';

/** Environment that uses exactly the versions in go.mod and go.sum, and the installed Go. */
const env = { GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' };

const sdk: Sdk = {
  name: 'oapi-codegen',
  language: 'Go',
  document: 'openapi.yaml',
  toolchain: [['go', 'version']],
  steps: [
    { name: 'install', command: ['go', 'mod', 'download'], network: true, env },
    {
      name: 'generate',
      command: ['go', 'tool', 'oapi-codegen', '-config', 'oapi-codegen.yaml', '../../../openapi.yaml'],
      env,
    },
    { name: 'compile', command: ['go', 'vet', './...'], env },
    { name: 'compile', command: ['go', 'build', '-o', 'build/journey', '.'], env },
  ],
  journey: ['build/journey'],
  generated: ['generated'],
  extension: '.go',
  ugly: [
    {
      what: 'a type named after a parameter of one operation',
      pattern: /(?<=^type )\w+Params[A-Z]\w*/gm,
    },
    {
      what: 'a type named after a position in a response or a body',
      pattern:
        /(?<=^type )\w+(?:\d{3}Response|Response\d{3}(?!Headers\b)\w*|JSON\d+\w*|(?<!JsonFeed)Item|Inner)\b/gm,
    },
    // ISO 3166-1 has alpha-2 and alpha-3; types of response headers are named after their status.
    {
      what: 'a type with a number for a name',
      pattern: /(?<=^type )(?!\w+Response\d{3}Headers\b)(?!\w+Alpha\d)\w*\d\w*/gm,
    },
    {
      what: 'a constant without a name',
      pattern: /(?<=^\t)\w*(?:Minus[A-Z]|N\d|Https)\w*(?= +\w+ += ")/gm,
    },
    { what: 'a type without a name', pattern: /(?<=^\t+)\w+ +[*[\]]*struct \{/gm },
    { what: 'a union', pattern: /\bunion +json\.RawMessage/g },
    { what: 'a value that may be anything', pattern: /(?<=^\t)\w+ +\S*(?:interface\{\}|\bany\b)(?= +`)/gm },
    {
      what: 'a type that says nothing',
      pattern: /(?<=^type )\w+ (?:= )?(?:map\[string\])?(?:interface\{\}|any\b)/gm,
    },
    { what: 'a media type in a name', pattern: /\bApplicationproblemJSON(?=\d)/g },
  ],
  allowed: {
    'After interface{}': 'The value of any field after a change, so of any form.',
    'Before interface{}': 'The value of any field before a change, so of any form.',
    'AdditionalProperties map[string]interface{}':
      'The fields of a fact in a dossier depend on its type, and those of JSON-LD on schema.org.',
    'Fields map[string]interface{}':
      'Fields of a fact that a dossier changes, whose form depends on its type.',
    ApplicationproblemJSON:
      'Name of application/problem+json in oapi-codegen, for every API with RFC 9457 problems.',
  },
};

export default sdk;
