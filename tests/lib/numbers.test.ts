import { describe, expect, it } from 'vitest';
import { isPluralName, singularize } from '../../src/lib/nouns.ts';
import { formatCount, formatLargeNumber, formatOrdinal, formatQuantity } from '../../src/lib/numbers.ts';

describe('quantities', () => {
  it.each<[number, string, string]>([
    [1, 'days', '1 day'],
    [0, 'days', '0 days'],
    [1.5, 'days', '1.5 days'],
    [2, 'days', '2 days'],
    [1, 'member states', '1 member state'],
    [1, 'countries', '1 country'],
    [1, 'people', '1 person'],
    [1, 'heads of state', '1 head of state'],
    [1, 'tonnes of grain', '1 tonne of grain'],
    [1, 'degrees Celsius', '1 degree Celsius'],
    [1, 'percent', '1 percent'],
    [1, 'billion euros', '1 billion euros'],
    [1, 'million people', '1 million people'],
    [1, 'NGOs', '1 NGO'],
    [1, 'MEPs in the group', '1 MEP in the group'],
    [1, 'US dollars', '1 US dollar'],
    [1, 'Patriot batteries', '1 Patriot battery'],
    [1, 'votes against', '1 vote against'],
    [1, 'viruses', '1 virus'],
    [1, 'houses', '1 house'],
    [1, 'km', '1 km'],
    [5, 'ordinal', 'fifth'],
    [21, 'ordinal', '21st'],
    [0, 'ordinal', '0 ordinal'],
    [4_000_000_000, 'euros', '4 billion euros'],
    [1_000_000, 'euros', '1 million euros'],
    [1_250_000, 'refugees', '1.25 million refugees'],
    [1_200, 'troops', '1,200 troops'],
  ])('of %d %s are written "%s %s"', (value, unit, expected) => {
    expect(formatQuantity(value, unit)).toBe(expected);
  });

  it.each<[number, string]>([
    [999_999, '999,999'],
    [4_123_000_000, '4.123 billion'],
    [4_123_456_789, '4,123,456,789'],
    [-2_500_000, '-2.5 million'],
    [1_000_000.5, '1,000,000.5'],
    [7e12, '7 trillion'],
    [9_007_199_254_740_991, '9,007,199,254,740,991'],
    [1e15, '1,000,000,000,000,000'],
    [0.1, '0.1'],
    [1e300, '1e+300'],
  ])('keep every digit: %d', (value, expected) => {
    expect(formatLargeNumber(value)).toBe(expected);
  });

  it('agree with their nouns in counts', () => {
    expect([0, 1, 2, 1_234].map((count) => formatCount(count, 'fact'))).toEqual([
      '0 facts',
      '1 fact',
      '2 facts',
      '1,234 facts',
    ]);
    expect([1, 2].map((count) => formatCount(count, 'person', 'people'))).toEqual(['1 person', '2 people']);
  });

  it('have ordinals', () => {
    expect([1, 2, 3, 10, 11, 12, 13, 22, 103, 111].map(formatOrdinal)).toEqual([
      'first',
      'second',
      'third',
      'tenth',
      '11th',
      '12th',
      '13th',
      '22nd',
      '103rd',
      '111th',
    ]);
  });
});

describe('nouns', () => {
  it.each([
    'The Baltics',
    'Baltic states',
    'NATO leaders',
    'Leaders',
    'Western allies',
    'Leaders of the G7',
    'France and Germany',
    'Members of Parliament',
    'People in Kyiv',
    'NGOs',
  ])('are plural: %s', (name) => expect(isPluralName(name)).toBe(true));
  it.each([
    'Benelux',
    'Visegrád Group',
    'Council of Ministers',
    'Trade and Aid Committee',
    'The West',
    'Group of Seven',
    'Congress',
  ])('are singular: %s', (name) => expect(isPluralName(name)).toBe(false));

  it('lose their plural ending', () => {
    const plurals = [
      'rounds',
      'boxes',
      'losses',
      'vetoes',
      'crises',
      'series',
      'kilowatt-hours',
      'buses',
      'status',
    ];
    expect(plurals.map(singularize)).toEqual([
      'round',
      'box',
      'loss',
      'veto',
      'crisis',
      'series',
      'kilowatt-hour',
      'bus',
      'status',
    ]);
  });
});
