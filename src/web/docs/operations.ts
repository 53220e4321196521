/** Parts of the OpenAPI document that the page uses: groups of tags, and the operation for a URL. */

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

/** GET operation of the document with its path. */
export interface OperationRef extends OperationObject {
  path: string;
}

/** Returns the operation for a GET of `url`; paths without placeholders take precedence. */
export function findOperation(document: OpenApiDocument, url: string): OperationRef {
  const pathname = url.split('?')[0] as string;
  const matches = Object.keys(document.paths)
    .filter((path) => toPathPattern(path).test(pathname))
    .sort((a, b) => a.split('{').length - b.split('{').length);
  const path = matches.find((each) => document.paths[each]?.['get']);
  if (path === undefined) throw new Error(`no operation for GET ${url}`);
  return { path, ...(document.paths[path]?.['get'] as OperationObject) };
}

/** Paths of this API contain only letters, digits, `/`, `-`, `.` and placeholders. */
const toPathPattern = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);

/** Fragment of a tag or an operation, in the form of Swagger UI's deep links. */
export const toDeepLink = (...steps: string[]): string => `#/${steps.map(encodeURIComponent).join('/')}`;
