/** What a page may load and who may show it, as a Content-Security-Policy. */

/** Nothing from elsewhere, and no script or style inside the page. */
const STRICTEST = {
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
export const contentSecurityPolicy = (exceptions: Partial<Record<string, string>> = {}): string =>
  Object.entries({ ...STRICTEST, ...exceptions })
    .map(([directive, allowed]) => `${directive} ${allowed}`)
    .join('; ');
