/** Comparison of two OpenAPI documents from the point of view of clients: breaking changes and additions. */
import {
  type Addition,
  type Break,
  type ComparisonState,
  createBreak,
  type Difference,
  findUnknownChanges,
  type Json,
  listKeys,
  type Pair,
} from './differences.ts';
import { comparePaths } from './operations.ts';
import { compareNamed } from './schemas.ts';

/** Components that client generators turn into types or settings. Others are compared where they are used. */
const NAMED_SECTIONS = ['schemas', 'parameters', 'securitySchemes'];

export function compareDocuments(documents: Pair): { breaks: Break[]; additions: Addition[] } {
  const contract: ComparisonState = { documents, compared: new Map(), comparing: new Set() };
  const differences = [
    ...findServerBreaks(documents),
    ...findUnknownChanges(
      documents,
      ['openapi', 'info', 'servers', 'tags', 'paths', 'components', 'security', 'jsonSchemaDialect'],
      '(document)',
    ),
    ...comparePaths(contract),
    ...findComponentBreaks(documents),
    ...compareUnused(contract),
  ];
  const distinct = [...new Map(differences.map((each) => [toKey(each), each])).values()];
  const breaks = distinct.filter((each) => each.kind === 'break');
  const additions = distinct.filter((each) => each.kind === 'addition');
  return { breaks, additions: [...additions, ...findUnrelatedSchemas(documents, additions)] };
}

const toKey = (difference: Difference): string =>
  `${difference.where}: ${difference.kind === 'break' ? difference.what : `new ${difference.of}`}`;

function findServerBreaks({ released, present }: Pair): Break[] {
  const urls = (document: Json): string[] => (document.servers ?? [{ url: '/' }]).map(({ url }: Json) => url);
  const after = urls(present);
  return urls(released)
    .filter((url) => !after.includes(url))
    .map((url) => createBreak('servers', `${url} was removed`));
}

function findComponentBreaks({ released, present }: Pair): Break[] {
  return NAMED_SECTIONS.flatMap((section) => {
    const [before, after] = [released.components?.[section], present.components?.[section] ?? {}];
    const removed = listKeys(before).filter((name) => !(name in after));
    return removed.map((name) =>
      createBreak(
        `components/${section}/${name}`,
        'the component was removed, and with it its name in generated clients',
      ),
    );
  }).concat(
    listKeys(released.components?.securitySchemes).flatMap((name) => {
      const pair = {
        released: released.components.securitySchemes[name],
        present: present.components?.securitySchemes?.[name],
      };
      return pair.present ? findUnknownChanges(pair, [], `components/securitySchemes/${name}`) : [];
    }),
  );
}

/** Compares schemas that no released operation uses: generated clients have types for them too. */
function compareUnused(contract: ComparisonState): Difference[] {
  const { released, present } = contract.documents;
  return listKeys(released.components?.schemas)
    .filter((name) => present.components?.schemas?.[name])
    .filter(
      (name) => !['requests', 'answers'].some((each) => contract.compared.has(`${each} schemas/${name}`)),
    )
    .flatMap((name) => compareNamed(contract, name, 'answers'));
}

/** Finds new schemas that do not belong to a new operation, parameter or field. */
function findUnrelatedSchemas({ released, present }: Pair, additions: Addition[]): Addition[] {
  const schemas: Record<string, Json> = present.components?.schemas ?? {};
  const referenced = new Set<string>();
  const follow = (node: Json): void => {
    for (const [, name = ''] of JSON.stringify(node ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (referenced.has(name)) continue;
      referenced.add(name);
      follow(schemas[name]);
    }
  };
  for (const { node } of additions) follow(node);
  return listKeys(schemas)
    .filter((name) => !(name in (released.components?.schemas ?? {})) && !referenced.has(name))
    .map((name) => ({
      kind: 'addition',
      where: `components/schemas/${name}`,
      of: 'schema',
      name,
      node: schemas[name],
    }));
}
