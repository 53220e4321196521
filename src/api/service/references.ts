/** References to a fact from other facts. */
import type { FactType } from '../../model/fact-type.ts';
import { findReferrers } from '../../store/queries/references.ts';
import { buildFactLinks } from '../serialize/serialize-facts.ts';
import { findFactOrThrow } from './facts.ts';
import { type Page, takePage } from './page.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

/** Fact that refers to another, with the path of the field that has the reference. */
export interface Referrer {
  type: string;
  id: string;
  label: string;
  field: string;
  links: ReturnType<typeof buildFactLinks>;
}

/** Type, id and field, which the list is sorted by. */
export type ReferrerPosition = [type: string, id: string, field: string];

/** Returns a page of the facts that refer to a fact; throws if there is no such fact. */
export async function listReferrers(
  reader: SnapshotReader,
  factType: FactType,
  id: string,
  { after, limit }: { after: ReferrerPosition | null; limit: number },
): Promise<Page<Referrer, ReferrerPosition>> {
  await findFactOrThrow(reader, factType, id);
  const fact = { type: factType.type, id };
  const matches = await findReferrers(reader.db, reader.snapshot.revision, fact, after, limit + 1);
  const { rows, next } = takePage(
    matches,
    limit,
    ({ type, id, field }): ReferrerPosition => [type, id, field],
  );
  return { data: rows.map((row) => ({ ...row, links: buildFactLinks(row) })), next };
}
