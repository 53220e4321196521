/** One case for each kind of break, and for each kind of change that is none. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from './differences.ts';
import { report } from './report.ts';

interface Case {
  name: string;
  /** What is done to the base document: a value is put somewhere, or taken away. */
  change: ({ at: (string | number)[]; value: Json } | { at: (string | number)[]; to: 'nothing' })[];
  /** What stands under `## Unreleased`. */
  changelog?: string;
  breaks?: string[];
  untold?: string[];
}

const FIXTURES = new URL('fixtures/', import.meta.url);
const base = readFileSync(new URL('base.yaml', FIXTURES), 'utf8');

function changed({ change }: Case): Json {
  const document = parse(base);
  for (const { at, ...to } of change) {
    const last = at.at(-1) as string;
    const place = at.slice(0, -1).reduce((inner, key) => {
      inner[key] ??= {};
      return inner[key];
    }, document);
    if ('value' in to) place[last] = structuredClone(to.value);
    else if (Array.isArray(place)) place.splice(Number(last), 1);
    else {
      // A case that takes away what is not there would prove nothing.
      expect(place).toHaveProperty([last]);
      delete place[last];
    }
  }
  return document;
}

describe.each(['operations', 'requests', 'answers', 'permitted'])('%s', (file) => {
  const cases: Case[] = parse(readFileSync(new URL(`${file}.yaml`, FIXTURES), 'utf8'));

  it.each(cases)('$name', (each) => {
    const { breaks = [], untold = [], changelog = '' } = each;
    const found = report(
      { released: parse(base), present: changed(each) },
      `# Changelog\n\n## Unreleased\n\n${changelog}\n`,
    );
    expect({ breaks: found.breaks, untold: found.untold }).toEqual({ breaks, untold });
  });
});
