/** What a page may load and who may show it, as a Content-Security-Policy. */

/** Nothing from elsewhere, and no script or style inside the page. */
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

/** The strictest policy but for what `exceptions` say. */
export const buildContentSecurityPolicy = (overrides: Partial<Record<string, string>> = {}): string =>
  Object.entries({ ...DEFAULT_DIRECTIVES, ...overrides })
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
