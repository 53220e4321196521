/** Resolution of `asOf` and cursors to the revision that a request reads. */
import { parseInstantOrDay, REVISION_NUMBER } from '../../http/as-of-param.ts';
import { invalidParameters, serviceUnavailable } from '../../lib/problem-details.ts';
import type { Reader } from '../../store/database.ts';
import type { LatestRevision } from '../../store/latest-revision.ts';
import { findRevisionAt, findRevisionByNumber, latestRevision } from '../../store/queries/revisions.ts';
import type { Snapshot } from '../../store/snapshot.ts';

/** Fields of the newest revision, which decide whether a cached response is still valid. */
const toLatestFields = (
  latest: LatestRevision | null,
): Pick<Snapshot, 'latestRevision' | 'latestRecordedAt' | 'redaction'> => ({
  latestRevision: latest?.n ?? 0,
  latestRecordedAt: latest?.recordedAt ?? null,
  redaction: latest?.redaction ?? 0,
});

/** Resolves `asOf`, or the newest revision without it; throws a 400 if there is no such revision. */
export async function resolveAsOf(db: Reader, asOf: string | undefined): Promise<Snapshot> {
  const latest = await latestRevision(db);
  if (asOf !== undefined) return resolveRequestedRevision(db, asOf, latest);
  if (!latest)
    return {
      ...toLatestFields(null),
      revision: 0,
      recordedAt: null,
      immutable: false,
      lastModifiedIsReliable: false,
    };
  const { n, recordedAt, previousRecordedAt } = latest;
  const lastModifiedIsReliable = previousRecordedAt?.slice(0, 19) !== recordedAt.slice(0, 19);
  return { ...toLatestFields(latest), revision: n, recordedAt, immutable: false, lastModifiedIsReliable };
}

/** Resolves the revision of a cursor; throws a 400 if the store does not have it. */
export async function resolveCursorRevision(db: Reader, revision: number): Promise<Snapshot> {
  const latest = await latestRevision(db);
  const match =
    revision === (latest?.n ?? 0) ? (latest ?? EMPTY_REVISION) : await findEarlierRevision(db, revision);
  if (!match) {
    const detail = `is for revision ${revision}, which this store does not have; start again without a cursor`;
    throw invalidParameters([{ parameter: 'cursor', code: 'invalid-cursor', detail }]);
  }
  const { n, recordedAt } = match;
  const lastModifiedIsReliable = n >= (latest?.redaction ?? 0);
  return { ...toLatestFields(latest), revision: n, recordedAt, immutable: true, lastModifiedIsReliable };
}

/** State of the store before the first revision. */
const EMPTY_REVISION = { n: 0, recordedAt: null };

const findEarlierRevision = async (db: Reader, revision: number) =>
  revision === 0 ? EMPTY_REVISION : findRevisionByNumber(db, revision);

const FUTURE_MESSAGE = 'must not be in the future';

/** Nothing has been recorded between the newest revision and now, so such an instant reads the newest. */
const isInFuture = (time: number, latest: LatestRevision): boolean =>
  time > Math.max(Date.now(), Date.parse(latest.recordedAt));

/**
 * Resolves the parameter `after` of changes to the number of the last revision that it excludes; throws a 400 if it
 * is a number after the snapshot, or in the future.
 */
export async function resolveAfter(
  db: Reader,
  after: number | string,
  { revision }: Pick<Snapshot, 'revision'>,
): Promise<number> {
  const outOfRange = (detail: string) =>
    invalidParameters([{ parameter: 'after', code: 'out-of-range', detail: `${detail} (given: ${after})` }]);
  if (typeof after === 'number') {
    if (after > revision) throw outOfRange(`must be at most ${revision}, the revision being read`);
    return after;
  }
  const latest = await latestRevision(db);
  const { start, end } = parseInstantOrDay(after);
  if (latest ? isInFuture(start, latest) : start > Date.now()) throw outOfRange(FUTURE_MESSAGE);
  const match = await findRevisionAt(db, new Date(end));
  return match?.n ?? 0;
}

async function resolveRequestedRevision(
  db: Reader,
  asOf: string,
  latest: LatestRevision | null,
): Promise<Snapshot> {
  const outOfRange = (detail: string) =>
    invalidParameters([{ parameter: 'asOf', code: 'out-of-range', detail: `${detail} (given: ${asOf})` }]);
  if (!latest) throw outOfRange('the store has no revision yet');
  const isNumber = REVISION_NUMBER.test(asOf);
  const { start, end } = parseInstantOrDay(asOf);
  if (!isNumber && isInFuture(start, latest)) throw outOfRange(FUTURE_MESSAGE);
  const match = isNumber
    ? await findRevisionByNumber(db, Number(asOf))
    : await findRevisionAt(db, new Date(end));
  if (!match && isNumber) throw outOfRange(`must be a revision between 1 and ${latest.n}`);
  if (!match) throw outOfRange('is before the first revision');
  // An import that began before the instant may still commit, so the result for an instant is final only once
  // a later revision exists.
  const immutable = isNumber || end < Date.parse(latest.recordedAt);
  const { n: revision, recordedAt } = match;
  return {
    ...toLatestFields(latest),
    revision,
    recordedAt,
    immutable,
    lastModifiedIsReliable: immutable && revision >= latest.redaction,
  };
}

/**
 * Throws a 503 if a text was redacted after the snapshot was resolved. A redaction also changes earlier
 * revisions, so the rest of a response would not match its ETag or the part already sent.
 */
export async function assertNotRedactedSince(db: Reader, { redaction }: Snapshot): Promise<void> {
  const latest = await latestRevision(db);
  if ((latest?.redaction ?? 0) === redaction) return;
  throw serviceUnavailable('A text was redacted during the request; try again');
}
