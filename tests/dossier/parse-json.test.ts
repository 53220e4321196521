import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/dossier/parse-json.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);

const getMessages = (text: string) => parseJson(text).errors.map(({ message }) => message);
const nestArrays = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe(`parseJson (fast-check seed ${seed})`, () => {
  it('parses any JSON, with or without white space', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const space of [0, 1]) {
          const text = JSON.stringify(value, null, space);
          const { value: parsedValue, errors } = parseJson(text);
          expect(errors).toEqual([]);
          expect(JSON.stringify(parsedValue)).toBe(JSON.stringify(value));
        }
      }),
      { seed, verbose: true },
    );
  });

  // Programs write JSON without white space: parseJson has a fast path for it.
  it.each(['', ' '])('loses nothing silently, with %j between tokens', (space) => {
    expect(getMessages(`{"a":1,${space}"b":2}`)).toEqual([]);
    expect(getMessages(`{"a":1,${space}"a":2}`)).toEqual([expect.stringMatching(/^duplicate key "a": /)]);
    expect(getMessages(`{"a":${space}1,"a":1}`)).toEqual([expect.stringMatching(/^duplicate key "a": /)]);
    expect(getMessages(`[${space}12345678901234567890]`)).toHaveLength(1);
    expect(getMessages(`[${space}1]x`)).not.toEqual([]);
  });

  it.each(['', ' '])('rejects nesting that is too deep, with %j before it', (space) => {
    expect(getMessages(space + nestArrays(64))).toEqual([]);
    expect(getMessages(space + nestArrays(65))).toEqual(['is nested more than 64 levels deep']);
    expect(getMessages(space + nestArrays(100_000))).toEqual(['is nested more than 64 levels deep']);
  });
});
