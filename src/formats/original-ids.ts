/** Facts with the ids that they had first, by which calendars and feeds identify their entries. */
import type { Fact } from '../model/response-schemas.ts';
import type { Reader } from '../store/database.ts';
import { findOriginalIds } from '../store/queries/identities.ts';

export interface FactWithOriginalId {
  fact: Fact;
  originalId: string;
}

export async function loadOriginalIds(
  db: Reader,
  _revision: number,
  facts: Fact[],
): Promise<FactWithOriginalId[]> {
  const ids = await findOriginalIds(db, facts);
  return facts.map((fact, index) => ({ fact, originalId: ids[index] as string }));
}
