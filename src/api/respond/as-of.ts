/** At which revision a request reads. */
import * as z from 'zod';
import { single } from '../../http/params.ts';
import { invalidParameters } from '../../lib/problem-details.ts';
import type { Reader } from '../../store/database.ts';
import type { Newest } from '../../store/latest-revision.ts';
import { newestRevision, revisionAt, revisionByNumber } from '../../store/queries/revisions.ts';
import type { Reading } from '../../store/snapshot.ts';

const NUMBER = /^(0|[1-9]\d{0,9})$/;
/** What the document says of both: the form alone, since a pattern that knows all days is more than tools take. */
const REVISION = '[1-9][0-9]{0,9}';
const INSTANT =
  '[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?([Zz]|[+-][0-9]{2}:[0-9]{2})';
const Instant = z.iso.datetime({ offset: true });

const AsOf = z
  .string()
  .toUpperCase()
  .refine((text) => NUMBER.test(text) || Instant.safeParse(text).success, {
    error: 'must be a revision number or an RFC 3339 instant, such as 2022-03-24T12:00:00Z',
  })
  .meta({
    id: 'AsOf',
    description: 'A revision number, or an RFC 3339 instant.',
    examples: ['1'],
    pattern: `^(${REVISION}|${INSTANT})$`,
  });

export const asOf = single(AsOf)
  .optional()
  .describe('Answer as of this revision number or RFC 3339 instant, instead of the newest revision.');

/** Of the newest revision, what says of an answer whether it still is as it was. */
const newestOf = (newest: Newest | null): Pick<Reading, 'newest' | 'newestRecordedAt' | 'redaction'> => ({
  newest: newest?.n ?? 0,
  newestRecordedAt: newest?.recordedAt ?? null,
  redaction: newest?.redaction ?? 0,
});

/** The revision that `asOf` names, or the newest. */
export async function readingAsOf(db: Reader, asOf: string | undefined): Promise<Reading> {
  const newest = await newestRevision(db);
  if (asOf !== undefined) return pinnedReading(db, asOf, newest);
  if (!newest) return { ...newestOf(null), revision: 0, recordedAt: null, pinned: false, dated: false };
  const { n, recordedAt, previousRecordedAt } = newest;
  const dated = previousRecordedAt?.slice(0, 19) !== recordedAt.slice(0, 19);
  return { ...newestOf(newest), revision: n, recordedAt, pinned: false, dated };
}

/** The revision that a cursor fixed. */
export async function readingAtCursor(db: Reader, revision: number): Promise<Reading> {
  const newest = await newestRevision(db);
  const found = revision === (newest?.n ?? 0) ? (newest ?? EMPTY) : await earlierRevision(db, revision);
  if (!found) {
    const detail = `was made at revision ${revision}, which this store does not have; begin again without it`;
    throw invalidParameters([{ parameter: 'cursor', code: 'invalid-cursor', detail }]);
  }
  const { n: asked, recordedAt } = found;
  const dated = asked >= (newest?.redaction ?? 0);
  return { ...newestOf(newest), revision: asked, recordedAt, pinned: true, dated };
}

/** What there is before the first revision. */
const EMPTY = { n: 0, recordedAt: null };

const earlierRevision = async (db: Reader, revision: number) =>
  revision === 0 ? EMPTY : revisionByNumber(db, revision);

async function pinnedReading(db: Reader, asOf: string, newest: Newest | null): Promise<Reading> {
  const outOfRange = (detail: string) =>
    invalidParameters([{ parameter: 'asOf', code: 'out-of-range', detail: `${detail} (given: ${asOf})` }]);
  if (!newest) throw outOfRange('there is no revision yet');
  const byNumber = NUMBER.test(asOf);
  const instant = new Date(asOf);
  // Until now nothing was recorded after the newest revision; what comes later nobody knows.
  if (!byNumber && instant.getTime() > Math.max(Date.now(), Date.parse(newest.recordedAt))) {
    throw outOfRange('lies in the future');
  }
  const found = byNumber ? await revisionByNumber(db, Number(asOf)) : await revisionAt(db, instant);
  if (!found && byNumber) throw outOfRange(`must be a revision from 1 to ${newest.n}`);
  if (!found) throw outOfRange('lies before the first revision');
  // An import that began before the instant may still be on its way: only what the newest revision has left
  // behind is settled.
  const pinned = byNumber || instant.getTime() < Date.parse(newest.recordedAt);
  const { n: revision, recordedAt } = found;
  return {
    ...newestOf(newest),
    revision,
    recordedAt,
    pinned,
    dated: pinned && revision >= newest.redaction,
  };
}
