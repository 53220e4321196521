import { escapeHtml } from '../lib/html.ts';

/** Attributes with URLs of this server; escaped texts contain no quotes, so that every match is an attribute. */
const URL_ATTRIBUTE = / (href|src|action|data-url)="\/(?!\/)/g;

/** Adds the path under which a proxy serves this server to the URLs in a page. */
export const addBasePath = (html: string, basePath: string): string =>
  basePath === ''
    ? html
    : html.replace(URL_ATTRIBUTE, (_, name: string) => ` ${name}="${escapeHtml(basePath)}/`);
