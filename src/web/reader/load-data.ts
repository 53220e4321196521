/** What the reading room shows: the text, and the facts that its words carry, as the public URLs tell them. */

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
  /** Of which part of the text it is, from 0, of how many. */
  part: number;
  parts: number;
  partSpan: CodePointSpan;
  /** What may be shown of the part: all of it, or what stands around evidence. */
  excerpts: Excerpt[];
  isExcerpted: boolean;
  /** Why there is no text, where it was taken out. */
  redactionNotice: string | null;
  /** Those whose words are in this part, in the order of the text. */
  facts: Fact[];
  /** Whether there are more of them. */
  hasMoreFacts: boolean;
  /** The words of `facts` in this part. */
  highlights: Highlight[];
  /** Whether there are more of these. */
  hasMoreHighlights: boolean;
  /** The share of the text that carries facts, and where in this part it carries none. */
  coverage: { ratio: number; gaps: CodePointSpan[] } | null;
  selection: Selection | null;
}

/** What is in view: a passage, or the words of a fact. */
export interface Selection {
  /** The fact by the id that it has now; null of a passage. */
  fact: Fact | null;
  spans: CodePointSpan[];
}

/** How many facts of a part are shown, and how many of their spans. */
const MAX_FACTS = 1_000;
const MAX_HIGHLIGHTS = 4_000;
const PAGE_LIMIT = 200;
/** So that the URL of a list stays short. */
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

/** The part that is asked for by its number, from 0; null where a passage or a fact says which. */
function findRequestedPart(parts: CodePointSpan[], { part, start, end, fact }: Parameters): number | null {
  if (part === undefined) return null;
  if (start !== undefined || end !== undefined || fact !== undefined) {
    const detail = 'must be left out where start, end or fact say which part of the text it is';
    throw invalidParameters([{ parameter: 'part', code: 'invalid-value', detail }]);
  }
  if (part <= parts.length) return part - 1;
  const detail = `must be from 1 to ${parts.length}, the number of parts that the text has (given: ${part})`;
  throw invalidParameters([{ parameter: 'part', code: 'out-of-range', detail }]);
}

/** Whether a fact is of a type that is to be shown; `none` is no type. */
export const isTypeVisible = (fact: Fact, { type }: Parameters): boolean =>
  type === undefined || type.includes(fact.type);

/** The words of `fact` in a document, or in a part of it. */
export const findEvidence = (
  { evidence = [] }: Fact,
  document: string,
  part?: CodePointSpan,
): EvidenceSpan[] =>
  evidence.filter((span) => span.document.id === document && (part === undefined || overlaps(span, part)));

/** What is asked for, or the refusal if it is one of these. */
async function catchProblems<T>(codes: Problem['code'][], promise: Promise<T>): Promise<T | Problem> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Problem && codes.includes(error.code)) return error;
    throw error;
  }
}

/** A passage that is nowhere is refused as the API refuses it. */
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

/** The facts that the words of a part carry, whole, in the order of the text. */
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
