/** Tested clients, in the order in which they run. */
import heyApi from './hey-api/sdk.ts';
import oapiCodegen from './oapi-codegen/sdk.ts';
import openapiGeneratorJava from './openapi-generator-java/sdk.ts';
import openapiPythonClient from './openapi-python-client/sdk.ts';
import openapiTypescript from './openapi-typescript/sdk.ts';
import orval from './orval/sdk.ts';
import progenitor from './progenitor/sdk.ts';
import type { Sdk } from './sdk.ts';
import swaggerTypescriptApi from './swagger-typescript-api/sdk.ts';

export const sdks: Sdk[] = [
  openapiTypescript,
  heyApi,
  orval,
  swaggerTypescriptApi,
  openapiPythonClient,
  oapiCodegen,
  openapiGeneratorJava,
  progenitor,
];

/** Returns the clients with the given names, or all. Throws for an unknown name. */
export function chosen(names: string[], all: Sdk[] = sdks): Sdk[] {
  const unknown = names.filter((name) => !all.some((sdk) => sdk.name === name));
  if (unknown.length > 0) {
    const known = all.map(({ name }) => name).join(', ');
    throw new Error(`Unknown client ${unknown.join(', ')}; known clients are ${known}`);
  }
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}
