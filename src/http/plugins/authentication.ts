/** Who may do what: `Authorization: Bearer` and a key. */
import type { FastifyRequest } from 'fastify';
import { Problem } from '../../lib/problem-details.ts';
import type { Store } from '../../store/open.ts';
import { type ApiKey, findKey, type Scope } from '../../store/queries/api-keys.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set where an operation needs a key. */
    apiKey?: ApiKey;
  }
}

/** A hook before the body is read: only a key with `scope` comes past it. */
export const requireScope = (store: Store, scope: Scope) => async (request: FastifyRequest) => {
  const key = await authenticate(store, request);
  if (!key) throw unauthorized(request, 'This needs a key.');
  if (!hasScope(key, scope)) {
    const detail = `The key ${key.id} has the scope ${key.scopes.join(', ')}, and this needs ${scope}.`;
    const challenge = `${CHALLENGE}, error="insufficient_scope", scope="${scope}"`;
    throw new Problem('forbidden', detail, [], { 'www-authenticate': challenge });
  }
  request.apiKey = key;
};

/** Whoever may write may read. */
const hasScope = (key: ApiKey, scope: Scope): boolean =>
  key.scopes.includes(scope) || (scope === 'read' && key.scopes.includes('write'));

/** The key that a request has, if it has a good one. */
export function authenticate(store: Store, request: FastifyRequest): Promise<ApiKey | null> {
  const token = getBearerToken(request);
  return token === null ? Promise.resolve(null) : store.read((db) => findKey(db, token));
}

const CHALLENGE = 'Bearer realm="Summit Facts"';

/** A 401: with what was wrong with the key, if one was sent. */
export function unauthorized(request: FastifyRequest, reason: string): Problem {
  const hasToken = getBearerToken(request) !== null;
  const hint = hasToken
    ? 'The one that was sent is unknown, expired or revoked.'
    : 'Send Authorization: Bearer and the key.';
  const detail = `${reason} ${hint}`;
  const challenge = hasToken ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE;
  return new Problem('unauthorized', detail, [], { 'www-authenticate': challenge });
}

function getBearerToken({ headers }: FastifyRequest): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}
