import { describe, expect, it } from 'vitest';
import { shareParameters } from '../../src/openapi/shared-parameters.ts';

const createParameter = (name: string, description = 'One.') => ({ name, in: 'query', description });
const createTwoOperations = (tag: string, ...parameters: ReturnType<typeof createParameter>[]) =>
  [1, 2].map(() => ({ tags: [tag], parameters }));

describe('shared parameters', () => {
  it('are called by the tag, so that another one changes no name', () => {
    const stances = createTwoOperations('Stances', createParameter('topic'));
    expect(Object.keys(shareParameters(stances))).toEqual(['StancesTopicQuery']);
    const both = [
      ...createTwoOperations('Stances', createParameter('topic')),
      ...createTwoOperations('Sanctions rounds', createParameter('topic')),
    ];
    expect(Object.keys(shareParameters(both))).toEqual(['SanctionsRoundsTopicQuery', 'StancesTopicQuery']);
    expect(both[0]?.parameters).toEqual([{ $ref: '#/components/parameters/StancesTopicQuery' }]);
  });

  it('are called by themselves where they are the same for all', () => {
    const operations = [
      ...createTwoOperations('Stances', createParameter('limit')),
      ...createTwoOperations('Events', createParameter('limit')),
      ...createTwoOperations('History', createParameter('limit', 'Another.')),
    ];
    expect(Object.keys(shareParameters(operations))).toEqual(['HistoryLimitQuery', 'LimitQuery']);
    expect(operations[2]?.parameters).toEqual([{ $ref: '#/components/parameters/LimitQuery' }]);
  });

  it('stay where they are if nothing else has them', () => {
    const [operation] = createTwoOperations('Events', createParameter('topic'));
    const operations = [operation as NonNullable<typeof operation>];
    expect(shareParameters(operations)).toEqual({});
    expect(operations[0]?.parameters).toEqual([createParameter('topic')]);
  });
});
