/**
 * Dossier in the OpenAPI documents, derived from the schema of dossier files. It covers what a client needs to
 * build a dossier; `schemas/dossier.json` is the complete schema, which imports are validated against.
 */
import * as z from 'zod';
import { UncoveredPassage } from '../model/evidence.ts';
import { Inference } from '../model/inference.ts';
import { Rights } from '../model/types/documents.ts';
import {
  Addition,
  AuthoredEvidence,
  AuthoredFact,
  AuthoredInference,
  Correction,
  Development,
  DocumentInference,
  DocumentSection,
  DossierOutline,
  Rename,
  Retraction,
} from './schema.ts';

const COMPONENT_NAMES = new Map<z.ZodType, string>([
  [DocumentSection, 'AuthoredDocument'],
  [Rights, 'AuthoredRights'],
  [AuthoredFact, 'AuthoredFact'],
  [AuthoredEvidence, 'AuthoredEvidence'],
  [Addition, 'AuthoredAddition'],
  [Correction, 'AuthoredCorrection'],
  [Development, 'AuthoredDevelopment'],
  [Retraction, 'AuthoredRetraction'],
  [Rename, 'AuthoredRenaming'],
  [UncoveredPassage, 'UncoveredPassage'],
]);

/** Simplified schemas by their originals. An inference in a dossier has the same form as in a response. */
const simplified = new Map<z.ZodType, z.ZodType>([
  [AuthoredInference, Inference],
  [DocumentInference, Inference],
]);

/**
 * Returns the schema of the JSON that a client sends, with the same fields and descriptions but without limits,
 * patterns and rules. Returns the same object for the same schema, because a component has a single schema.
 */
export function simplifySchema(schema: z.ZodType): z.ZodType {
  const known = simplified.get(schema);
  if (known) return known;
  const result = copyNameAndDescription(schema, simplifyStructure(schema));
  simplified.set(schema, result);
  return result;
}

function simplifyStructure(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries(schema.shape).map(([name, field]) => [name, simplifySchema(field)]);
    const object = z.object(Object.fromEntries(fields));
    return schema.def.catchall instanceof z.ZodUnknown ? object.loose() : object;
  }
  if (schema instanceof z.ZodArray) return z.array(simplifySchema(schema.element as z.ZodType));
  if (schema instanceof z.ZodRecord)
    return z.record(z.string(), simplifySchema(schema.valueType as z.ZodType));
  if (schema instanceof z.ZodNullable) return simplifySchema(schema.def.innerType as z.ZodType).nullable();
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return simplifySchema(schema.def.innerType as z.ZodType).optional();
  // A reference: a string, until it is parsed.
  if (schema instanceof z.ZodPipe) return simplifySchema(schema.in as z.ZodType);
  if (schema instanceof z.ZodISODate) return z.iso.date();
  if (schema instanceof z.ZodString) return z.string();
  // A vocabulary is a component of its own.
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodUnknown) return schema;
  throw new Error(`the OpenAPI form of a zod ${schema.def.type} is not defined`);
}

/** Returns `copy` with the component name and the description of `original`. */
function copyNameAndDescription(original: z.ZodType, copy: z.ZodType): z.ZodType {
  if (copy === original) return copy;
  const id = COMPONENT_NAMES.get(original);
  const { description } = original;
  return id || description ? copy.meta({ ...(id && { id }), ...(description && { description }) }) : copy;
}

/** Dossier as JSON; a client may send back what it has read unchanged. */
export const DossierSchema = simplifySchema(
  DossierOutline.extend({
    facts: z.array(AuthoredFact),
    text: z.string().optional().describe('Source text. May be left out if the store already has the text.'),
  }),
).meta({
  id: 'Dossier',
  description:
    'One source text and the facts drawn from it, as an editor writes them; `/schemas/dossier.json` is the ' +
    'complete schema.',
});
