/** `schemas/dossier.json`: what editors complete and check dossier files by. */
import * as z from 'zod';
import { ID_PATTERN, references } from '../model/fields.ts';
import { Dossier } from './schema.ts';

const ID = ID_PATTERN.source.slice(1, -1);

export function dossierJsonSchema(): object {
  const schema = z.toJSONSchema(Dossier, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const reference = references.get(zodSchema as unknown as z.ZodType);
      if (reference) {
        const types = reference.types.length > 0 ? `(${reference.types.join('|')})` : ID;
        Object.assign(jsonSchema, { type: 'string', pattern: `^${types}/${ID}$` });
      }
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
    },
  });
  const title = 'A dossier: one source text and the facts drawn from it';
  return { ...schema, title };
}
