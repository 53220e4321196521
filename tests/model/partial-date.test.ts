import { describe, expect, it } from 'vitest';
import { parsePartialDate } from '../../src/model/partial-date.ts';

describe('a partial date', () => {
  it.each([
    ['2022', '2022-01-01', '2022-12-31'],
    ['2022-02', '2022-02-01', '2022-02-28'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2022-12', '2022-12-01', '2022-12-31'],
    ['2022-03-24', '2022-03-24', '2022-03-24'],
    // JavaScript takes the years 0 to 99 for 1900 to 1999 in some functions.
    ['0004-02', '0004-02-01', '0004-02-29'],
    ['9999', '9999-01-01', '9999-12-31'],
  ])('%s lasts from %s to %s', (text, from, to) => {
    expect(parsePartialDate(text)).toEqual({ from, to });
  });

  it.each([
    '',
    '0000',
    '0000-01-01',
    '2022-13',
    '2022-02-30',
    '2022-1',
    '2022-01-01T00:00',
    ' 2022',
  ])('is not %j', (text) => expect(parsePartialDate(text)).toBeNull());
});
