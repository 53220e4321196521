/** What the page needs to know of the OpenAPI document: its groups of tags, and which operation a URL asks. */

interface OperationObject {
  operationId: string;
  summary: string;
  tags: [string];
}

export interface OpenApiDocument {
  info: { title: string; version: string; summary: string; description: string };
  'x-tagGroups': { name: string; tags: string[] }[];
  paths: Record<string, Record<string, OperationObject>>;
}

/** A GET of the document, with the path that it stands under. */
export interface OperationRef extends OperationObject {
  path: string;
}

/** The operation that answers a GET of `url`: a path without placeholders goes before one with them. */
export function findOperation(document: OpenApiDocument, url: string): OperationRef {
  const pathname = url.split('?')[0] as string;
  const matches = Object.keys(document.paths)
    .filter((path) => toPathPattern(path).test(pathname))
    .sort((a, b) => a.split('{').length - b.split('{').length);
  const path = matches.find((each) => document.paths[each]?.['get']);
  if (path === undefined) throw new Error(`no operation answers ${url}`);
  return { path, ...(document.paths[path]?.['get'] as OperationObject) };
}

/** A path of ours has nothing but letters, digits, `/`, `-`, `.` and placeholders. */
const toPathPattern = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);

/** Where the page shows a tag or an operation: Swagger UI's own deep links. */
export const toDeepLink = (...steps: string[]): string => `#/${steps.map(encodeURIComponent).join('/')}`;
