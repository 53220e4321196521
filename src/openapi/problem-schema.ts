import * as z from 'zod';
import { ERROR_CODES, PROBLEM_TYPES } from '../lib/problem-details.ts';

const formatCodeList = (entries: [code: string, meaning: string][]) =>
  entries.map(([code, meaning]) => `- \`${code}\`: ${meaning}`).join('\n');

const problemCodeList = formatCodeList(
  Object.entries(PROBLEM_TYPES).map(([code, { status, summary }]) => [code, `${status}. ${summary}`]),
);

export const ProblemErrorSchema = z
  .object({
    parameter: z.string().optional().describe('Name of the parameter with the error.'),
    pointer: z.string().optional().describe('RFC 6901 pointer to the error in the body.'),
    code: z
      .string()
      .describe(
        `Machine-readable reason. More may be added.\n\n${formatCodeList(Object.entries(ERROR_CODES))}`,
      ),
    detail: z.string().describe('Description of the error, and of what is allowed.'),
    line: z
      .int()
      .min(1)
      .optional()
      .describe('Line of the error in the submitted dossier, or for `/text` in the text itself.'),
    column: z.int().min(1).optional().describe('Column of the error, in Unicode code points.'),
  })
  .meta({ id: 'ProblemError', description: 'One error in the request.' });

/** Shape of every error response (RFC 9457). */
export const ProblemSchema = z
  .object({
    type: z.string().describe('Path-absolute URL of an explanation.'),
    title: z.string().describe('Reason phrase of the HTTP status.'),
    status: z.int().describe('HTTP status.'),
    detail: z.string().describe('Description of this occurrence of the problem.'),
    instance: z.string().describe('Requested URL; empty if the request could not be parsed.'),
    code: z.string().describe(`Machine-readable kind of problem. More may be added.\n\n${problemCodeList}`),
    requestId: z.string().describe("Id of the request, as in X-Request-Id and in the server's log."),
    errors: z
      .array(ProblemErrorSchema)
      .describe('Single errors in the request; empty if `detail` says everything.'),
  })
  .meta({ id: 'Problem', description: 'An error (RFC 9457).' });
