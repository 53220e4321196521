/** What tells programs about the API: the OpenAPI documents, the forms of our files, the explanations of problems. */
import type { FastifyInstance } from 'fastify';
import { buildFingerprint } from '../http/build-fingerprint.ts';
import { etagOf, matches } from '../http/etag.ts';
import { undocumented } from '../http/route-definition.ts';
import { Problem, type ProblemCode, problems, reasons } from '../lib/problem-details.ts';
import { contractFile } from './published-files.ts';

export function reference(app: FastifyInstance): void {
  const files = [
    ['openapi.yaml', 'application/yaml; charset=utf-8'],
    ['openapi.json', 'application/json; charset=utf-8'],
    ['openapi-3.0.yaml', 'application/yaml; charset=utf-8'],
    ['openapi-3.0.json', 'application/json; charset=utf-8'],
    ['schemas/dossier.json', 'application/schema+json; charset=utf-8'],
    ['schemas/context.jsonld', 'application/ld+json; charset=utf-8'],
  ] as const;
  for (const [name, mediaType] of files) {
    const url = `/${name}`;
    const etag = etagOf([buildFingerprint, url]);
    app.get(url, undocumented, async (request, reply) => {
      reply.headers({ etag, 'cache-control': 'public, no-cache' });
      const { 'if-none-match': ifNoneMatch = '' } = request.headers;
      if (ifNoneMatch === '*' || matches(ifNoneMatch, etag)) return reply.code(304).send();
      return reply.type(mediaType).send(contractFile(name));
    });
  }

  app.get('/problems/:code', undocumented, async (request, reply) => {
    const { code } = request.params as { code: string };
    if (!Object.hasOwn(problems, code)) {
      throw new Problem(
        'no-such-route',
        `There is no problem ${code}; there are ${Object.keys(problems).join(', ')}.`,
      );
    }
    return reply.type('text/plain; charset=utf-8').send(explanationOf(code as ProblemCode));
  });
}

function explanationOf(code: ProblemCode): string {
  const { status, title, explanation } = problems[code];
  const inner = Object.entries(reasons).map(([reason, meaning]) => `  ${reason}: ${meaning}`);
  const list = code === 'invalid-parameter' ? `\nCodes in errors[]:\n${inner.join('\n')}\n` : '';
  return `${title}\n\ncode: ${code}\nstatus: ${status}\n\n${explanation}\n${list}`;
}
