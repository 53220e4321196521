/** OpenAPI documents, schemas, and explanations of problems. */
import type { FastifyInstance } from 'fastify';
import { hiddenRoute } from '../http/route-definition.ts';
import { staticFileRoute } from '../http/static-file.ts';
import { ERROR_CODES, PROBLEM_TYPES, Problem, type ProblemCode } from '../lib/problem-details.ts';
import { readPublishedFile } from './published-files.ts';

export function openApiRoutes(app: FastifyInstance): void {
  const files = [
    ['openapi.yaml', 'application/yaml; charset=utf-8'],
    ['openapi.json', 'application/json; charset=utf-8'],
    ['openapi-3.0.yaml', 'application/yaml; charset=utf-8'],
    ['openapi-3.0.json', 'application/json; charset=utf-8'],
    ['schemas/dossier.json', 'application/schema+json; charset=utf-8'],
    ['schemas/context.jsonld', 'application/ld+json; charset=utf-8'],
  ] as const;
  for (const [name, mediaType] of files) {
    const read = () => addPublicUrl(readPublishedFile(name), app.linkBase);
    staticFileRoute(app, { url: `/${name}`, mediaType, read });
  }

  app.get('/problems/:code', hiddenRoute, async (request, reply) => {
    const { code } = request.params as { code: string };
    if (!Object.hasOwn(PROBLEM_TYPES, code)) {
      throw new Problem(
        'no-such-route',
        `Problem ${code} not found; problems are ${Object.keys(PROBLEM_TYPES).join(', ')}`,
      );
    }
    return reply.type('text/plain; charset=utf-8').send(renderExplanation(code as ProblemCode));
  });
}

/**
 * Members that have a path of this server: the URL of the server and of examples, and the links in examples. In YAML,
 * most paths have no quotation marks.
 */
const PATH =
  /\b(url|externalValue|type|instance|self|next|html|yaml|document|revision|changes)("?: ?)(?:"(\/[^"]*)"|(\/[^\s,}]*))/g;

/** Returns an OpenAPI document with the public URL of this server. */
const addPublicUrl = (file: Buffer, publicUrl: string): Buffer | string =>
  publicUrl === ''
    ? file
    : file.toString().replace(PATH, (_, name: string, colon: string, quoted?: string, plain?: string) => {
        const path = quoted ?? plain;
        return `${name}${colon}"${publicUrl}${path === '/' ? '' : path}"`;
      });

function renderExplanation(code: ProblemCode): string {
  const { status, title, explanation } = PROBLEM_TYPES[code];
  const errorCodes = Object.entries(ERROR_CODES).map(([errorCode, meaning]) => `  ${errorCode}: ${meaning}`);
  const errorCodeList =
    code === 'invalid-parameter' ? `\nCodes in errors[]:\n${errorCodes.join('\n')}\n` : '';
  return `${title}\n\ncode: ${code}\nstatus: ${status}\n\n${explanation}\n${errorCodeList}`;
}
