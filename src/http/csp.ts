/** Strictest policy: nothing from other origins, and no inline scripts or styles. */
const DEFAULT_DIRECTIVES = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self'",
  'connect-src': "'self'",
  'form-action': "'none'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
};

/** Builds the `Content-Security-Policy` header from the strictest policy and `overrides`. */
export const buildContentSecurityPolicy = (overrides: Partial<Record<string, string>> = {}): string =>
  Object.entries({ ...DEFAULT_DIRECTIVES, ...overrides })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
