import { describe, expect, it } from 'vitest';
import { shareParameters } from '../../src/openapi/shared-parameters.ts';

const parameter = (name: string, description = 'One.') => ({ name, in: 'query', description });
const twice = (tag: string, ...parameters: ReturnType<typeof parameter>[]) =>
  [1, 2].map(() => ({ tags: [tag], parameters }));

describe('shared parameters', () => {
  it('are called by the tag, so that another one changes no name', () => {
    const stances = twice('Stances', parameter('topic'));
    expect(Object.keys(shareParameters(stances))).toEqual(['StancesTopicQuery']);
    const both = [...twice('Stances', parameter('topic')), ...twice('Sanctions rounds', parameter('topic'))];
    expect(Object.keys(shareParameters(both))).toEqual(['SanctionsRoundsTopicQuery', 'StancesTopicQuery']);
    expect(both[0]?.parameters).toEqual([{ $ref: '#/components/parameters/StancesTopicQuery' }]);
  });

  it('are called by themselves where they are the same for all', () => {
    const operations = [
      ...twice('Stances', parameter('limit')),
      ...twice('Events', parameter('limit')),
      ...twice('History', parameter('limit', 'Another.')),
    ];
    expect(Object.keys(shareParameters(operations))).toEqual(['HistoryLimitQuery', 'LimitQuery']);
    expect(operations[2]?.parameters).toEqual([{ $ref: '#/components/parameters/LimitQuery' }]);
  });

  it('stay where they are if nothing else has them', () => {
    const [operation] = twice('Events', parameter('topic'));
    const operations = [operation as NonNullable<typeof operation>];
    expect(shareParameters(operations)).toEqual({});
    expect(operations[0]?.parameters).toEqual([parameter('topic')]);
  });
});
