import { resolve } from 'node:path';
import type { Sdk } from '../sdk.ts';

const BIN = resolve(import.meta.dirname, '.venv/bin');
const PIP = ['.venv/bin/python', '-m', 'pip', '--quiet', '--disable-pip-version-check', '--no-input'];

const sdk: Sdk = {
  name: 'openapi-python-client',
  language: 'Python',
  document: 'openapi.yaml',
  toolchain: [['python3', '-c', 'import ensurepip, sys, venv; print(sys.version)']],
  steps: [
    { name: 'install', command: ['python3', '-m', 'venv', '.venv'] },
    { name: 'install', command: [...PIP, 'install', '--no-deps', '-r', 'requirements.txt'], network: true },
    // pip installs no dependencies (--no-deps), so this check finds those missing from requirements.txt.
    { name: 'install', command: [...PIP, 'check'] },
    {
      name: 'generate',
      command: [
        '.venv/bin/openapi-python-client',
        'generate',
        ...['--path', '../../../openapi.yaml', '--config', 'config.yaml'],
        ...['--meta', 'none', '--output-path', 'generated/summit_facts', '--overwrite', '--fail-on-warning'],
      ],
      // The generator runs ruff from PATH to format its sources.
      env: { PATH: `${BIN}:${process.env['PATH']}` },
    },
    { name: 'compile', command: ['.venv/bin/mypy'] },
  ],
  journey: ['env', 'PYTHONPATH=generated', '.venv/bin/python', 'journey.py'],
  generated: ['generated'],
  extension: '.py',
  ugly: [
    { what: 'a class named after a position in a union', pattern: /\b[A-Z]\w*Type\d+\w*/g },
    { what: 'a class with a number for a name', pattern: /(?<=^class )\w*\d\b/gm },
    {
      what: 'a class named after an operation',
      pattern: /(?<=^class )(?:Check|Cite|Delete|Export|Get|List|Put|SearchFacts)[A-Z]\w*(?=[(:])/gm,
    },
    {
      what: 'a class named after a position in another',
      pattern: /(?<=^class )\w+(?:(?<!JsonFeed)Item|Inner|AdditionalProperty|Response\w*)(?=[(:])/gm,
    },
    { what: 'a member of an enum without a name', pattern: /\bVALUE_\d+/g },
    { what: 'an attribute without a name', pattern: /(?<=^ {4})field_\w+(?=: )/gm },
    // Arguments passed to httpx are not part of the public interface.
    {
      what: 'an attribute that may be anything',
      pattern:
        /(?<=^ {4})(?!additional_properties\b|_?(?:kwargs|params|headers|httpx_args)\b)\w+: (?:list\[|dict\[str, )?Any\b/gm,
    },
    { what: 'a response that may be anything', pattern: /(?:\bResponse\[|-> )Any\b/g },
    { what: 'a name that Python reserves', pattern: /(?<=^ {4})(?!json_)[a-z]\w*_(?=: )/gm },
  ],
  allowed: {
    'after: Any': 'The value of any field after a change, so of any form.',
    'before: Any': 'The value of any field before a change, so of any form.',
    field_summit_facts: 'Names of JSON Feed extensions begin with _, which attributes must not.',
    format_: 'The name in oEmbed; format is a function of Python.',
    from_: 'The counterpart of to, and a keyword of Python.',
    next_: 'The name of links to the next page; next is a function of Python.',
    self_: 'The name of links of a response to itself; self is the first parameter of methods in Python.',
    type_: 'The name of the type of a fact everywhere in the API; type is a function of Python.',
    'Response[Any': 'Type of a response without a body, such as 304, next to those that have one.',
    '-> Any': 'Type of a response without a body, such as 304, next to those that have one.',
  },
};

export default sdk;
