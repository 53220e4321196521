/** Facts of a list as lines of JSON, for programs that read them one by one. */
import * as z from 'zod';
import { addBaseToLinks } from '../http/public-url.ts';
import { escapeLineBreaks } from '../lib/json-lines.ts';
import { selectFields } from '../model/response-fields.ts';
import type { Format } from './format.ts';

const NDJSON_MEDIA_TYPE = 'application/x-ndjson; charset=utf-8';

export const ndjson: Format<string> = {
  extension: 'ndjson',
  mediaType: NDJSON_MEDIA_TYPE,
  appliesTo: () => true,
  hasFields: true,
  title: 'NDJSON',
  description:
    'One line for each fact, with the same JSON as in the list. No line contains a character that readers of lines may split at.',
  tools: () => [{ name: 'pandas, jq, DuckDB' }],
  schema: () => z.string(),
  acceptsSerialized: () => true,
  async *serialize(pages, { parameters, linkBase }) {
    const fields = parameters['fields'] as string[] | undefined;
    const toLine = (fact: string) => (fields ? JSON.stringify(selectFields(JSON.parse(fact), fields)) : fact);
    for await (const facts of pages) {
      if (facts.length === 0) continue;
      yield addBaseToLinks(`${escapeLineBreaks(facts.map(toLine).join('\n'))}\n`, linkBase);
    }
  },
};
