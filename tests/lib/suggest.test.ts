import { describe, expect, it } from 'vitest';
import { formatSuggestion } from '../../src/lib/suggest.ts';

describe('a suggestion for a misspelt name', () => {
  const names = ['name', 'startDate', 'speaker', 'q', 'to'];
  it.each([
    ['nmae', 'name'],
    ['nam', 'name'],
    ['Name', 'name'],
    ['start_date', 'startDate'],
    ['speeker', 'speaker'],
  ])('%s is %s', (name, expected) => {
    expect(formatSuggestion(name, names)).toBe(`; did you mean ${expected}?`);
  });

  it.each(['', 'x', 'zz', 'participants', 'x'.repeat(1_000)])('does not exist for %s', (name) => {
    expect(formatSuggestion(name, names)).toBe('');
  });
});
