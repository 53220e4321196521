import { describe, expect, it } from 'vitest';
import { shareParameters } from '../../src/openapi/shared-parameters.ts';

const createParameter = (name: string, description = 'One.') => ({ name, in: 'query', description });
const createTwoOperations = (tag: string, ...parameters: ReturnType<typeof createParameter>[]) =>
  [1, 2].map(() => ({ tags: [tag], parameters }));

describe('shared parameters', () => {
  it('have the tag in their name, so that a new tag renames nothing', () => {
    const stances = createTwoOperations('Stances', createParameter('topic'));
    expect(Object.keys(shareParameters(stances))).toEqual(['StancesTopicQuery']);
    const both = [
      ...createTwoOperations('Stances', createParameter('topic')),
      ...createTwoOperations('Sanctions rounds', createParameter('topic')),
    ];
    expect(Object.keys(shareParameters(both))).toEqual(['SanctionsRoundsTopicQuery', 'StancesTopicQuery']);
    expect(both[0]?.parameters).toEqual([{ $ref: '#/components/parameters/StancesTopicQuery' }]);
  });

  it('have no tag in their name if all tags share them', () => {
    const operations = [
      ...createTwoOperations('Stances', createParameter('limit')),
      ...createTwoOperations('Events', createParameter('limit')),
      ...createTwoOperations('History', createParameter('limit', 'Another.')),
    ];
    expect(Object.keys(shareParameters(operations))).toEqual(['HistoryLimitQuery', 'LimitQuery']);
    expect(operations[2]?.parameters).toEqual([{ $ref: '#/components/parameters/LimitQuery' }]);
  });

  it('stay inline if only one operation has them', () => {
    const [operation] = createTwoOperations('Events', createParameter('topic'));
    const operations = [operation as NonNullable<typeof operation>];
    expect(shareParameters(operations)).toEqual({});
    expect(operations[0]?.parameters).toEqual([createParameter('topic')]);
  });
});
