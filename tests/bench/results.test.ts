import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatTable, insertResults } from '../../bench/format-table.ts';
import { renderSvg } from '../../bench/plot.ts';
import {
  computeRatios,
  type Measurement,
  meetsTarget,
  readResults,
  saveResult,
  type WorkloadResult,
} from '../../bench/results.ts';
import type { ScalingReport } from '../../bench/scaling.ts';
import { computePercentile, computeSpread } from '../../bench/stats.ts';
import { createTemporaryFolder } from '../support/app.ts';
import { startProcess } from '../support/process.ts';

const comparedRow: Measurement = {
  title: 'Pages',
  facts: 10_000,
  unit: 'requests/s',
  ours: [900, 800, 1_000],
  other: { name: 'bare', values: [1_000, 1_000, 1_250] },
  target: { least: 0.8 },
};
const plainRow: Measurement = {
  title: 'Memory',
  unit: 'MB',
  ours: [10, 70, 65],
  other: null,
  target: { most: 64 },
};
const createResult = (workload: string, rows: Measurement[]): WorkloadResult => ({
  ...{ workload, date: '2030-01-02', options: { rounds: 3, seconds: 1 } },
  ...{ rows, skipped: [] },
});

describe('measurements', () => {
  it('are summarized as median, minimum and maximum', () => {
    expect(computeSpread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(computeSpread([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4 });
    expect(() => computeSpread([])).toThrow('There are no values');
    const oneToHundred = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect([0.5, 0.99, 1].map((share) => computePercentile(oneToHundred, share))).toEqual([50, 99, 100]);
  });

  it('are compared round by round, and with their target', () => {
    expect(computeRatios(comparedRow)).toEqual([0.9, 0.8, 0.8]);
    expect(meetsTarget(comparedRow)).toBe(true);
    expect(meetsTarget({ ...comparedRow, target: { least: 0.81 } })).toBe(false);
    expect(meetsTarget({ ...comparedRow, target: { most: 0.79 } })).toBe(false);
    expect(meetsTarget(plainRow)).toBe(false);
    expect(meetsTarget({ ...plainRow, target: { most: 65 } })).toBe(false);
    expect(meetsTarget({ ...plainRow, target: { most: 70 } })).toBe(true);
  });

  it('are formatted as a table', () => {
    expect(formatTable([comparedRow, plainRow]).slice(2)).toEqual([
      '| Pages | 10⁴ | 900 (800–1,000) requests/s | bare | 1,000 (1,000–1,250) | **0.8 (0.8–0.9)** | at least 0.8 |',
      '| Memory |  | 65 (10–70) MB |  |  |  | at most 64 MB: missed |',
    ]);
  });
});

describe('bench/results.json', () => {
  it('contains a workload until it is measured again', () => {
    const path = join(createTemporaryFolder(), 'results.json');
    saveResult(createResult('miss', [comparedRow]), path);
    saveResult(createResult('hit', [comparedRow]), path);
    saveResult(createResult('miss', [plainRow]), path);
    expect(readResults(path)?.workloads).toEqual([
      createResult('hit', [comparedRow]),
      createResult('miss', [plainRow]),
    ]);
  });

  it('does not mix results of two machines', () => {
    const path = join(createTemporaryFolder(), 'results.json');
    saveResult(createResult('hit', [comparedRow]), path);
    const savedResults = readResults(path);
    writeFileSync(
      path,
      JSON.stringify({ ...savedResults, machine: { ...savedResults?.machine, processor: 'another' } }),
    );
    saveResult(createResult('miss', [comparedRow]), path);
    expect(readResults(path)?.workloads.map(({ workload }) => workload)).toEqual(['miss']);
  });
});

describe('docs/PERFORMANCE.md', () => {
  it('shows the stored results', () => {
    const page = readFileSync('docs/PERFORMANCE.md', 'utf8');
    expect(page).toBe(insertResults(page, readResults()));
  });

  it('has a line for each other server, and skipped measurements', () => {
    const createRow = (name: string, title: string) => ({
      ...comparedRow,
      title,
      other: { name, values: [300, 100, 100] },
    });
    const rows = [createRow('A 1', 'Pages'), createRow('A 1', 'Items'), createRow('B 2', 'Pages')];
    const workloads = [
      createResult('hit', [{ ...plainRow, note: 'at rest' }]),
      {
        ...createResult('rivals', [{ ...(rows[0] as Measurement), note: 'by offset' }, ...rows.slice(1)]),
        skipped: ['C 3: not installed'],
      },
    ];
    const page = insertResults('before <!-- results -->old<!-- end of results --> after', {
      machine: { processor: 'P', cores: 2 },
      workloads,
    });
    expect(page).not.toContain('old');
    expect(page).toMatch(/^before [\s\S]* after$/);
    expect(page).toContain('Measured 2030-01-02: processor P, cores 2.');
    expect(page).toContain('| A 1 | 8 (3–10) | 8 (3–10) |\n| B 2 | 8 (3–10) |  |');
    expect(page).toContain(
      '- Memory: at rest.\n- A 1, pages: by offset.\n- Not measured: C 3: not installed.\n',
    );
    expect(() => insertResults('no markers', null)).toThrow('The page has no <!-- results -->');
  });
});

it('the plot has a line and a name for every kind of request, and names do not overlap', () => {
  const questions = { 'first page': 1, 'a <page>': 1.01, search: 1.02, facet: 50 };
  const sizes = [1_000, 100_000].map((facts) => ({
    facts,
    fileMB: facts / 100,
    importFactsPerSecond: 900,
    questions,
  }));
  const svg = renderSvg({ date: '2030-01-02', machine: { processor: 'P' }, sizes } as ScalingReport);
  expect(svg.match(/<polyline/g)).toHaveLength(6);
  expect(svg).toContain('>a &lt;page&gt;</text>');
  const labelPositions = [...svg.matchAll(/<text class="d\d" x="\d+" y="([\d.]+)"/g)].map(([, y]) =>
    Number(y),
  );
  const gaps = labelPositions.slice(1).map((y, n) => y - (labelPositions[n] as number));
  expect(labelPositions).toHaveLength(4);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(16.9);
});

it.each([
  [['hits'], 'hits: no such workload; available: hit, miss, rivals'],
  [['--rounds', '0'], '--rounds 0: must be an integer, 1 or greater'],
  [['--turns', '3'], "Unknown option '--turns'"],
])('npm run bench rejects %j', async (args, message) => {
  const { code, stderr } = await startProcess(['bench/run.ts', ...args]).result;
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
