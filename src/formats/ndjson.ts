/** The items of a list as lines of JSON, for whatever reads them one by one. */
import * as z from 'zod';
import type { Format } from './format.ts';

export const NDJSON_TYPE = 'application/x-ndjson; charset=utf-8';

export const ndjson: Format<string> = {
  extension: 'ndjson',
  mediaType: NDJSON_TYPE,
  fits: () => true,
  title: 'NDJSON',
  describe: () => 'One fact a line, just as the list has it.',
  tools: () => [{ tool: 'pandas, jq, DuckDB' }],
  schema: () => z.string(),
  written: () => true,
  async *write(pages) {
    for await (const facts of pages) if (facts.length > 0) yield `${facts.join('\n')}\n`;
  },
};
