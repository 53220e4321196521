/** Sends generated requests and asserts that the responses conform to the document. */
import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import { isJsonMediaType } from '../../../src/lib/media-type.ts';
import type { Json } from '../app.ts';
import { expectDocumented, expectProblem, findResponse, openapi } from './document.ts';
import type { FuzzRequest } from './requests.ts';

export interface FuzzResponse {
  status: number;
  headers: Record<string, unknown>;
  /** Parsed if the response is JSON. */
  body: Json;
}

const MAX_URL_LENGTH = 4_000;
const PROBLEM_TYPE = 'application/problem+json';
/** Headers that a HEAD response does not have until the file has been built. */
const FILE_HEADERS = ['Content-Length', 'Repr-Digest', 'Summit-Facts-Sha256'];

/** Sends the request; throws if the response does not conform to the document or is not the expected one. */
export async function sendFuzzRequest(app: FastifyInstance, request: FuzzRequest): Promise<FuzzResponse> {
  const { method, url, headers, payload } = request;
  const response = await app.inject({
    method: method as 'GET',
    url,
    headers,
    ...(payload !== undefined && { payload }),
  });
  const { statusCode: status } = response;
  const type = String(response.headers['content-type'] ?? '').split(';')[0] as string;
  const fuzzResponse = {
    status,
    headers: response.headers,
    body: isJsonMediaType(type) && response.body !== '' ? response.json() : response.body,
  };
  const isUrlTooLong = url.length > MAX_URL_LENGTH && !url.includes('cursor=');
  expect(isUrlTooLong ? [414] : request.expectedStatuses, response.body.slice(0, 1_000)).toContain(status);
  if (status === 405) expectAllowHeader(request, fuzzResponse);
  else expectDocumentedResponse(request, fuzzResponse, type);
  if (status >= 400 && method !== 'HEAD') expectProblemResponse(request, fuzzResponse, isUrlTooLong);
  if (status === 200 && fuzzResponse.body?.meta?.limit)
    expect(fuzzResponse.body.data.length).toBeLessThanOrEqual(fuzzResponse.body.meta.limit);
  return fuzzResponse;
}

function expectDocumentedResponse(
  { operation, method, validParameters }: FuzzRequest,
  { status, headers, body }: FuzzResponse,
  type: string,
): void {
  const { path, method: documentedMethod } = operation;
  const response = findResponse(path, documentedMethod, status);
  expect(response, `${status} is not documented`).toBeDefined();
  for (const name of Object.keys(response.headers ?? {})) {
    if (name.startsWith('RateLimit') || (method === 'HEAD' && FILE_HEADERS.includes(name))) continue;
    expect(headers, `the documented header ${name}`).toHaveProperty(name.toLowerCase());
  }
  if (!response.content) expect(body).toBe('');
  else if (method === 'HEAD') expect([Object.keys(response.content), body]).toEqual([[type], '']);
  else expectDocumented(path, status, type, body, documentedMethod, validParameters.includes('fields'));
}

function expectAllowHeader({ operation }: FuzzRequest, { headers, body }: FuzzResponse): void {
  const allowedMethods = Object.keys(openapi.paths[operation.path]).map((each) => each.toUpperCase());
  if (allowedMethods.includes('GET')) allowedMethods.push('HEAD');
  expect(String(headers['allow']).split(', ')).toEqual([...allowedMethods, 'OPTIONS'].sort());
  expectProblem(body);
}

function expectProblemResponse(
  { url, expectedErrorParameters }: FuzzRequest,
  { status, headers, body }: FuzzResponse,
  isUrlTooLong: boolean,
): void {
  expect(headers['content-type']).toMatch(PROBLEM_TYPE);
  expect(body).toMatchObject({ status, instance: url, requestId: headers['x-request-id'] });
  if (isUrlTooLong || expectedErrorParameters.length === 0) return;
  const reportedParameters = (body.errors ?? []).map(({ parameter }: Json) => parameter);
  expect(reportedParameters, JSON.stringify(body.errors)).toEqual(
    expect.arrayContaining(expectedErrorParameters),
  );
}

/** Returns the URL and the cursor of the next page, or null on the last page. */
export function findNextCursor({ body }: FuzzResponse): { url: string; cursor: string } | null {
  const url = body?.links?.next;
  if (typeof url !== 'string') return null;
  return { url, cursor: new URL(url, 'http://x').searchParams.get('cursor') as string };
}

/** Returns the ETag if the operation supports conditional requests. */
export function findEtag({ headers }: FuzzResponse, { operation }: FuzzRequest): string | null {
  return operation.operation.responses[304] ? String(headers['etag']) : null;
}

/** Formats the request as a shell command; a binary body is not reproduced exactly. */
export function formatCurl({ method, url, headers, payload }: FuzzRequest): string {
  const quoteForShell = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const headerOptions = Object.entries(headers).map(
    ([name, value]) => `-H ${quoteForShell(`${name}: ${value}`)}`,
  );
  const body = payload === undefined ? [] : [`--data-binary ${quoteForShell(payload.toString())}`];
  return ['curl', '-X', method, ...headerOptions, ...body, quoteForShell(`http://127.0.0.1:3000${url}`)].join(
    ' ',
  );
}
