/** Facts of a list as lines of JSON, for programs that read them one by one. */
import * as z from 'zod';
import type { Format } from './format.ts';

const NDJSON_MEDIA_TYPE = 'application/x-ndjson; charset=utf-8';

export const ndjson: Format<string> = {
  extension: 'ndjson',
  mediaType: NDJSON_MEDIA_TYPE,
  appliesTo: () => true,
  title: 'NDJSON',
  description: 'One line for each fact, with the same JSON as in the list.',
  tools: () => [{ name: 'pandas, jq, DuckDB' }],
  schema: () => z.string(),
  acceptsSerialized: () => true,
  async *serialize(pages) {
    for await (const facts of pages) if (facts.length > 0) yield `${facts.join('\n')}\n`;
  },
};
