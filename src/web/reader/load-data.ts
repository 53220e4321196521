/** Data of the reader: the text, and the facts that it supports, loaded from the public URLs. */

import { invalidParameters, Problem } from '../../lib/problem-details.ts';
import type { CodePointSpan } from '../../model/coverage.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { getFactType } from '../../model/types/index.ts';
import type { ApiClient, PageRequest } from '../page-route.ts';
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
/** Limits the length of list URLs. */
const MAX_IDS = 30;

export async function loadReaderData(
  { api, parameters }: PageRequest<Parameters>,
  document: Fact,
): Promise<ReaderData> {
  const path = document.links.self;
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
  const [text, coverage] = await Promise.all([
    catchProblems(['unauthorized', 'redacted'], api.text(`${path}/text`)),
    catchProblems(['redacted'], api.json<NonNullable<ReaderData['coverage']>>(`${path}/coverage`)),
  ]);
  if (coverage instanceof Problem)
    return { ...empty, isExcerpted: false, redactionNotice: coverage.message, selection: null };
  const selection = await loadSelection(api, document, parameters);
  const codePoints = text instanceof Problem ? null : Array.from(text);
  const parts = codePoints
    ? splitIntoParts(codePoints)
    : splitByLength(document['lengthCodePoints'] as number);
  const part = findRequestedPart(parts, parameters) ?? findPartIndex(parts, selection?.spans[0]?.start ?? 0);
  const partSpan = parts[part] as CodePointSpan;
  const { facts, hasMoreFacts } = await loadFacts(api, path, partSpan);
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

export const overlaps = (a: CodePointSpan, b: CodePointSpan): boolean => a.start < b.end && a.end > b.start;

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

/** Resolves to the value, or to the problem if its code is one of `codes`. */
async function catchProblems<T>(codes: Problem['code'][], promise: Promise<T>): Promise<T | Problem> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Problem && codes.includes(error.code)) return error;
    throw error;
  }
}

/** The API validates the passage, so that the page reports invalid offsets with the same problem. */
async function loadSelection(
  api: ApiClient,
  { id: document, links, lengthCodePoints }: Fact,
  { start, end, fact }: Parameters,
): Promise<Selection | null> {
  if (start !== undefined || end !== undefined) {
    const query = {
      ...(start !== undefined && { start: `${start}` }),
      ...(end !== undefined && { end: `${end}` }),
    };
    await api.json(`${links.self}/facts`, { ...query, limit: '1' });
    return { fact: null, spans: [{ start: start ?? 0, end: end ?? (lengthCodePoints as number) }] };
  }
  if (fact === undefined) return null;
  const [type = '', id = ''] = fact.split('/');
  const selectedFact = await api.json<Fact>(`/v1/${getFactType(type).collection}/${id}`);
  return {
    fact: selectedFact,
    spans: findEvidence(selectedFact, document).map(({ start, end }) => ({ start, end })),
  };
}

/** Loads the complete facts with evidence in a part, in the order of the text. */
async function loadFacts(
  api: ApiClient,
  path: string,
  { start, end }: CodePointSpan,
): Promise<Pick<ReaderData, 'facts' | 'hasMoreFacts'>> {
  const refs: { type: string; id: string }[] = [];
  let cursor: string | null = null;
  if (start >= end) return { facts: [], hasMoreFacts: false };
  do {
    const query: Record<string, string> = {
      start: `${start}`,
      end: `${end}`,
      limit: `${PAGE_LIMIT}`,
      ...(cursor !== null && { cursor }),
    };
    const page: FactPage = await api.json<FactPage>(`${path}/facts`, query);
    refs.push(...page.data);
    cursor = page.meta.nextCursor;
  } while (cursor !== null && refs.length < MAX_FACTS);
  const factsByRef = await loadFullFacts(api, refs);
  const facts = refs.flatMap(({ type, id }) => factsByRef.get(`${type}/${id}`) ?? []);
  return { facts, hasMoreFacts: cursor !== null };
}

interface FactPage {
  data: Fact[];
  meta: { nextCursor: string | null };
}

async function loadFullFacts(
  api: ApiClient,
  refs: { type: string; id: string }[],
): Promise<Map<string, Fact>> {
  const requests = [...Map.groupBy(refs, ({ type }) => type)].flatMap(([type, refsOfType]) => {
    const batches = Array.from({ length: Math.ceil(refsOfType.length / MAX_IDS) }, (_, index) =>
      refsOfType.slice(index * MAX_IDS, (index + 1) * MAX_IDS),
    );
    return batches.map((batch) =>
      api.json<FactPage>(`/v1/${getFactType(type).collection}`, {
        ids: batch.map(({ id }) => id),
        limit: `${PAGE_LIMIT}`,
      }),
    );
  });
  const pages = await Promise.all(requests);
  return new Map(pages.flatMap(({ data }) => data.map((fact) => [`${fact.type}/${fact.id}`, fact] as const)));
}
