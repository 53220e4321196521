/** Contributions of dossiers to facts, stored separately: a change to one rebuilds the fact from all. */
import { type RawBuilder, sql } from 'kysely';
import { type Amendment, applyAmendment, captureSeenValues } from '../../model/amendments.ts';
import { type FactBody, refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import { query, type Reader, type Writer } from '../database.ts';
import { insertRows, valuesTable } from '../dialect/bulk-insert.ts';
import type { Tables } from '../schema.ts';

export type ContributionRow = Tables['contribution'];

/** Amendments of one dossier to another's fact, and the values that determine their precedence. */
export interface Contribution {
  document: string;
  day: string;
  first_rev: number;
  amendments: Amendment[];
}

/**
 * Body of a fact from its home dossier (null if no other amends it), and the amendments of others, unsorted.
 */
export interface Contributions {
  base: FactBody | null;
  others: Contribution[];
}

/** Finds all contributions to these facts, by `type/id`. */
export async function findContributions(db: Reader, facts: Reference[]): Promise<Map<string, Contributions>> {
  if (facts.length === 0) return new Map();
  const rows = await query(
    db,
    sql<ContributionRow>`select c.type, c.id, c.document, c.day, c.first_rev, c.body
      from ${valuesTable(db, facts)} as given cross join contribution as c
      where c.type = given.type and c.id = given.id order by c.type, c.id, c.document`,
  );
  return new Map(
    [...Map.groupBy(rows, refKey)].map(([key, contributionRows]) => [
      key,
      parseContributions(contributionRows),
    ]),
  );
}

/** Finds the facts of other dossiers that this one amends. */
export const findFactsAmendedBy = (db: Reader, document: string): Promise<Reference[]> =>
  selectAmendedFacts(
    db,
    sql`where c.document = ${document} and f.document != ${document} order by c.type, c.id`,
  );

/** Finds the facts of this dossier that others amend. */
export const findFactsAmendedByOthers = (db: Reader, document: string): Promise<Reference[]> =>
  selectAmendedFacts(db, sql`where f.document = ${document}`);

/** Selects the amended facts that match `clauses`, the rest of a query beginning with `where`. */
const selectAmendedFacts = (db: Reader, clauses: RawBuilder<unknown>): Promise<Reference[]> =>
  query(
    db,
    sql<Reference>`select distinct c.type, c.id from contribution as c
      join fact as f on f.type = c.type and f.id = c.id ${clauses}`,
  );

function parseContributions(rows: ContributionRow[]): Contributions {
  const contributions: Contributions = { base: null, others: [] };
  for (const { document, day, first_rev, body } of rows) {
    const { base, amendments } = JSON.parse(body) as { base?: FactBody; amendments?: Amendment[] };
    if (base) contributions.base = base;
    if (amendments) contributions.others.push({ document, day, first_rev, amendments });
  }
  return contributions;
}

/** Applies all amendments to `base`; the dossier published last takes precedence. */
export function applyContributions(base: FactBody, others: Contribution[]): FactBody {
  return [...others]
    .sort(compareContributions)
    .flatMap(({ amendments }) => amendments)
    .reduce(applyAmendment, base);
}

/**
 * Records in each addition of `contribution` the values that it finds in the fact when its turn comes.
 * Additions that are already in `previousAmendments` keep the values they found then.
 */
export function recordSeenValues(
  base: FactBody,
  others: Contribution[],
  contribution: Contribution,
  previousAmendments: Amendment[],
): Contribution {
  let body = applyContributions(
    base,
    others.filter((other) => compareContributions(other, contribution) < 0),
  );
  const amendments = contribution.amendments.map((amendment) => {
    const seen = captureSeenValues(body, amendment, previousAmendments);
    body = applyAmendment(body, seen);
    return seen;
  });
  return { ...contribution, amendments };
}

const compareContributions = (a: Contribution, b: Contribution): number =>
  compareText(a.day, b.day) || a.first_rev - b.first_rev || compareText(a.document, b.document);

const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Replaces all contributions to one fact; a fact without amendments has none. */
export async function replaceContributions(
  db: Writer,
  { type, id }: Reference,
  home: { document: string; base: FactBody },
  others: Contribution[],
): Promise<void> {
  await db.deleteFrom('contribution').where('type', '=', type).where('id', '=', id).execute();
  if (others.length === 0) return;
  const rows: ContributionRow[] = [
    { type, id, document: home.document, day: '', first_rev: 0, body: JSON.stringify({ base: home.base }) },
    ...others.map(({ amendments, ...position }) => ({
      type,
      id,
      ...position,
      body: JSON.stringify({ amendments }),
    })),
  ];
  await insertRows(db, 'contribution', rows);
}
