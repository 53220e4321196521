/** What the reading room shows: the text, and the facts that its words carry, as the public URLs tell them. */

import { invalidParameters, Problem } from '../../lib/problem-details.ts';
import type { Span } from '../../model/coverage.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { resourceOf } from '../../model/types/index.ts';
import type { Ask, Asked } from '../page-route.ts';
import type { Span as Evidence } from '../quotation.ts';
import type { Mark } from './highlights.ts';
import { partAt, partsOf, type Run, roughPartsOf, runsAround } from './text-pages.ts';

export interface Parameters {
  start?: number;
  end?: number;
  fact?: string;
  type?: string[];
  part?: number;
  asOf?: string;
}

export interface Room {
  document: Fact;
  /** Of which part of the text it is, from 0, of how many. */
  part: number;
  parts: number;
  within: Span;
  /** What may be shown of the part: all of it, or what stands around evidence. */
  runs: Run[];
  excerpts: boolean;
  /** Why there is no text, where it was taken out. */
  redacted: string | null;
  /** Those whose words are in this part, in the order of the text. */
  facts: Fact[];
  /** Whether there are more of them. */
  more: boolean;
  /** The words of `facts` in this part. */
  marks: Mark[];
  /** Whether there are more of these. */
  moreMarks: boolean;
  /** The share of the text that carries facts, and where in this part it carries none. */
  coverage: { ratio: number; gaps: Span[] } | null;
  view: View | null;
}

/** What is in view: a passage, or the words of a fact. */
export interface View {
  /** The fact by the id that it has now; null of a passage. */
  fact: Fact | null;
  spans: Span[];
}

/** How many facts of a part are shown, and how many of their spans. */
const MAX_FACTS = 1_000;
const MAX_MARKS = 4_000;
const PAGE = 200;
/** So that the URL of a list stays short. */
const MAX_IDS = 30;

export async function readRoom({ ask, parameters }: Asked<Parameters>, document: Fact): Promise<Room> {
  const path = document.links.self;
  const within = { start: 0, end: 0 };
  const empty = {
    document,
    part: 0,
    parts: 1,
    within,
    runs: [],
    facts: [],
    marks: [],
    more: false,
    moreMarks: false,
    coverage: null,
  };
  const [text, coverage] = await Promise.all([
    unless(['unauthorized', 'redacted'], ask.text(`${path}/text`)),
    unless(['redacted'], ask.json<NonNullable<Room['coverage']>>(`${path}/coverage`)),
  ]);
  if (coverage instanceof Problem)
    return { ...empty, excerpts: false, redacted: coverage.message, view: null };
  const view = await viewOf(ask, document, parameters);
  const points = text instanceof Problem ? null : Array.from(text);
  const parts = points ? partsOf(points) : roughPartsOf(document['lengthCodePoints'] as number);
  const part = partAsked(parts, parameters) ?? partAt(parts, view?.spans[0]?.start ?? 0);
  const window = parts[part] as Span;
  const { facts, more } = await factsIn(ask, path, window);
  const marks = facts.flatMap((fact, n) =>
    evidenceIn(fact, document.id, window).map(({ start, end }) => ({ start, end, type: fact.type, fact: n })),
  );
  return {
    ...empty,
    part,
    parts: parts.length,
    within: window,
    runs: points
      ? [{ start: window.start, points: points.slice(window.start, window.end) }]
      : runsAround(
          facts.flatMap((fact) => evidenceIn(fact, document.id, window)),
          window,
        ),
    excerpts: points === null,
    redacted: null,
    facts,
    more,
    moreMarks: marks.length > MAX_MARKS,
    marks: marks.slice(0, MAX_MARKS),
    coverage: { ...coverage, gaps: coverage.gaps.filter((gap) => meets(gap, window)) },
    view,
  };
}

export const meets = (a: Span, b: Span): boolean => a.start < b.end && a.end > b.start;

/** The part that is asked for by its number, from 0; null where a passage or a fact says which. */
function partAsked(parts: Span[], { part, start, end, fact }: Parameters): number | null {
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
export const isWanted = (fact: Fact, { type }: Parameters): boolean =>
  type === undefined || type.includes(fact.type);

/** The words of `fact` in a document, or in a part of it. */
export const evidenceIn = ({ evidence = [] }: Fact, document: string, part?: Span): Evidence[] =>
  evidence.filter((span) => span.document.id === document && (part === undefined || meets(span, part)));

/** What is asked for, or the refusal if it is one of these. */
async function unless<T>(codes: Problem['code'][], asked: Promise<T>): Promise<T | Problem> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem && codes.includes(error.code)) return error;
    throw error;
  }
}

/** A passage that is nowhere is refused as the API refuses it. */
async function viewOf(
  ask: Ask,
  { id: document, links, lengthCodePoints }: Fact,
  { start, end, fact }: Parameters,
): Promise<View | null> {
  if (start !== undefined || end !== undefined) {
    const asked = {
      ...(start !== undefined && { start: `${start}` }),
      ...(end !== undefined && { end: `${end}` }),
    };
    await ask.json(`${links.self}/facts`, { ...asked, limit: '1' });
    return { fact: null, spans: [{ start: start ?? 0, end: end ?? (lengthCodePoints as number) }] };
  }
  if (fact === undefined) return null;
  const [type = '', id = ''] = fact.split('/');
  const found = await ask.json<Fact>(`/v1/${resourceOf(type).collection}/${id}`);
  return { fact: found, spans: evidenceIn(found, document).map(({ start, end }) => ({ start, end })) };
}

/** The facts that the words of a part carry, whole, in the order of the text. */
async function factsIn(ask: Ask, path: string, { start, end }: Span): Promise<Pick<Room, 'facts' | 'more'>> {
  const heads: { type: string; id: string }[] = [];
  let cursor: string | null = null;
  if (start >= end) return { facts: [], more: false };
  do {
    const asked: Record<string, string> = {
      start: `${start}`,
      end: `${end}`,
      limit: `${PAGE}`,
      ...(cursor !== null && { cursor }),
    };
    const page: FactPage = await ask.json<FactPage>(`${path}/facts`, asked);
    heads.push(...page.data);
    cursor = page.meta.nextCursor;
  } while (cursor !== null && heads.length < MAX_FACTS);
  const whole = await wholeFacts(ask, heads);
  const facts = heads.flatMap(({ type, id }) => whole.get(`${type}/${id}`) ?? []);
  return { facts, more: cursor !== null };
}

interface FactPage {
  data: Fact[];
  meta: { nextCursor: string | null };
}

async function wholeFacts(ask: Ask, heads: { type: string; id: string }[]): Promise<Map<string, Fact>> {
  const lists = [...Map.groupBy(heads, ({ type }) => type)].flatMap(([type, all]) => {
    const batches = Array.from({ length: Math.ceil(all.length / MAX_IDS) }, (_, n) =>
      all.slice(n * MAX_IDS, (n + 1) * MAX_IDS),
    );
    return batches.map((batch) =>
      ask.json<FactPage>(`/v1/${resourceOf(type).collection}`, {
        ids: batch.map(({ id }) => id),
        limit: `${PAGE}`,
      }),
    );
  });
  const pages = await Promise.all(lists);
  return new Map(pages.flatMap(({ data }) => data.map((fact) => [`${fact.type}/${fact.id}`, fact] as const)));
}
