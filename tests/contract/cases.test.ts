/** Cases for each kind of breaking change, and for each kind of compatible change. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from './differences.ts';
import { createReport } from './report.ts';

interface Case {
  name: string;
  /** Changes to the base document: a value is set or removed. */
  change: ({ at: (string | number)[]; value: Json } | { at: (string | number)[]; to: 'nothing' })[];
  /** Text of the changelog under `## Unreleased`. */
  changelog?: string;
  breaks?: string[];
  undocumented?: string[];
}

const FIXTURES = new URL('fixtures/', import.meta.url);
const base = readFileSync(new URL('base.yaml', FIXTURES), 'utf8');

function applyChange({ change }: Case): Json {
  const document = parse(base);
  for (const { at, ...to } of change) {
    const last = at.at(-1) as string;
    const parent = at.slice(0, -1).reduce((inner, key) => {
      inner[key] ??= {};
      return inner[key];
    }, document);
    if ('value' in to) parent[last] = structuredClone(to.value);
    else if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else {
      // A case that removes a missing value would prove nothing.
      expect(parent).toHaveProperty([last]);
      delete parent[last];
    }
  }
  return document;
}

describe.each(['operations', 'requests', 'answers', 'permitted'])('%s', (file) => {
  const cases: Case[] = parse(readFileSync(new URL(`${file}.yaml`, FIXTURES), 'utf8'));

  it.each(cases)('$name', (each) => {
    const { breaks = [], undocumented = [], changelog = '' } = each;
    const result = createReport(
      { released: parse(base), present: applyChange(each) },
      `# Changelog\n\n## Unreleased\n\n${changelog}\n`,
    );
    expect({ breaks: result.breaks, undocumented: result.undocumented }).toEqual({ breaks, undocumented });
  });
});
