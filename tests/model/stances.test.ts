import { describe, expect, it } from 'vitest';
import { getPositionVerb, stances } from '../../src/model/types/stances.ts';

describe('the verb of a stance', () => {
  const stance = {
    andOthers: true,
    actor: { type: 'organization', id: 'a' },
    subject: { type: 'proposal', id: 's' },
  };
  it.each([
    ['supports', 'supports', 'support'],
    ['opposes', 'opposes', 'oppose'],
    ['seeks-pause', 'seeks a pause on', 'seek a pause on'],
    ['seeks-more', 'seeks more on', 'seek more on'],
    ['divided', 'is divided on', 'are divided on'],
  ] as const)('%s agrees with the actor, in the label and where it stands alone', (position, singular, plural) => {
    for (const [isPlural, verb] of [
      [false, singular],
      [true, plural],
    ] as const) {
      const label = stances.getLabel(
        { ...stance, position } as never,
        ({ id }) => id,
        () => isPlural,
      );
      expect(label).toBe(`a, with others, ${verb}: s`);
      expect(getPositionVerb(position, label)).toBe(verb);
    }
  });
});
