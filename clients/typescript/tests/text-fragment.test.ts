import { expect, test } from 'vitest';
import { type Quote, textFragment } from '../dist/index.js';

const PAGE = 'https://news.example.org/a';
/** Returns the decoded terms of the directive. */
const terms = (quote: Quote): string[] => {
  const [, directive = ''] = textFragment(PAGE, quote).split('#:~:text=');
  return directive.split(',').map(decodeURIComponent);
};

test('contains the words with their context', () => {
  const quote = { exact: 'four new battle groups', prefix: 'announced the ', suffix: ' to Bulgaria.' };
  expect(textFragment(PAGE, quote)).toBe(
    `${PAGE}#:~:text=announced%20the-,four%20new%20battle%20groups,-to%20Bulgaria.`,
  );
  expect(textFragment(PAGE, { exact: 'Riga' })).toBe(`${PAGE}#:~:text=Riga`);
});

test('encodes the syntax characters (dashes, commas, ampersands) and everything outside ASCII', () => {
  expect(textFragment(PAGE, { exact: 'no-fly, & 100 % “zone” 👍 #1' })).toBe(
    `${PAGE}#:~:text=no%2Dfly%2C%20%26%20100%20%25%20%E2%80%9Czone%E2%80%9D%20%F0%9F%91%8D%20%231`,
  );
});

test('keeps an existing fragment, and replaces a text directive', () => {
  expect(textFragment(`${PAGE}#top`, { exact: 'Riga' })).toBe(`${PAGE}#top:~:text=Riga`);
  expect(textFragment(`${PAGE}#`, { exact: 'Riga' })).toBe(`${PAGE}#:~:text=Riga`);
  expect(textFragment(`${PAGE}?b=1#:~:text=old`, { exact: 'Riga' })).toBe(`${PAGE}?b=1#:~:text=Riga`);
  expect(textFragment(`${PAGE}#top:~:text=old&text=older`, { exact: 'Riga' })).toBe(
    `${PAGE}#top:~:text=Riga`,
  );
});

test('supports several quotations', () => {
  expect(textFragment(PAGE, [{ exact: 'Riga' }, { exact: 'met' }])).toBe(`${PAGE}#:~:text=Riga&text=met`);
  expect(textFragment(PAGE, [])).toBe(PAGE);
});

test('drops the truncated word of a truncated context, but no word of a complete one', () => {
  const exact = 'Riga';
  expect(terms({ exact, prefix: 'ters of the alliance have met in ', suffix: '' })).toEqual([
    'of the alliance have met in-',
    exact,
  ]);
  expect(terms({ exact, prefix: 'They met in ', suffix: ' on Friday' })).toEqual([
    'They met in-',
    exact,
    '-on Friday',
  ]);
  expect(terms({ exact, prefix: '', suffix: ', where ministers of the alliance m' })).toEqual([
    exact,
    '-, where ministers of the alliance',
  ]);
  // The length counts code points, not UTF-16 units: this context has fewer than 24.
  expect(terms({ exact, suffix: ` ${'👍'.repeat(11)} on Friday` })[1]).toBe(`-${'👍'.repeat(11)} on Friday`);
  expect(terms({ exact, suffix: 'x'.repeat(32) })).toEqual([exact]);
});

test('limits a context to its line, and drops one without a word', () => {
  const exact = 'We should';
  expect(terms({ exact, prefix: 'ce said.\n"Yes. ', suffix: '."\nThen' })).toEqual(['"Yes.-', exact]);
  expect(terms({ exact, prefix: 'said NATO would not back down.\n"', suffix: ' go\non' })).toEqual([
    exact,
    '-go',
  ]);
  expect(terms({ exact, prefix: 'said NATO would not back down."\n' })).toEqual([exact]);
  // A line that begins inside the context is complete, regardless of the length of the context.
  expect(terms({ exact, prefix: 'NATO would not back down.\nThen. ' })).toEqual(['Then.-', exact]);
});

test('identifies a long quotation by its first and last words', () => {
  const exact =
    'Any use of chemical weapons would fundamentally change the nature of the conflict, and it will have widespread and severe consequences';
  expect(terms({ exact })).toEqual([
    'Any use of chemical weapons',
    'have widespread and severe consequences',
  ]);
  const many = 'we have to stop '.repeat(8).trim();
  expect(terms({ exact: many })).toEqual(['we have to stop we', 'stop we have to stop']);
  const three = `${'a'.repeat(60)} ${'b'.repeat(60)} ${'c'.repeat(60)}`;
  expect(terms({ exact: three })).toEqual(['a'.repeat(60), 'c'.repeat(60)]);
  const one = 'a'.repeat(200);
  expect(terms({ exact: one })).toEqual([one]);
});

test('identifies a quotation of several lines by words of the first and the last', () => {
  expect(terms({ exact: 'Further sanctions\nThe White House said so' })).toEqual([
    'Further sanctions',
    'The White House said so',
  ]);
  expect(terms({ exact: 'Ministers\n\nWe\n' })).toEqual(['Ministers', 'We']);
  expect(terms({ exact: 'Again\nand\nAgain' })).toEqual(['Again', 'Again']);
});

test('finds words in a text without spaces', () => {
  const exact = '北大西洋理事会在布鲁塞尔举行特别会议讨论如何支持乌克兰人民'.repeat(6);
  const [start = '', end = ''] = terms({ exact });
  expect(exact.startsWith(start) && exact.endsWith(end)).toBe(true);
  expect(start.length + end.length).toBeLessThan(40);
});

test('collapses white space to one space, as on a page', () => {
  expect(terms({ exact: 'battle \t groups', prefix: 'four   new ' })).toEqual(['four new-', 'battle groups']);
});
