import * as z from 'zod';
import { ERROR_CODES, PROBLEM_TYPES } from '../lib/problem-details.ts';

const formatCodeList = (entries: [code: string, meaning: string][]) =>
  entries.map(([code, meaning]) => `- \`${code}\`: ${meaning}`).join('\n');

const problemCodeList = formatCodeList(
  Object.entries(PROBLEM_TYPES).map(([code, { title }]) => [code, title]),
);

export const ProblemErrorSchema = z
  .object({
    parameter: z.string().optional().describe('The parameter that is wrong.'),
    pointer: z.string().optional().describe('RFC 6901 pointer to what is wrong in the body.'),
    code: z.string().describe(`Why. More may be added.\n\n${formatCodeList(Object.entries(ERROR_CODES))}`),
    detail: z.string().describe('What is wrong and what is allowed.'),
    line: z
      .int()
      .min(1)
      .optional()
      .describe('Its line in the dossier that was sent, or for `/text` in the text itself.'),
    column: z.int().min(1).optional().describe('Its column, in Unicode code points.'),
  })
  .meta({ id: 'ProblemError', description: 'One thing that is wrong with the request.' });

/** The one shape of every error (RFC 9457). */
export const ProblemSchema = z
  .object({
    type: z.string().describe('Path-absolute URL of the explanation.'),
    title: z.string(),
    status: z.int().describe('The HTTP status.'),
    detail: z.string().describe('What went wrong this time.'),
    instance: z.string().describe('The URL that was asked for; empty if it could not be read.'),
    code: z
      .string()
      .describe(`For programs to tell problems apart. More may be added.\n\n${problemCodeList}`),
    requestId: z.string().describe("The same as in X-Request-Id and in the server's log."),
    errors: z
      .array(ProblemErrorSchema)
      .describe('Each thing that is wrong; empty where there is no more to say.'),
  })
  .meta({ id: 'Problem', description: 'An error (RFC 9457).' });
