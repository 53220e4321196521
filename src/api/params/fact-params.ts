/** Parameters that name facts and their types. */
import * as z from 'zod';
import type { FactType } from '../../model/fact-type.ts';
import { closedVocabulary, FactId } from '../../model/fields.ts';
import { factTypes } from '../../model/types/index.ts';

export const TYPE_NAMES = factTypes.map(({ type }) => type) as [string, ...string[]];
export const FactTypeParam = closedVocabulary('FactType', TYPE_NAMES, 'Type of a fact.');

export const buildFactPathParameters = ({ noun }: FactType) =>
  z.strictObject({ id: FactId.describe(`Id of the ${noun}.`) });
