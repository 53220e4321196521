import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { getExport, getQuery } from '../../../src/api/service/query-registry.ts';

const source = globSync('src/api/service/*.ts')
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

const findNames = (pattern: RegExp): string[] =>
  [...source.matchAll(pattern)].map(([, name]) => name as string).sort();

describe('the registry of queries', () => {
  it('has every query and every export by the name that they pass to threads', () => {
    const queryNames = findNames(/define(?:Query|Count)\(\s*'(\w+)'/g);
    expect(queryNames).toEqual(['countFacets', 'countList', 'listChanges', 'listFacts', 'searchFacts']);
    for (const name of queryNames) expect(getQuery(name, {}).task?.name).toBe(name);
    const exportNames = findNames(/defineExport\(\s*'(\w+)'/g);
    expect(exportNames).toEqual(['exportChanges', 'exportFacets', 'exportFacts']);
    const input = { type: 'event', by: [], csvParameters: {}, format: 'atom' };
    for (const name of exportNames) expect(getExport(name, input).task.name).toBe(name);
  });

  it('rejects other names', () => {
    expect(() => getQuery('toString', {})).toThrow('cannot run in a worker thread');
    expect(() => getExport('listFacts', {})).toThrow('cannot run in a worker thread');
  });
});
