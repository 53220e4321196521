/** Authentication by API key (`Authorization: Bearer`), and authorization by its scopes. */
import type { FastifyRequest } from 'fastify';
import { Problem } from '../../lib/problem-details.ts';
import { type ApiKey, findKey, type Scope } from '../../store/api-keys.ts';
import type { Store } from '../../store/open.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Key of the request, set by `requireScope`. */
    apiKey?: ApiKey;
  }
}

/** Returns a hook that rejects requests without a key of this scope. Use it before the body is read. */
export const requireScope = (store: Store, scope: Scope) => async (request: FastifyRequest) => {
  const key = await authenticate(store, request);
  if (!key) throw unauthorized(request, 'This operation requires an API key');
  if (!hasScope(key, scope)) {
    const detail = `The key ${key.id} has the scope ${key.scopes.join(', ')}, but needs ${scope}`;
    const challenge = `${CHALLENGE}, error="insufficient_scope", scope="${scope}"`;
    throw new Problem('forbidden', detail, [], { 'www-authenticate': challenge });
  }
  request.apiKey = key;
};

/** True if the key has the scope; "write" includes "read". */
const hasScope = (key: ApiKey, scope: Scope): boolean =>
  key.scopes.includes(scope) || (scope === 'read' && key.scopes.includes('write'));

/** Returns the key of the request, or null if it has none or an invalid one. */
export function authenticate(store: Store, request: FastifyRequest): Promise<ApiKey | null> {
  const token = getBearerToken(request);
  return token === null ? Promise.resolve(null) : store.read((db) => findKey(db, token));
}

const CHALLENGE = 'Bearer realm="Summit Facts"';

/** Problem with status 401 that says if the key was missing or invalid. */
export function unauthorized(request: FastifyRequest, reason: string): Problem {
  const hasToken = getBearerToken(request) !== null;
  const hint = hasToken
    ? 'the key in the request is unknown, expired or revoked'
    : 'send it in the header Authorization: Bearer <key>';
  const detail = `${reason}; ${hint}`;
  const challenge = hasToken ? `${CHALLENGE}, error="invalid_token"` : CHALLENGE;
  return new Problem('unauthorized', detail, [], { 'www-authenticate': challenge });
}

function getBearerToken({ headers }: FastifyRequest): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}
