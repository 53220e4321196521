/** Path parameters of one fact. */
import * as z from 'zod';
import type { FactType } from '../../model/fact-type.ts';
import { FactId } from '../../model/fields.ts';

export const buildFactPathParameters = ({ noun }: FactType) =>
  z.strictObject({ id: FactId.describe(`Id of the ${noun}.`) });
