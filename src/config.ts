/** Configuration from environment variables. */
import { isIP } from 'node:net';
import * as z from 'zod';
import { POSTGRES_DEFAULTS } from './store/open.ts';
import type { PostgresOptions } from './store/postgres/postgres-database.ts';
import { maskPassword, parseStoreUrl } from './store/url.ts';

const integerBetween = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be an integer between ${min} and ${max}`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be an integer between ${min} and ${max}`);

const EnvironmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: integerBetween(0, 65_535).default(3000),
  DATABASE_URL: z
    .string()
    .default('file:db/summit-facts.sqlite')
    .superRefine((url, context) => {
      try {
        parseStoreUrl(url);
      } catch (error) {
        context.addIssue((error as Error).message);
      }
    }),
  READ_ONLY: z
    .enum(['0', '1', 'false', 'true'], { error: 'must be 1 or 0' })
    .transform((value) => value === '1' || value === 'true')
    .default(false),
  DATABASE_POOL_SIZE: integerBetween(1, 1_000).default(POSTGRES_DEFAULTS.poolSize),
  DATABASE_STATEMENT_TIMEOUT_MS: integerBetween(1, 600_000).default(POSTGRES_DEFAULTS.statementTimeoutMs),
  PUBLIC_URL: z
    .string()
    .superRefine((url, context) => {
      const problem = findPublicUrlProblem(url);
      if (problem) context.addIssue(problem);
    })
    .transform((url) => normalizePublicUrl(url))
    .optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('warn'),
  CACHE_MAX_BYTES: integerBetween(0, 999_999_999).default(64 * 1024 * 1024),
  RATE_LIMIT_PER_MINUTE: integerBetween(0, 1_000_000).default(600),
  WORKERS: integerBetween(1, 64).default(1),
  TRUST_PROXY: z
    .string()
    .transform((list) => list.split(',').map((cidr) => cidr.trim()))
    .refine((list) => list.every(isCidr), 'must be CIDR blocks separated by commas, such as 10.0.0.0/8')
    .optional(),
});

export interface Config {
  host: string;
  /** Port number; 0 for any free port. */
  port: number;
  databaseUrl: string;
  /** True if the database is served as it is: nothing is written to it. */
  readOnly: boolean;
  postgres: PostgresOptions;
  /** URL without a trailing slash; null for the address that the server listens on. */
  publicUrl: string | null;
  logLevel: z.output<typeof EnvironmentSchema>['LOG_LEVEL'];
  /** Memory for cached responses and serialized facts, half for each; 0 disables both caches. */
  cacheMaxBytes: number;
  /** Requests per client address; 0 for no limit. */
  rateLimitPerMinute: number;
  /** Number of processes that serve requests. */
  workers: number;
  /** CIDR blocks of the proxies whose `X-Forwarded-For` is trusted. */
  trustProxy: string[];
}

/** Error in the values of environment variables. */
export class ConfigError extends Error {}

/** Parses the environment; throws one error that names every variable with an invalid value. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  // An empty variable counts as not set.
  const definedVariables = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== ''),
  );
  const result = EnvironmentSchema.safeParse(definedVariables);
  if (!result.success) {
    const lines = result.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      const value = definedVariables[name] as string;
      return `${name}=${JSON.stringify(name === 'DATABASE_URL' ? maskPassword(value) : value)}: ${message}`;
    });
    throw new ConfigError(lines.join('\n'));
  }
  const env = result.data;
  return {
    host: env.HOST,
    port: env.PORT,
    databaseUrl: env.DATABASE_URL,
    readOnly: env.READ_ONLY,
    postgres: { poolSize: env.DATABASE_POOL_SIZE, statementTimeoutMs: env.DATABASE_STATEMENT_TIMEOUT_MS },
    publicUrl: env.PUBLIC_URL ?? null,
    logLevel: env.LOG_LEVEL,
    cacheMaxBytes: env.CACHE_MAX_BYTES,
    rateLimitPerMinute: env.RATE_LIMIT_PER_MINUTE,
    workers: env.WORKERS,
    trustProxy: env.TRUST_PROXY ?? [],
  };
}

/** Returns why links cannot begin with this URL; null if they can. */
function findPublicUrlProblem(url: string): string | null {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return 'must be an http or https URL';
  if (/[\s"'<>`{}|\\^]/.test(url))
    return 'must not contain spaces, quotes, backslashes, or any of < > ` { } | ^';
  if (/[?#]/.test(url)) return 'must not have a query or a fragment: paths are appended to it';
  const { username, password, pathname } = new URL(url);
  if (username !== '' || password !== '' || url.includes('@')) return 'must not contain a user or a password';
  return /\/\/./.test(pathname) ? 'must not have an empty path segment (//)' : null;
}

/** Returns the URL in ASCII, without a trailing slash. */
function normalizePublicUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, '');
}

function isCidr(block: string): boolean {
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(block) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128);
}
