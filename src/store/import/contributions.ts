/** What dossiers say about facts of others: kept apart, so that each fact can be made anew when one of them changes. */
import { type Amendment, applyAmendment, captureSeenValues } from '../../model/amendments.ts';
import { type FactBody, refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import type { Reader, Writer } from '../database.ts';
import { insertRows, valuesTable } from '../dialect/bulk-insert.ts';
import type { Tables } from '../schema.ts';

export type ContributionRow = Tables['contribution'];

/** What one dossier says about another's fact, and what its word is placed by. */
export interface Contribution {
  document: string;
  day: string;
  first_rev: number;
  amendments: Amendment[];
}

/** Of one fact: its own body, if others amend it, and their amendments, in the order in which they are taken. */
export interface Contributions {
  base: FactBody | null;
  others: Contribution[];
}

/** Everything that is said about these facts, by `type/id`. */
export async function findContributions(db: Reader, facts: Reference[]): Promise<Map<string, Contributions>> {
  if (facts.length === 0) return new Map();
  const rows: ContributionRow[] = await db
    .selectFrom(valuesTable(db, facts).as('given'))
    .crossJoin('contribution as c')
    .selectAll('c')
    .whereRef('c.type', '=', 'given.type')
    .whereRef('c.id', '=', 'given.id')
    .orderBy('c.type')
    .orderBy('c.id')
    .orderBy('c.document')
    .execute();
  return new Map(
    [...Map.groupBy(rows, refKey)].map(([key, contributionRows]) => [
      key,
      parseContributions(contributionRows),
    ]),
  );
}

/** The facts of other dossiers that this one speaks about. */
export function findFactsAmendedBy(db: Reader, document: string): Promise<Reference[]> {
  return db
    .selectFrom('contribution as c')
    .innerJoin('fact as f', (join) => join.onRef('f.type', '=', 'c.type').onRef('f.id', '=', 'c.id'))
    .select(['c.type', 'c.id'])
    .distinct()
    .where('c.document', '=', document)
    .where('f.document', '!=', document)
    .orderBy('c.type')
    .orderBy('c.id')
    .execute();
}

/** The facts of this dossier that others speak about. */
export function findFactsAmendedByOthers(db: Reader, document: string): Promise<Reference[]> {
  return db
    .selectFrom('contribution as c')
    .innerJoin('fact as f', (join) => join.onRef('f.type', '=', 'c.type').onRef('f.id', '=', 'c.id'))
    .select(['c.type', 'c.id'])
    .distinct()
    .where('f.document', '=', document)
    .execute();
}

function parseContributions(rows: ContributionRow[]): Contributions {
  const contributions: Contributions = { base: null, others: [] };
  for (const { document, day, first_rev, body } of rows) {
    const { base, amendments } = JSON.parse(body) as { base?: FactBody; amendments?: Amendment[] };
    if (base) contributions.base = base;
    if (amendments) contributions.others.push({ document, day, first_rev, amendments });
  }
  return contributions;
}

/** `base` with all that others say about it: the later published has the later word. */
export function applyContributions(base: FactBody, others: Contribution[]): FactBody {
  return [...others]
    .sort(compareContributions)
    .flatMap(({ amendments }) => amendments)
    .reduce(applyAmendment, base);
}

/** `mine` with what its additions find in the fact, in their turn; those that were there `before` keep what they found. */
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

/** Writes what is said about one fact anew. */
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
