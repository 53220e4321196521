/** Source texts of documents: the text, the facts that a passage supports, and the coverage by evidence. */
import { invalidParameters } from '../../lib/problem-details.ts';
import { type CodePointSpan, measureCoverage } from '../../model/coverage.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { createSourceText } from '../../model/source-text.ts';
import { getFactType } from '../../model/types/index.ts';
import { type FactRow, getSourceText } from '../../store/queries/facts.ts';
import { findFactsInPassage, findSpans } from '../../store/queries/passages.ts';
import { toFacts } from '../serialize/serialize-facts.ts';
import { findFactOrThrow } from './facts.ts';
import { type Page, takePage } from './page.ts';
import type { SnapshotReader } from './snapshot-reader.ts';
import { assertNotRedacted, isPublicText } from './text-access.ts';

/** Returns the row of the document; throws a 451 if its text was ever redacted. */
async function findDocumentOrThrow(reader: SnapshotReader, id: string): Promise<FactRow> {
  const document = await findFactOrThrow(reader, getFactType('document'), id);
  await assertNotRedacted(reader.db, id);
  return document;
}

/** Returns the text of a document; null if readers without a key may see only excerpts, and `hasKey` is false. */
export async function getText(
  reader: SnapshotReader,
  id: string,
  { hasKey }: { hasKey: boolean },
): Promise<string | null> {
  const { db, snapshot } = reader;
  await findDocumentOrThrow(reader, id);
  if (!hasKey && !(await isPublicText(db, id, snapshot.revision))) return null;
  return getSourceText(db, snapshot.revision, id);
}

/** Start of the first overlapping span, type and id, which the list is sorted by. */
export type PassagePosition = [start: string, type: string, id: string];

/**
 * Returns a page of the facts with evidence that overlaps a passage, in text order, and the passage; throws a
 * 400 if the passage is not within the text. By default it is the entire text.
 */
export async function listPassageFacts(
  reader: SnapshotReader,
  id: string,
  passage: Partial<CodePointSpan>,
  { after, limit }: { after: PassagePosition | null; limit: number },
): Promise<Page<Fact, PassagePosition> & { span: CodePointSpan }> {
  const { db, snapshot } = reader;
  const span = await resolvePassage(reader, id, passage);
  const matches = await findFactsInPassage(db, snapshot.revision, id, span, after, limit + 1);
  const { rows, next } = takePage(
    matches,
    limit,
    (row): PassagePosition => [String(row.first), row.type, row.id],
  );
  return { data: await toFacts(db, snapshot.revision, rows), next, span };
}

/** Returns the span of a passage; throws a 400 if it is not within the text. */
export async function resolvePassage(
  reader: SnapshotReader,
  id: string,
  passage: Partial<CodePointSpan>,
): Promise<CodePointSpan> {
  const { body } = await findDocumentOrThrow(reader, id);
  const { lengthCodePoints } = JSON.parse(body) as { lengthCodePoints: number };
  return parsePassage(passage, lengthCodePoints);
}

function parsePassage({ start = 0, end }: Partial<CodePointSpan>, length: number): CodePointSpan {
  const passageEnd = end ?? length;
  const outOfRange = (parameter: string, detail: string) =>
    invalidParameters([{ parameter, code: 'out-of-range', detail }]);
  if (passageEnd > length)
    throw outOfRange('end', `must be at most ${length}, the length of the text (given: ${passageEnd})`);
  if (start >= passageEnd)
    throw outOfRange('start', `must be less than the end of the passage, ${passageEnd} (given: ${start})`);
  return { start, end: passageEnd };
}

/** Coverage of a text by evidence. */
export interface Coverage {
  /** Share of the text's letters and digits that evidence touches. */
  ratio: number;
  /** Passages that no evidence touches; `exact` is null if readers without a key may see only excerpts. */
  gaps: (CodePointSpan & { exact: string | null })[];
}

/** Measures the coverage of a document. */
export async function getCoverage(reader: SnapshotReader, id: string): Promise<Coverage> {
  const { db, snapshot } = reader;
  await findDocumentOrThrow(reader, id);
  const isPublic = await isPublicText(db, id, snapshot.revision);
  const source = createSourceText(await getSourceText(db, snapshot.revision, id));
  const spans = await findSpans(db, snapshot.revision, id);
  const { ratio, gaps } = measureCoverage(source, spans);
  return { ratio, gaps: gaps.map((gap) => (isPublic ? gap : { ...gap, exact: null })) };
}
