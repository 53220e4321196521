/** Geometry of the charts on the home page. */
import { describe, expect, it } from 'vitest';
import { estimateWidth, type MapMark, placeLabels } from '../../src/web/home/label-placement.ts';
import type { DeploymentFact, StanceFact } from '../../src/web/home/load-data.ts';
import { buildMapPoints, FRAME, placePointLabels } from '../../src/web/home/map.ts';
import { createGraticule, createProjection, type LonLat } from '../../src/web/home/map-projection.ts';
import { buildStanceMatrix } from '../../src/web/home/stance-matrix.ts';
import {
  createAxis,
  createTicks,
  type DatedEvent,
  sortEvents,
  toBar,
  toInterval,
} from '../../src/web/home/time-scale.ts';
import { buildDossier } from '../support/dossier-builder.ts';
import { fetchHomePage, getTexts } from '../support/html-page.ts';

const DAY_MS = 86_400_000;

describe('a time axis', () => {
  const createEvent = (id: string, fields: Partial<DatedEvent> = {}) => ({
    id,
    label: id,
    status: 'held' as const,
    startDate: '2031-05-02',
    endDate: null,
    datePrecision: 'day' as const,
    reportedOn: '2031-05-05',
    after: null,
    ...fields,
  });
  const getDays = (event: DatedEvent): number => {
    const { start, end } = toInterval(event) as { start: number; end: number };
    return (end - start) / DAY_MS;
  };

  it.each([
    ['a day', {}, 1],
    ['some days', { endDate: '2031-05-04' }, 3],
    ['a month', { datePrecision: 'month' as const }, 31],
    ['a month from its middle', { startDate: '2031-02-15', datePrecision: 'month' as const }, 28],
    ['two months', { endDate: '2031-06-01', datePrecision: 'month' as const }, 61],
    ['a year', { startDate: '2032-07-01', datePrecision: 'year' as const }, 366],
    ['until it was reported', { status: 'ongoing' as const }, 4],
    ['a leap day of year 4', { startDate: '0004-02-29' }, 1],
  ])('covers %s completely', (_, fields, expected) => {
    expect(getDays(createEvent('a', fields))).toBe(expected);
  });

  it('starts a month at its first day', () => {
    const { start } = toInterval(createEvent('a', { startDate: '2031-02-15', datePrecision: 'month' })) ?? {};
    expect(start).toBe(Date.UTC(2031, 1, 1));
  });

  it('has an open end only for ongoing events without an end date', () => {
    expect(toInterval(createEvent('a', { status: 'ongoing' }))?.isOpenEnded).toBe(true);
    expect(toInterval(createEvent('a', { status: 'ongoing', endDate: '2031-05-03' }))?.isOpenEnded).toBe(
      false,
    );
    expect(toInterval(createEvent('a', { status: 'scheduled' }))?.isOpenEnded).toBe(false);
    expect(toInterval(createEvent('a', { startDate: null }))).toBe(null);
  });

  it('is proportional, and contains all intervals with space at the edges', () => {
    const intervals = ['2031-05-01', '2031-05-11', '2031-05-31'].flatMap(
      (startDate) => toInterval(createEvent('a', { startDate })) ?? [],
    );
    const axis = createAxis(intervals);
    const [first, second, third] = intervals.map((stretch) => toBar(axis, stretch)) as [Bar, Bar, Bar];
    expect((third.x - first.x) / (second.x - first.x)).toBeCloseTo(3, 6);
    expect(first.x).toBeGreaterThan(3);
    expect(third.x + third.width).toBeLessThan(97);
    expect([first.isClippedBefore, third.isClippedAfter]).toEqual([false, false]);
  });
  type Bar = ReturnType<typeof toBar>;

  it('is not squeezed by distant intervals', () => {
    const near = Array.from({ length: 9 }, (_, at) => createEvent(`n${at}`, { startDate: `2031-05-1${at}` }));
    const distant = [
      createEvent('far', { startDate: '2060-01-01', datePrecision: 'year' }),
      createEvent('long', { startDate: '1990-01-01', endDate: '2031-05-12' }),
    ];
    const intervals = [...near, ...distant].flatMap((each) => toInterval(each) ?? []);
    const axis = createAxis(intervals);
    const bars = intervals.map((stretch) => toBar(axis, stretch));
    expect((bars[8]?.x ?? 0) - (bars[0]?.x ?? 0)).toBeGreaterThan(5);
    expect(bars[9]).toMatchObject({ x: 100, width: 0, isClippedAfter: true });
    expect(bars[10]).toMatchObject({ x: 0, isClippedBefore: true, isClippedAfter: false });
  });

  it.each([
    ['one day', ['2031-05-02']],
    ['a month', ['2031-05-02', '2031-06-02']],
    ['a year', ['2030-05-02', '2031-05-02']],
    ['a thousand years', ['1031-05-02', '2031-05-02']],
    ['all years', ['0001-01-01', '9999-12-31']],
  ])('has few labels for %s, none of them within a day', (_, starts) => {
    const axis = createAxis(starts.flatMap((startDate) => toInterval(createEvent('a', { startDate })) ?? []));
    const ticks = createTicks(axis);
    expect(ticks.length).toBeGreaterThan(0);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(new Set(ticks.map(({ label, year }) => `${label} ${year}`)).size).toBe(ticks.length);
    for (const { x } of ticks) {
      expect(axis.invert(x).getTime() % DAY_MS).toBeCloseTo(0, -2);
      expect(x >= 4 && x <= 96).toBe(true);
    }
  });

  it('shows a year once, and again when it changes', () => {
    const axis = createAxis(
      ['2031-11-01', '2032-02-01'].flatMap((startDate) => toInterval(createEvent('a', { startDate })) ?? []),
    );
    const years = createTicks(axis).flatMap(({ year }) => year ?? []);
    expect(years).toEqual(['2031', '2032']);
  });

  it('places events after those that they follow, even in a cycle', () => {
    const createRef = (id: string) => ({ type: 'event', id });
    const chain = [
      createEvent('a', { after: createRef('b') }),
      createEvent('b', { after: createRef('c') }),
      createEvent('c'),
    ];
    expect(sortEvents(chain).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    const ring = [createEvent('a', { after: createRef('b') }), createEvent('b', { after: createRef('a') })];
    expect(sortEvents(ring).length).toBe(2);
  });
});

describe('a map', () => {
  const createPoint = (latitude: number, longitude: number): LonLat => ({ latitude, longitude });
  const projectPoints = (locations: LonLat[]) => {
    const projection = createProjection(locations, FRAME);
    return locations.map(({ latitude, longitude }) => projection([longitude, latitude]) as [number, number]);
  };
  const isInside = ([x, y]: [number, number]) =>
    x > 20 && y > 20 && x < FRAME.width - 20 && y < FRAME.height - 20;

  it.each([
    ['one point', [createPoint(48.7, 19.5)]],
    ['the same point twice', [createPoint(48.7, 19.5), createPoint(48.7, 19.5)]],
    ['one country', [createPoint(54.9, 23.9), createPoint(55.7, 21.1)]],
    [
      'one side of Europe',
      [createPoint(59.4, 24.7), createPoint(43, 25), createPoint(47, 20), createPoint(48.7, 19.5)],
    ],
    [
      'both sides of the 180th meridian',
      [createPoint(-17.7, 178), createPoint(-13.8, -171), createPoint(-21, -175)],
    ],
    [
      'the whole world',
      [
        createPoint(70, -160),
        createPoint(-54, -68),
        createPoint(0, 0),
        createPoint(-36, 174),
        createPoint(35, 139),
      ],
    ],
    ['both poles', [createPoint(90, 0), createPoint(-90, 0)]],
    ['the edge of the map', [createPoint(0, 180), createPoint(0, -180)]],
    ['along a parallel', [createPoint(10, -120), createPoint(10, 0), createPoint(10, 120)]],
  ])('contains %s', (_, locations) => {
    const projectedPoints = projectPoints(locations);
    expect(projectedPoints.map(isInside)).toEqual(locations.map(() => true));
    const net = createGraticule(createProjection(locations, FRAME), FRAME);
    expect(net.path).toMatch(/^M/);
    expect(net.path).not.toContain('NaN');
    for (const lines of [net.meridians, net.parallels]) {
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.length).toBeLessThan(9);
      expect(new Set(lines.map(({ label }) => label)).size).toBe(lines.length);
    }
  });

  it('has west on the left and north at the top', () => {
    const [slovakia, hungary, romania, bulgaria] = projectPoints([
      createPoint(48.7, 19.5),
      createPoint(47, 20),
      createPoint(46, 25),
      createPoint(43, 25),
    ]) as [[number, number], [number, number], [number, number], [number, number]];
    expect(slovakia[0]).toBeLessThan(hungary[0]);
    expect(hungary[0]).toBeLessThan(romania[0]);
    expect(romania[0]).toBeCloseTo(bulgaria[0], 6);
    expect(slovakia[1] < hungary[1] && hungary[1] < romania[1] && romania[1] < bulgaria[1]).toBe(true);
  });

  it('does not split points on both sides of the 180th meridian', () => {
    const [fiji, tonga] = projectPoints([createPoint(-17.7, 178), createPoint(-21, -175)]) as [
      [number, number],
      [number, number],
    ];
    expect(fiji[0]).toBeLessThan(tonga[0]);
    const { meridians } = createGraticule(
      createProjection([createPoint(-17.7, 178), createPoint(-21, -175)], FRAME),
      FRAME,
    );
    expect(meridians.map(({ label }) => label)).toContain('180\u00b0');
  });

  it('labels its lines with their degrees', () => {
    const locations = [createPoint(48.7, 19.5), createPoint(43, 25)];
    const projection = createProjection(locations, FRAME);
    const { meridians, parallels } = createGraticule(projection, FRAME);
    for (const { position: x, label } of meridians) {
      expect(projection.invert?.([x, 100])?.[0]).toBeCloseTo(Number.parseInt(label, 10), 4);
    }
    for (const { position: y, label } of parallels) {
      expect(projection.invert?.([100, y])?.[1]).toBeCloseTo(Number.parseInt(label, 10), 4);
    }
  });

  const deployment = (id: string, precision: 'city' | 'country', location: LonLat) =>
    ({
      type: 'battle-group-deployment',
      id,
      hostCountry: { type: 'country', id, label: `Country ${id}` },
      location: { ...location, precision },
    }) as DeploymentFact;

  it('groups deployments at one point, with the lowest precision', () => {
    const { points } = buildMapPoints([
      deployment('a', 'city', createPoint(57, 25)),
      deployment('b', 'city', createPoint(43, 25)),
      deployment('c', 'country', createPoint(57, 25)),
    ]);
    expect(
      points.map(({ number, precision, deployments }) => [number, precision, deployments.length]),
    ).toEqual([
      [1, 'country', 2],
      [3, 'city', 1],
    ]);
    expect(placePointLabels(points).map((label) => label?.text)).toEqual(['Country a +1', 'Country b']);
  });

  it('places names so that they overlap no other name, no point and no edge', () => {
    const size = 12;
    const marks: MapMark[] = Array.from({ length: 60 }, (_, n) => ({
      x: 10 + ((n * 53) % 310),
      y: 10 + ((n * 31) % 210),
      radius: 6,
      texts: [`A name that is long ${n}`, String(n)],
    }));
    const labels = placeLabels(marks, FRAME, size);
    const boxes = labels.flatMap((label) =>
      label
        ? [
            {
              l: label.x,
              r: label.x + estimateWidth(label.text, size),
              t: label.y - size * 0.95,
              b: label.y + 3,
            },
          ]
        : [],
    );
    expect(boxes.length).toBeGreaterThan(20);
    for (const [n, box] of boxes.entries()) {
      expect(box.l >= 0 && box.r <= FRAME.width && box.t >= 0 && box.b <= FRAME.height).toBe(true);
      for (const other of boxes.slice(n + 1)) {
        expect(box.l < other.r && other.l < box.r && box.t < other.b && other.t < box.b).toBe(false);
      }
      for (const { x, y } of marks) {
        expect(x > box.l && x < box.r && y > box.t && y < box.b).toBe(false);
      }
    }
  });

  it('distinguishes countries from towns, in shape and in words', async () => {
    const source = 'Battle groups of the alliance are in Latvia and in Riga.';
    const supports = ['hostCountry', 'alliance', 'status', 'location'];
    const group = (id: string, location: object, quote: string) => ({
      type: 'battle-group-deployment',
      id,
      hostCountry: 'country/latvia',
      alliance: 'organization/alliance',
      status: 'deployed',
      location,
      evidence: [{ quote, supports }],
    });
    const both = await fetchHomePage(
      buildDossier({
        source,
        facts: [
          {
            type: 'organization',
            id: 'alliance',
            name: 'the alliance',
            kind: 'alliance',
            evidence: [{ quote: 'the alliance', supports: ['name', 'kind'] }],
          },
          {
            type: 'country',
            id: 'latvia',
            name: 'Latvia',
            alpha2: 'LV',
            alpha3: 'LVA',
            evidence: [{ quote: 'Latvia', supports: ['name', 'alpha2', 'alpha3'] }],
          },
          group('somewhere', { latitude: 57, longitude: 25, precision: 'country' }, 'in Latvia'),
          group('riga', { latitude: 56.95, longitude: 24.1, precision: 'city' }, 'in Riga'),
        ],
      }),
    );
    const spots = both.root.querySelectorAll('a.map-point');
    expect(spots.map((spot) => [spot.getAttribute('href'), spot.classNames]).sort()).toEqual([
      ['/battle-group-deployments/riga', 'map-point city deployed'],
      ['/battle-group-deployments/somewhere', 'map-point country deployed'],
    ]);
    expect(getTexts(both, '.deployment-list .small')).toEqual([
      'in the town, 57\u00b0 N, 24.1\u00b0 E',
      'at the center of the country, 57\u00b0 N, 25\u00b0 E',
    ]);
    const legend = getTexts(both, '.map .legend')[0];
    expect(legend).toContain('ring');
    expect(legend).toContain('disc');
    expect(legend).not.toContain('square');
  });
});

