/** A newsroom with a key that writes dossiers by the API: a new store for each test. */
import type { FastifyInstance } from 'fastify';
import { beforeEach } from 'vitest';
import { parse } from 'yaml';
import type { Store } from '../../src/store/open.ts';
import { createKey, type Scope } from '../../src/store/queries/api-keys.ts';
import { appOn, emptyStore, get, type Json } from './app.ts';
import { dossierOf } from './dossier-builder.ts';

export const PATH = '/v1/dossiers/riga-2031-05-02';
export const TEXT = 'Ministers met in Riga “on Friday” 👍.\nIlze Ābele spoke.\n';

/** A dossier as a client has it in hand. */
export const riga = (more: Record<string, unknown> = {}, text: string | undefined = TEXT): Json => {
  const { facts } = dossierOf({
    source: TEXT,
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
    ...more,
  });
  return { ...parse(facts), ...(text !== undefined && { text }) };
};

/** With the event corrected: another name. */
export const renamed = (name = 'Talks in Riga', text: string | undefined = TEXT) => {
  const dossier = riga({}, text);
  dossier.facts[0].name = name;
  return dossier;
};

export interface Sending {
  method?: 'PUT' | 'POST' | 'DELETE' | 'GET';
  type?: string | undefined;
  key?: string | null;
  [header: string]: string | null | undefined;
}

export interface Newsroom {
  store: Store;
  app: FastifyInstance;
  /** Of scope `write`. */
  key: string;
  keyFor(...scopes: Scope[]): Promise<string>;
  send(url: string, body: unknown, sending?: Sending): Promise<Sent>;
  /** The ETag at `url`. */
  tagOf(url?: string): Promise<string>;
}

export interface Sent {
  status: number;
  headers: Record<string, string>;
  body: Json;
}

/** Opens one before each test of the file. */
export function newsroom(): Newsroom {
  const room = {
    keyFor: async (...scopes: Scope[]) =>
      (await createKey(room.store, { name: `a newsroom that may ${scopes}`, scopes, expiresAt: null })).key,
    send: (url, body, sending = {}) => send(room, url, body, sending),
    tagOf: async (url = PATH) => (await get(room.app, url)).headers['etag'] as string,
  } as Newsroom;
  beforeEach(async () => {
    room.store = await emptyStore();
    room.app = await appOn(room.store);
    room.key = await room.keyFor('write');
  });
  return room;
}

async function send(
  room: Newsroom,
  url: string,
  body: unknown,
  { method = 'PUT', type, key: by = room.key, ...headers }: Sending,
): Promise<Sent> {
  const json = typeof body === 'object' && !(body instanceof Uint8Array);
  const response = await room.app.inject({
    method,
    url,
    headers: {
      ...(by !== null && { authorization: `Bearer ${by}` }),
      ...(body !== undefined && { 'content-type': type ?? (json ? 'application/json' : 'application/yaml') }),
      ...(headers as Record<string, string>),
    },
    ...(body !== undefined && { payload: (json ? JSON.stringify(body) : body) as string }),
  });
  const isJson = String(response.headers['content-type']).includes('json');
  return {
    status: response.statusCode,
    headers: response.headers as Record<string, string>,
    body: (isJson ? response.json() : response.body) as Json,
  };
}
