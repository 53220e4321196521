import type { Sdk } from '../sdk.ts';

const CLASSPATH = 'target/classes:target/lib/*';

const sdk: Sdk = {
  name: 'openapi-generator-java',
  language: 'Java',
  document: 'openapi.yaml',
  toolchain: [
    ['javac', '--version'],
    ['mvn', '--version'],
  ],
  steps: [
    { name: 'install', command: ['mvn', '-B', '-q', 'initialize'], network: true },
    {
      name: 'generate',
      command: [
        'java',
        // The process runs for seconds, so the first JIT compiler is enough.
        '-XX:TieredStopAtLevel=1',
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
        '-jar',
        'target/generator/openapi-generator-cli.jar',
        'generate',
        '--config',
        'config.yaml',
      ],
    },
    {
      name: 'compile',
      // Deprecation warnings are off, because the generated code calls deprecated functions of Jackson.
      command: [
        'sh',
        '-c',
        "javac -Xlint:all,-deprecation -Werror -d target/classes -cp 'target/lib/*' $(find generated/src/main/java src -name '*.java')",
      ],
    },
  ],
  journey: ['java', '-cp', CLASSPATH, 'Journey'],
  generated: ['generated'],
  extension: '.java',
  ugly: [
    { what: 'a value of any form', pattern: /private [\w<, ]*\bObject\b[\w<>, ]*\w(?= =|;)/g },
    { what: 'a response of any form', pattern: /ApiResponse<[^>]*\bObject>/g },
    {
      what: 'a name that the generator made up',
      pattern: /(?:class|enum) \w*(?:AnyOf|OneOf|AllOf|InlineObject|Inner|\d{3}Response)\w*/g,
    },
    { what: 'a number to tell names apart', pattern: /(?:class|enum) \w*\d(?:Enum)?\b/g },
    { what: 'a wrapper for null', pattern: /JsonNullable\w*/g },
    { what: 'a constant with an unpredictable name', pattern: /^ +(?:_|MINUS|NUMBER|EMPTY)\w*(?=\()/gm },
    { what: 'a reserved word in disguise', pattern: /\bget\w+_(?=\()|\bprivate \w+ _\w+/g },
  ],
  allowed: {
    'private Object before': 'The value of any field of any fact, before a change.',
    'private Object after': 'The value of any field of any fact, after a change.',
    'private Map<String, Object> fields': 'Fields of a fact of any type, as its editor writes them.',
    'private Map<String, Object> additionalProperties':
      'Fields of facts in dossiers that depend on the type, and linked data with properties of schema.org.',
    'private Object instance': 'Part of a class that the generator always adds and that nothing uses.',
  },
};

export default sdk;