describe('a matrix', () => {
  const stance = (actor: string, subject: string, position: StanceFact['position']) =>
    ({
      actor: { type: 'country', id: actor, label: actor },
      subject: { type: 'proposal', id: subject, label: subject },
      position,
    }) as StanceFact;

  it('has every stance of an actor on a subject', () => {
    const stances = [
      stance('a', 'x', 'supports'),
      stance('a', 'x', 'seeks-more'),
      stance('b', 'y', 'opposes'),
    ];
    const { columns, rows, omittedCount: left } = buildStanceMatrix(stances);
    expect(columns.map(([first]) => first?.subject.id)).toEqual(['x', 'y']);
    expect(rows.map((row) => row.map(({ position }) => position))).toEqual([
      ['supports', 'seeks-more'],
      ['opposes'],
    ]);
    expect(left).toBe(0);
  });

  it('has the subjects with the most stances, and counts the omitted ones', () => {
    const many = Array.from({ length: 12 }, (_, n) => stance('a', `s${n}`, 'supports'));
    const { columns, rows, omittedCount: left } = buildStanceMatrix([...many, stance('b', 's11', 'opposes')]);
    expect([columns.length, columns[0]?.length, left]).toEqual([8, 2, 4]);
    expect(rows.flat().length).toBe(9);
  });
});
