/** Query plan of a list: the filter or the index that it starts from. */
import type { Reader } from '../database.ts';
import { type Condition, countUpTo, RARE, rowsMeeting } from './filters.ts';

/** How a list is found. */
export interface Plan {
  /** The condition that it starts from, if one is rare enough. */
  rare: Condition | null;
  /** The term along whose index it goes. */
  walked: Walked | null;
  /** What is asked of each row besides. */
  asked: Condition[];
  /** Whether many rows may be passed over for each that is found. */
  scans: boolean;
}

/** A value of one field: facts that have it stand in the index by their ids. */
export interface Walked {
  field: string;
  value: string;
  refTypes: (string | null)[];
}

/** What the plan of a list depends on. */
interface PlanQuestion {
  type: string;
  revision: number;
  conditions: Condition[];
  /** Absent where the rows are wanted in no order. */
  sort?: { field: string };
}

export async function planFor(db: Reader, { type, revision, conditions, sort }: PlanQuestion): Promise<Plan> {
  const alongTerm = sort?.field === 'id' ? conditions.find(walkedBy) : undefined;
  // However many facts have it, as many are looked at as are shown.
  if (alongTerm && conditions.length === 1) {
    return { rare: null, walked: walkedBy(alongTerm), asked: [], scans: false };
  }
  const rare = await rarestOf(db, type, revision, conditions);
  if (rare) return { rare, walked: null, asked: conditions.filter((each) => each !== rare), scans: false };
  return {
    rare,
    walked: alongTerm ? walkedBy(alongTerm) : null,
    asked: conditions.filter((each) => each !== alongTerm),
    scans: conditions.length > 0,
  };
}

async function rarestOf(
  db: Reader,
  type: string,
  revision: number,
  conditions: Condition[],
): Promise<Condition | null> {
  let [rarest, least]: [Condition | null, number] = [null, RARE];
  for (const condition of conditions) {
    const count =
      condition.kind === 'ids'
        ? condition.ids.length
        : await countUpTo(db, rowsMeeting(db, type, revision, condition), RARE);
    if (count <= least) [rarest, least] = [condition, count];
  }
  return rarest;
}

/** The one value that a condition asks for, if it does. */
function walkedBy(condition: Condition): Walked | null {
  if (condition.kind !== 'terms') return null;
  const [first] = condition.anyOf;
  if (!first || condition.anyOf.some(({ field, value }) => field !== first.field || value !== first.value)) {
    return null;
  }
  const { field, value } = first;
  return { field, value, refTypes: condition.anyOf.map(({ refType }) => refType) };
}
