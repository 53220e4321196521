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
    // Installed without looking for more: so whatever is missing from the list must show here.
    { name: 'install', command: [...PIP, 'check'] },
    {
      name: 'generate',
      command: [
        '.venv/bin/openapi-python-client',
        'generate',
        ...['--path', '../../../openapi.yaml', '--config', 'config.yaml'],
        ...['--meta', 'none', '--output-path', 'generated/summit_facts', '--overwrite', '--fail-on-warning'],
      ],
      // It looks for ruff, which puts its sources in order.
      env: { PATH: `${BIN}:${process.env['PATH']}` },
    },
    { name: 'compile', command: ['.venv/bin/mypy'] },
  ],
  journey: ['env', 'PYTHONPATH=generated', '.venv/bin/python', 'journey.py'],
  generated: ['generated'],
  extension: '.py',
  ugly: [
    { what: 'a class named after a place in a union', pattern: /\b[A-Z]\w*Type\d+\w*/g },
    { what: 'a class with a number for a name', pattern: /(?<=^class )\w*\d\b/gm },
    {
      what: 'a class named after an operation',
      pattern: /(?<=^class )(?:Check|Cite|Delete|Export|Get|List|Put|SearchFacts)[A-Z]\w*(?=[(:])/gm,
    },
    {
      what: 'a class named after a place in another',
      pattern: /(?<=^class )\w+(?:(?<!JsonFeed)Item|Inner|AdditionalProperty|Response\w*)(?=[(:])/gm,
    },
    { what: 'a member of an enum without a name', pattern: /\bVALUE_\d+/g },
    { what: 'an attribute without a name', pattern: /(?<=^ {4})field_\w+(?=: )/gm },
    // What is handed to httpx is no part of the interface.
    {
      what: 'an attribute that may be anything',
      pattern:
        /(?<=^ {4})(?!additional_properties\b|_?(?:kwargs|params|headers|httpx_args)\b)\w+: (?:list\[|dict\[str, )?Any\b/gm,
    },
    { what: 'an answer that may be anything', pattern: /(?:\bResponse\[|-> )Any\b/g },
    { what: 'a name that Python has taken', pattern: /(?<=^ {4})(?!json_)[a-z]\w*_(?=: )/gm },
  ],
  allowed: {
    'after: Any': 'The value of a field since a change: of any field, so of any form.',
    'before: Any': 'The value of a field before a change: of any field, so of any form.',
    field_summit_facts: 'JSON Feed has names of extensions begin with _, as those of no attribute may.',
    format_: 'The name that oEmbed gives it; format is a function of Python.',
    from_: 'The pair of to, and a word of Python.',
    next_: 'The name that links to the next page have; next is a function of Python.',
    self_: 'The name that links of an answer to itself have; Python takes self for methods.',
    type_: 'The name of the type of a fact everywhere in the API; type is a function of Python.',
    'Response[Any': 'How it writes an answer without a body, such as 304, beside those that have one.',
    '-> Any': 'How it writes an answer without a body, such as 304, beside those that have one.',
  },
};

export default sdk;
