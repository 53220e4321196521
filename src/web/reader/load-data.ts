/** Data of the reader: the text, and the facts that it supports. */

import {
  getCoverage,
  getText,
  listPassageFacts,
  type PassagePosition,
  resolvePassage,
} from '../../api/service/documents.ts';
import { getFactByAnyId } from '../../api/service/facts.ts';
import type { SnapshotReader } from '../../api/service/snapshot-reader.ts';
import { invalidParameters, Problem } from '../../lib/problem-details.ts';
import type { CodePointSpan } from '../../model/coverage.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { getFactType } from '../../model/types/index.ts';
import type { EvidenceSpan } from '../quotation.ts';
import type { Highlight } from './highlights.ts';
import { buildExcerpts, type Excerpt, findPartIndex, splitByLength, splitIntoParts } from './text-pages.ts';

export interface Parameters {
  start?: number;
  end?: number;
  fact?: string;
  type?: string[];
  part?: number;
  asOf?: string;
}

export interface ReaderData {
  document: Fact;
  /** Part of the text that the page shows, counted from 0, and the number of parts. */
  part: number;
  parts: number;
  partSpan: CodePointSpan;
  /** Text of the part that may be shown: all of it, or evidence with its context. */
  excerpts: Excerpt[];
  isExcerpted: boolean;
  /** Reason why there is no text, if it was redacted. */
  redactionNotice: string | null;
  /** Facts with evidence in this part, in the order of the text. */
  facts: Fact[];
  /** True if the part supports more than `facts`. */
  hasMoreFacts: boolean;
  /** Evidence of `facts` in this part. */
  highlights: Highlight[];
  /** True if there is more evidence than `highlights`. */
  hasMoreHighlights: boolean;
  /** Share of the text that supports facts, and the gaps in this part. */
  coverage: { ratio: number; gaps: CodePointSpan[] } | null;
  selection: Selection | null;
}

/** Passage or fact in view. */
export interface Selection {
  /** Fact with its current id; null for a passage. */
  fact: Fact | null;
  spans: CodePointSpan[];
}

/** Maximum number of facts shown for a part, and of their spans. */
const MAX_FACTS = 1_000;
const MAX_HIGHLIGHTS = 4_000;
const PAGE_LIMIT = 200;

export async function loadReaderData(
  reader: SnapshotReader,
  document: Fact,
  parameters: Parameters,
): Promise<ReaderData> {
  const noSpan = { start: 0, end: 0 };
  const empty = {
    document,
    part: 0,
    parts: 1,
    partSpan: noSpan,
    excerpts: [],
    facts: [],
    highlights: [],
    hasMoreFacts: false,
    hasMoreHighlights: false,
    coverage: null,
  };
  const coverage = await getCoverage(reader, document.id).catch(returnIfRedacted);
  if (coverage instanceof Problem)
    return { ...empty, isExcerpted: false, redactionNotice: coverage.message, selection: null };
  const text = await getText(reader, document.id, { hasKey: false });
  const selection = await loadSelection(reader, document, parameters);
  const codePoints = text === null ? null : Array.from(text);
  const parts = codePoints
    ? splitIntoParts(codePoints)
    : splitByLength(document['lengthCodePoints'] as number);
  const part = findRequestedPart(parts, parameters) ?? findPartIndex(parts, selection?.spans[0]?.start ?? 0);
  const partSpan = parts[part] as CodePointSpan;
  const { facts, hasMoreFacts } = await loadFacts(reader, document.id, partSpan);
  const highlights = facts.flatMap((fact, index) =>
    findEvidence(fact, document.id, partSpan).map(({ start, end }) => ({
      start,
      end,
      type: fact.type,
      factIndex: index,
    })),
  );
  return {
    ...empty,
    part,
    parts: parts.length,
    partSpan,
    excerpts: codePoints
      ? [{ start: partSpan.start, codePoints: codePoints.slice(partSpan.start, partSpan.end) }]
      : buildExcerpts(
          facts.flatMap((fact) => findEvidence(fact, document.id, partSpan)),
          partSpan,
        ),
    isExcerpted: codePoints === null,
    redactionNotice: null,
    facts,
    hasMoreFacts,
    hasMoreHighlights: highlights.length > MAX_HIGHLIGHTS,
    highlights: highlights.slice(0, MAX_HIGHLIGHTS),
    coverage: { ...coverage, gaps: coverage.gaps.filter((gap) => overlaps(gap, partSpan)) },
    selection,
  };
}

const overlaps = (a: CodePointSpan, b: CodePointSpan): boolean => a.start < b.end && a.end > b.start;

/** Returns the index of the requested part, or null if a passage or a fact determines the part. */
function findRequestedPart(parts: CodePointSpan[], { part, start, end, fact }: Parameters): number | null {
  if (part === undefined) return null;
  if (start !== undefined || end !== undefined || fact !== undefined) {
    const detail = 'must be omitted if start, end or fact is given, because these determine the part';
    throw invalidParameters([{ parameter: 'part', code: 'invalid-value', detail }]);
  }
  if (part <= parts.length) return part - 1;
  const detail = `must be between 1 and ${parts.length}, the number of parts of this text (given: ${part})`;
  throw invalidParameters([{ parameter: 'part', code: 'out-of-range', detail }]);
}

/** True if the fact is of a visible type; `none` matches no type. */
export const isTypeVisible = (fact: Fact, { type }: Parameters): boolean =>
  type === undefined || type.includes(fact.type);

/** Returns the evidence of `fact` in a document, or in a part of it. */
export const findEvidence = (
  { evidence = [] }: Fact,
  document: string,
  part?: CodePointSpan,
): EvidenceSpan[] =>
  evidence.filter((span) => span.document.id === document && (part === undefined || overlaps(span, part)));

/** Returns the problem of a redacted text; rethrows any other error. */
function returnIfRedacted(error: unknown): Problem {
  if (error instanceof Problem && error.code === 'redacted') return error;
  throw error;
}

async function loadSelection(
  reader: SnapshotReader,
  { id: document }: Fact,
  { start, end, fact }: Parameters,
): Promise<Selection | null> {
  if (start !== undefined || end !== undefined) {
    const passage = { ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
    return { fact: null, spans: [await resolvePassage(reader, document, passage)] };
  }
  if (fact === undefined) return null;
  const [type = '', id = ''] = fact.split('/');
  const selectedFact = await getFactByAnyId(reader, getFactType(type), id);
  return {
    fact: selectedFact,
    spans: findEvidence(selectedFact, document).map(({ start, end }) => ({ start, end })),
  };
}

/** Loads the facts with evidence in a part, in the order of the text. */
async function loadFacts(
  reader: SnapshotReader,
  document: string,
  part: CodePointSpan,
): Promise<Pick<ReaderData, 'facts' | 'hasMoreFacts'>> {
  const facts: Fact[] = [];
  let after: PassagePosition | null = null;
  if (part.start >= part.end) return { facts, hasMoreFacts: false };
  do {
    const page: Awaited<ReturnType<typeof listPassageFacts>> = await listPassageFacts(
      reader,
      document,
      part,
      {
        after,
        limit: PAGE_LIMIT,
      },
    );
    facts.push(...page.data);
    after = page.next;
  } while (after !== null && facts.length < MAX_FACTS);
  return { facts, hasMoreFacts: after !== null };
}
