/** What came of a request, held to the document. */
import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { isJsonType } from '../../../src/openapi/examples.ts';
import type { Json } from '../app.ts';
import { document, expectDocumented, expectProblem, responseOf } from './document.ts';
import type { Trial } from './requests.ts';

export interface Told {
  status: number;
  headers: Record<string, unknown>;
  /** Parsed, if it is JSON. */
  body: Json;
}

const MAX_URL_LENGTH = 4_000;
const PROBLEM = 'application/problem+json';
/** Of a file that is not made yet, the headers alone do not tell. */
const OF_A_FILE = ['Content-Length', 'Repr-Digest', 'Summit-Facts-Sha256'];

/** Sends the request; throws if the answer is not as the document says, or not what the request deserves. */
export async function answerTo(app: FastifyInstance, trial: Trial): Promise<Told> {
  const { method, url, headers, payload } = trial;
  const response = await app.inject({
    method: method as 'GET',
    url,
    headers,
    ...(payload !== undefined && { payload }),
  });
  const { statusCode: status } = response;
  const type = String(response.headers['content-type'] ?? '').split(';')[0] as string;
  const told = {
    status,
    headers: response.headers,
    body: isJsonType(type) && response.body !== '' ? response.json() : response.body,
  };
  const tooLong = url.length > MAX_URL_LENGTH && !url.includes('cursor=');
  expect(tooLong ? [414] : trial.statuses, response.body.slice(0, 1_000)).toContain(status);
  if (status === 405) expectRightAllow(trial, told);
  else expectAsDocumented(trial, told, type);
  if (status >= 400 && method !== 'HEAD') expectRightProblem(trial, told, tooLong);
  if (status === 200 && told.body?.meta?.limit)
    expect(told.body.data.length).toBeLessThanOrEqual(told.body.meta.limit);
  return told;
}

function expectAsDocumented(
  { operation, method }: Trial,
  { status, headers, body }: Told,
  type: string,
): void {
  const { path, method: documented } = operation;
  const response = responseOf(path, documented, status);
  expect(response, `${status} is not documented`).toBeDefined();
  for (const name of Object.keys(response.headers ?? {})) {
    if (name.startsWith('RateLimit') || (method === 'HEAD' && OF_A_FILE.includes(name))) continue;
    expect(headers, `the documented header ${name}`).toHaveProperty(name.toLowerCase());
  }
  if (!response.content) expect(body).toBe('');
  else if (method === 'HEAD') expect([Object.keys(response.content), body]).toEqual([[type], '']);
  else expectDocumented(path, status, type, body, documented);
}

function expectRightAllow({ operation }: Trial, { headers, body }: Told): void {
  const taken = Object.keys(document.paths[operation.path]).map((each) => each.toUpperCase());
  if (taken.includes('GET')) taken.push('HEAD');
  expect(String(headers['allow']).split(', ')).toEqual([...taken, 'OPTIONS'].sort());
  expectProblem(body);
}

function expectRightProblem({ url, named }: Trial, { status, headers, body }: Told, tooLong: boolean): void {
  expect(headers['content-type']).toMatch(PROBLEM);
  expect(body).toMatchObject({ status, instance: url, requestId: headers['x-request-id'] });
  if (tooLong || named.length === 0) return;
  const told = (body.errors ?? []).map(({ parameter }: Json) => parameter);
  expect(told, JSON.stringify(body.errors)).toEqual(expect.arrayContaining(named));
}

/** Where the next page is, if there is one. */
export function cursorIn({ body }: Told): { url: string; cursor: string } | null {
  const url = body?.links?.next;
  if (typeof url !== 'string') return null;
  return { url, cursor: new URL(url, 'http://x').searchParams.get('cursor') as string };
}

/** What to send back, where the operation says that it may be sent back. */
export function etagIn({ headers }: Told, { operation }: Trial): string | null {
  return operation.operation.responses[304] ? String(headers['etag']) : null;
}

/** The request as a line for a shell, but for bytes that are no text. */
export function asCurl({ method, url, headers, payload }: Trial): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const given = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const body = payload === undefined ? [] : [`--data-binary ${quoted(payload.toString())}`];
  return ['curl', '-X', method, ...given, ...body, quoted(`http://127.0.0.1:3000${url}`)].join(' ');
}
