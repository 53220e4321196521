/** The versions of one fact. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { JSON_TYPE, operation } from '../../http/route-definition.ts';
import type { Resource } from '../../model/fact-type.ts';
import { pageOf } from '../../model/response-schemas.ts';
import type { Store } from '../../store/open.ts';
import { findVersions } from '../../store/queries/history.ts';
import { answerPage, cut, pageParameters } from '../respond/respond.ts';
import {
  atNumber,
  fields,
  headOf,
  NumberPlace,
  namesIn,
  revisionHead,
  told,
  toldBy,
  what,
  whatDid,
} from '../serialize/changes.ts';
import { linksOf } from '../serialize/serialize-facts.ts';
import { existing, pathOf } from './fact.ts';

const FactVersion = z
  .object({
    version: z.int().min(1),
    id: z.string().describe('The id that it went by.'),
    ...revisionHead,
    ...told,
    ...what,
    fields,
    links: z
      .object({ self: z.string().describe('The fact as it was then, path-absolute.') })
      .meta({ id: 'FactVersionLinks' }),
  })
  .meta({ id: 'FactVersion', description: 'One version of a fact: who made it of the one before, and why.' });

const FactVersionPage = pageOf('FactVersionPage', 'A page of the versions of a fact.', FactVersion);

/** The versions of one fact. */
export function versions(app: FastifyInstance, store: Store, resource: Resource): void {
  const { type, collection, noun, component, title, example } = resource;
  const options = operation({
    operationId: `list${component}Versions`,
    tag: title,
    summary: `List the versions of one ${noun}`,
    description: `Every version of the ${noun}, the oldest first, with who made it, why, and what it changed.`,
    path: () => pathOf(resource),
    query: () => z.strictObject(pageParameters),
    answer: { description: 'A page of versions.', mediaType: JSON_TYPE, schema: FactVersionPage },
    conditional: true,
    problems: ['not-found'],
    renamed: true,
    example: `/v1/${collection}/${example}/versions?limit=1`,
  });
  app.get(`/v1/${collection}/:id/versions`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return answerPage(
      { store, request, reply },
      { places: NumberPlace },
      async (db, { revision }, place, limit) => {
        await existing(db, resource, id, revision);
        const found = await findVersions(db, revision, { type, id }, atNumber(place), limit + 1);
        const { rows, next } = cut(found, limit, ({ version }): [string] => [String(version)]);
        const name = await namesIn(db, revision, rows);
        const data = rows.map((row) => ({
          version: row.version,
          id: row.id,
          ...headOf(row),
          ...toldBy(row),
          ...whatDid(row, name),
          links: { self: `${linksOf(row).self}?asOf=${row.revision}` },
        }));
        return { data, next };
      },
    );
  });
}
