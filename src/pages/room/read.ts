/** What the reading room shows: the text, and the facts that its words carry, as the public URLs tell them. */
import type { Span } from '../../facts/coverage.ts';
import type { Fact } from '../../facts/representation.ts';
import { Problem } from '../../problem.ts';
import { resourceOf } from '../../resources/index.ts';
import type { Ask, Asked } from '../page.ts';
import type { Span as Evidence } from '../quotations.ts';
import { countParts, partAt, partOf, type Run, roughPartAt, roughPartOf, runsAround } from './text.ts';

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
  /** What may be shown of the part: all of it, or what stands around evidence. */
  runs: Run[];
  excerpts: boolean;
  /** Why there is no text, where it was taken out. */
  redacted: string | null;
  /** In the order of the text. */
  facts: Fact[];
  /** Whether there are more of them in this part. */
  more: boolean;
  /** The share of the text that carries facts, and where it carries none. */
  coverage: { ratio: number; gaps: Span[] } | null;
  /** The stretches in view: a passage, or the words of a fact. */
  lit: Span[];
}

/** How many facts of a part are shown. */
const MAX_FACTS = 1_000;
const PAGE = 200;
/** So that the URL of a list stays short. */
const MAX_IDS = 30;

export async function readRoom({ ask, id, parameters }: Asked<Parameters>): Promise<Room> {
  const path = `/v1/documents/${encodeURIComponent(id)}`;
  const document = await ask.json<Fact>(path);
  const empty = { document, part: 0, parts: 1, runs: [], facts: [], more: false, coverage: null, lit: [] };
  const [text, coverage] = await Promise.all([
    unless(['unauthorized', 'redacted'], ask.text(`${path}/text`)),
    unless(['redacted'], ask.json<NonNullable<Room['coverage']>>(`${path}/coverage`)),
  ]);
  if (coverage instanceof Problem) return { ...empty, excerpts: false, redacted: coverage.message };
  const lit = await inView(ask, path, parameters, document.id);
  const length = document['lengthCodePoints'] as number;
  const points = text instanceof Problem ? null : Array.from(text);
  const at = lit[0]?.start ?? 0;
  const part =
    parameters.part === undefined
      ? points
        ? partAt(points, at)
        : roughPartAt(at, length)
      : Math.min(parameters.part - 1, countParts(length) - 1);
  const window = points ? partOf(points, part) : roughPartOf(length, part);
  const { facts, more } = await factsIn(ask, path, window);
  return {
    ...empty,
    part,
    parts: countParts(length),
    runs: points
      ? [{ start: window.start, points: points.slice(window.start, window.end) }]
      : runsAround(facts.flatMap((fact) => evidenceIn(fact, document.id, window))),
    excerpts: points === null,
    redacted: null,
    facts,
    more,
    coverage,
    lit,
  };
}

/** Whether a fact is of a type that is to be shown; `none` is no type. */
export const isWanted = (fact: Fact, { type }: Parameters): boolean =>
  type === undefined || type.includes(fact.type);

/** The words of `fact` in a document, or in a part of it. */
export const evidenceIn = (
  { evidence = [] }: Fact,
  document: string,
  { start, end }: Span = { start: 0, end: Number.POSITIVE_INFINITY },
): Evidence[] =>
  evidence.filter((span) => span.document.id === document && span.start < end && span.end > start);

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
async function inView(
  ask: Ask,
  path: string,
  { start, end, fact }: Parameters,
  document: string,
): Promise<Span[]> {
  if (start !== undefined || end !== undefined) {
    const asked = {
      ...(start !== undefined && { start: `${start}` }),
      ...(end !== undefined && { end: `${end}` }),
    };
    await ask.json(`${path}/facts`, { ...asked, limit: '1' });
    return [{ start: start ?? 0, end: end ?? Number.POSITIVE_INFINITY }];
  }
  if (fact === undefined) return [];
  const [type = '', id = ''] = fact.split('/');
  const found = await ask.json<Fact>(`/v1/${resourceOf(type).collection}/${id}`);
  return evidenceIn(found, document).map(({ start, end }) => ({ start, end }));
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
