/** What separates two OpenAPI documents in the eyes of clients: what breaks them, and what is new. */
import {
  type Addition,
  type Break,
  broken,
  type Contract,
  type Difference,
  type Json,
  keysOf,
  type Pair,
  unknownChanges,
} from './differences.ts';
import { comparePaths } from './operations.ts';
import { compareNamed } from './schemas.ts';

/** Components that generators of clients make types or settings of. Others are compared where they are used. */
const NAMED = ['schemas', 'parameters', 'securitySchemes'];

export function compareDocuments(documents: Pair): { breaks: Break[]; additions: Addition[] } {
  const contract: Contract = { documents, compared: new Map(), comparing: new Set() };
  const differences = [
    ...serverBreaks(documents),
    ...unknownChanges(
      documents,
      ['openapi', 'info', 'servers', 'tags', 'paths', 'components', 'security', 'jsonSchemaDialect'],
      '(document)',
    ),
    ...comparePaths(contract),
    ...componentBreaks(documents),
    ...compareUnused(contract),
  ];
  const distinct = [...new Map(differences.map((each) => [keyOf(each), each])).values()];
  const breaks = distinct.filter((each) => each.kind === 'break');
  const additions = distinct.filter((each) => each.kind === 'addition');
  return { breaks, additions: [...additions, ...strayingSchemas(documents, additions)] };
}

const keyOf = (difference: Difference): string =>
  `${difference.where}: ${difference.kind === 'break' ? difference.what : `new ${difference.of}`}`;

function serverBreaks({ released, present }: Pair): Break[] {
  const urls = (document: Json): string[] => (document.servers ?? [{ url: '/' }]).map(({ url }: Json) => url);
  const after = urls(present);
  return urls(released)
    .filter((url) => !after.includes(url))
    .map((url) => broken('servers', `${url} is gone`));
}

function componentBreaks({ released, present }: Pair): Break[] {
  return NAMED.flatMap((section) => {
    const [before, after] = [released.components?.[section], present.components?.[section] ?? {}];
    const gone = keysOf(before).filter((name) => !(name in after));
    return gone.map((name) =>
      broken(
        `components/${section}/${name}`,
        'the component is gone, and with it its name in generated clients',
      ),
    );
  }).concat(
    keysOf(released.components?.securitySchemes).flatMap((name) => {
      const pair = {
        released: released.components.securitySchemes[name],
        present: present.components?.securitySchemes?.[name],
      };
      return pair.present ? unknownChanges(pair, [], `components/securitySchemes/${name}`) : [];
    }),
  );
}

/** Schemas that no released operation leads to are types of generated clients all the same. */
function compareUnused(contract: Contract): Difference[] {
  const { released, present } = contract.documents;
  return keysOf(released.components?.schemas)
    .filter((name) => present.components?.schemas?.[name])
    .filter(
      (name) => !['requests', 'answers'].some((each) => contract.compared.has(`${each} schemas/${name}`)),
    )
    .flatMap((name) => compareNamed(contract, name, 'answers'));
}

/** New schemas that did not come with a new operation, parameter or field. */
function strayingSchemas({ released, present }: Pair, additions: Addition[]): Addition[] {
  const schemas: Record<string, Json> = present.components?.schemas ?? {};
  const brought = new Set<string>();
  const follow = (node: Json): void => {
    for (const [, name = ''] of JSON.stringify(node ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (brought.has(name)) continue;
      brought.add(name);
      follow(schemas[name]);
    }
  };
  for (const { node } of additions) follow(node);
  return keysOf(schemas)
    .filter((name) => !(name in (released.components?.schemas ?? {})) && !brought.has(name))
    .map((name) => ({
      kind: 'addition',
      where: `components/schemas/${name}`,
      of: 'schema',
      name,
      node: schemas[name],
    }));
}
