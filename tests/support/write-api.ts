/** Write API under test: a new store, app and key for each test. */
import type { FastifyInstance } from 'fastify';
import { beforeEach } from 'vitest';
import { parse } from 'yaml';
import { createKey, type Scope } from '../../src/store/api-keys.ts';
import type { Store } from '../../src/store/open.ts';
import { createApp, createStore, get, type Json } from './app.ts';
import { buildDossier } from './dossier-builder.ts';

export const DOSSIER_PATH = '/v1/dossiers/riga-2031-05-02';
export const SAMPLE_TEXT = 'Ministers met in Riga “on Friday” 👍.\nIlze Ābele spoke.\n';

/** Builds a dossier as the JSON that a client sends. */
export const buildSampleDossier = (
  overrides: Record<string, unknown> = {},
  text: string | undefined = SAMPLE_TEXT,
): Json => {
  const { facts } = buildDossier({
    source: SAMPLE_TEXT,
    facts: [
      {
        type: 'event',
        id: 'riga-meeting',
        name: 'Meeting in Riga',
        kind: 'meeting',
        status: 'held',
        evidence: [{ quote: 'Ministers met in Riga', supports: ['name', 'kind', 'status'] }],
      },
      {
        type: 'person',
        id: 'ilze-abele',
        name: 'Ilze Ābele',
        evidence: [{ quote: 'Ilze Ābele', supports: ['name'] }],
      },
    ],
    ...overrides,
  });
  return { ...parse(facts), ...(text !== undefined && { text }) };
};

/** Builds the sample dossier with a corrected name of the event. */
export const buildCorrectedDossier = (name = 'Talks in Riga', text: string | undefined = SAMPLE_TEXT) => {
  const dossier = buildSampleDossier({}, text);
  dossier.facts[0].name = name;
  return dossier;
};

export interface SendOptions {
  method?: 'PUT' | 'POST' | 'DELETE' | 'GET';
  type?: string | undefined;
  key?: string | null;
  [header: string]: string | null | undefined;
}

export interface WriteApi {
  store: Store;
  app: FastifyInstance;
  /** Key with the scope `write`. */
  key: string;
  createKeyWithScopes(...scopes: Scope[]): Promise<string>;
  send(url: string, body: unknown, options?: SendOptions): Promise<WriteResponse>;
  /** Returns the ETag of `url`, by default of the sample dossier. */
  fetchEtag(url?: string): Promise<string>;
}

export interface WriteResponse {
  status: number;
  headers: Record<string, string>;
  body: Json;
}

/** Creates a new write API before each test of the file. */
export function setUpWriteApi(): WriteApi {
  const api = {
    createKeyWithScopes: async (...scopes: Scope[]) =>
      (await createKey(api.store, { name: `a newsroom that may ${scopes}`, scopes, expiresAt: null })).key,
    send: (url, body, sending = {}) => send(api, url, body, sending),
    fetchEtag: async (url = DOSSIER_PATH) => (await get(api.app, url)).headers['etag'] as string,
  } as WriteApi;
  beforeEach(async () => {
    api.store = await createStore();
    api.app = await createApp(api.store);
    api.key = await api.createKeyWithScopes('write');
  });
  return api;
}

async function send(
  api: WriteApi,
  url: string,
  body: unknown,
  { method = 'PUT', type, key: bearerKey = api.key, ...headers }: SendOptions,
): Promise<WriteResponse> {
  const isJsonBody = typeof body === 'object' && !(body instanceof Uint8Array);
  const response = await api.app.inject({
    method,
    url,
    headers: {
      ...(bearerKey !== null && { authorization: `Bearer ${bearerKey}` }),
      ...(body !== undefined && {
        'content-type': type ?? (isJsonBody ? 'application/json' : 'application/yaml'),
      }),
      ...(headers as Record<string, string>),
    },
    ...(body !== undefined && { payload: (isJsonBody ? JSON.stringify(body) : body) as string }),
  });
  const isJsonResponse = String(response.headers['content-type']).includes('json');
  return {
    status: response.statusCode,
    headers: response.headers as Record<string, string>,
    body: (isJsonResponse ? response.json() : response.body) as Json,
  };
}
