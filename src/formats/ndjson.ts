/** Facts of a list as lines of JSON, for programs that read them one by one. */
import * as z from 'zod';
import { selectFields } from '../model/response-fields.ts';
import type { Format } from './format.ts';

const NDJSON_MEDIA_TYPE = 'application/x-ndjson; charset=utf-8';

export const ndjson: Format<string> = {
  extension: 'ndjson',
  mediaType: NDJSON_MEDIA_TYPE,
  appliesTo: () => true,
  hasFields: true,
  title: 'NDJSON',
  describe: () => 'One line for each fact, with the same JSON as in the list.',
  tools: () => [{ name: 'pandas, jq, DuckDB' }],
  schema: () => z.string(),
  acceptsSerialized: () => true,
  async *serialize(pages, { parameters }) {
    const fields = parameters['fields'] as string[] | undefined;
    const toLine = (fact: string) => (fields ? JSON.stringify(selectFields(JSON.parse(fact), fields)) : fact);
    for await (const facts of pages) if (facts.length > 0) yield `${facts.map(toLine).join('\n')}\n`;
  },
};
