/** `schemas/dossier.json`: the JSON Schema with which editors complete and check dossier files. */
import * as z from 'zod';
import { ID_PATTERN, referenceRegistry } from '../model/fields.ts';
import { Dossier } from './schema.ts';

const ID_PATTERN_SOURCE = ID_PATTERN.source.slice(1, -1);

export function createDossierJsonSchema(): object {
  const schema = z.toJSONSchema(Dossier, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const reference = referenceRegistry.get(zodSchema as unknown as z.ZodType);
      if (reference) {
        const types = reference.types.length > 0 ? `(${reference.types.join('|')})` : ID_PATTERN_SOURCE;
        Object.assign(jsonSchema, { type: 'string', pattern: `^${types}/${ID_PATTERN_SOURCE}$` });
      }
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  });
  const title = 'A dossier: one source text and the facts drawn from it';
  return { ...schema, title };
}
