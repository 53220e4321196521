/** What the front page draws: that it lies where it should. */
import { describe, expect, it } from 'vitest';
import { type Mark, placed, widthOf } from '../../src/web/home/label-placement.ts';
import type { DeploymentFact, StanceFact } from '../../src/web/home/load-data.ts';
import { FRAME, labelsOf, spotsOf } from '../../src/web/home/map.ts';
import { graticuleOf, type Place, projectionFor } from '../../src/web/home/map-projection.ts';
import { matrixOf } from '../../src/web/home/stance-matrix.ts';
import { axisOf, barOf, type Dated, inOrder, stretchOf, ticksOf } from '../../src/web/home/time-scale.ts';
import { dossierOf } from '../support/dossier-builder.ts';
import { frontOf, textsAt } from '../support/html-page.ts';

const DAY_MS = 86_400_000;

describe('an axis of time', () => {
  const event = (id: string, more: Partial<Dated> = {}) => ({
    id,
    label: id,
    status: 'held' as const,
    startDate: '2031-05-02',
    endDate: null,
    datePrecision: 'day' as const,
    reportedOn: '2031-05-05',
    after: null,
    ...more,
  });
  const days = (dated: Dated): number => {
    const { start, end } = stretchOf(dated) as { start: number; end: number };
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
    ['a day that was not there in 1900', { startDate: '0004-02-29' }, 1],
  ])('has %s whole', (_, more, expected) => {
    expect(days(event('a', more))).toBe(expected);
  });

  it('begins a month with its first day', () => {
    const { start } = stretchOf(event('a', { startDate: '2031-02-15', datePrecision: 'month' })) ?? {};
    expect(start).toBe(Date.UTC(2031, 1, 1));
  });

  it('has only what is under way go on', () => {
    expect(stretchOf(event('a', { status: 'ongoing' }))?.opens).toBe(true);
    expect(stretchOf(event('a', { status: 'ongoing', endDate: '2031-05-03' }))?.opens).toBe(false);
    expect(stretchOf(event('a', { status: 'scheduled' }))?.opens).toBe(false);
    expect(stretchOf(event('a', { startDate: null }))).toBe(null);
  });

  it('is in proportion, and holds all with room at the edges', () => {
    const stretches = ['2031-05-01', '2031-05-11', '2031-05-31'].flatMap(
      (startDate) => stretchOf(event('a', { startDate })) ?? [],
    );
    const axis = axisOf(stretches);
    const [first, second, third] = stretches.map((stretch) => barOf(axis, stretch)) as [Bar, Bar, Bar];
    expect((third.x - first.x) / (second.x - first.x)).toBeCloseTo(3, 6);
    expect(first.x).toBeGreaterThan(3);
    expect(third.x + third.width).toBeLessThan(97);
    expect([first.cutBefore, third.cutAfter]).toEqual([false, false]);
  });
  type Bar = ReturnType<typeof barOf>;

  it('is not squeezed by one that lies far away', () => {
    const near = Array.from({ length: 9 }, (_, at) => event(`n${at}`, { startDate: `2031-05-1${at}` }));
    const far = [
      event('far', { startDate: '2060-01-01', datePrecision: 'year' }),
      event('long', { startDate: '1990-01-01', endDate: '2031-05-12' }),
    ];
    const stretches = [...near, ...far].flatMap((each) => stretchOf(each) ?? []);
    const axis = axisOf(stretches);
    const bars = stretches.map((stretch) => barOf(axis, stretch));
    expect((bars[8]?.x ?? 0) - (bars[0]?.x ?? 0)).toBeGreaterThan(5);
    expect(bars[9]).toMatchObject({ x: 100, width: 0, cutAfter: true });
    expect(bars[10]).toMatchObject({ x: 0, cutBefore: true, cutAfter: false });
  });

  it.each([
    ['one day', ['2031-05-02']],
    ['a month', ['2031-05-02', '2031-06-02']],
    ['a year', ['2030-05-02', '2031-05-02']],
    ['a thousand years', ['1031-05-02', '2031-05-02']],
    ['all years', ['0001-01-01', '9999-12-31']],
  ])('has few labels for %s, none within a day', (_, starts) => {
    const axis = axisOf(starts.flatMap((startDate) => stretchOf(event('a', { startDate })) ?? []));
    const ticks = ticksOf(axis);
    expect(ticks.length).toBeGreaterThan(0);
    expect(ticks.length).toBeLessThanOrEqual(6);
    expect(new Set(ticks.map(({ words, year }) => `${words} ${year}`)).size).toBe(ticks.length);
    for (const { x } of ticks) {
      expect(axis.invert(x).getTime() % DAY_MS).toBeCloseTo(0, -2);
      expect(x >= 4 && x <= 96).toBe(true);
    }
  });

  it('tells the year once, and again when it changes', () => {
    const axis = axisOf(
      ['2031-11-01', '2032-02-01'].flatMap((startDate) => stretchOf(event('a', { startDate })) ?? []),
    );
    const years = ticksOf(axis).flatMap(({ year }) => year ?? []);
    expect(years).toEqual(['2031', '2032']);
  });

  it('has those later that come after others, even in a ring', () => {
    const eventBy = (id: string) => ({ type: 'event', id });
    const chain = [event('a', { after: eventBy('b') }), event('b', { after: eventBy('c') }), event('c')];
    expect(inOrder(chain).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    const ring = [event('a', { after: eventBy('b') }), event('b', { after: eventBy('a') })];
    expect(inOrder(ring).length).toBe(2);
  });
});

describe('a map', () => {
  const at = (latitude: number, longitude: number): Place => ({ latitude, longitude });
  const points = (places: Place[]) => {
    const projection = projectionFor(places, FRAME);
    return places.map(({ latitude, longitude }) => projection([longitude, latitude]) as [number, number]);
  };
  const isInside = ([x, y]: [number, number]) =>
    x > 20 && y > 20 && x < FRAME.width - 20 && y < FRAME.height - 20;

  it.each([
    ['one point', [at(48.7, 19.5)]],
    ['the same point twice', [at(48.7, 19.5), at(48.7, 19.5)]],
    ['one country', [at(54.9, 23.9), at(55.7, 21.1)]],
    ['one side of Europe', [at(59.4, 24.7), at(43, 25), at(47, 20), at(48.7, 19.5)]],
    ['both sides of the 180th meridian', [at(-17.7, 178), at(-13.8, -171), at(-21, -175)]],
    ['the whole world', [at(70, -160), at(-54, -68), at(0, 0), at(-36, 174), at(35, 139)]],
    ['both poles', [at(90, 0), at(-90, 0)]],
    ['the edge of the map', [at(0, 180), at(0, -180)]],
    ['along a parallel', [at(10, -120), at(10, 0), at(10, 120)]],
  ])('holds %s', (_, places) => {
    const projected = points(places);
    expect(projected.map(isInside)).toEqual(places.map(() => true));
    const net = graticuleOf(projectionFor(places, FRAME), FRAME);
    expect(net.path).toMatch(/^M/);
    expect(net.path).not.toContain('NaN');
    for (const lines of [net.meridians, net.parallels]) {
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.length).toBeLessThan(9);
      expect(new Set(lines.map(({ words }) => words)).size).toBe(lines.length);
    }
  });

  it('has the west left and the north up', () => {
    const [slovakia, hungary, romania, bulgaria] = points([
      at(48.7, 19.5),
      at(47, 20),
      at(46, 25),
      at(43, 25),
    ]) as [[number, number], [number, number], [number, number], [number, number]];
    expect(slovakia[0]).toBeLessThan(hungary[0]);
    expect(hungary[0]).toBeLessThan(romania[0]);
    expect(romania[0]).toBeCloseTo(bulgaria[0], 6);
    expect(slovakia[1] < hungary[1] && hungary[1] < romania[1] && romania[1] < bulgaria[1]).toBe(true);
  });

  it('does not tear apart what lies on both sides of the 180th meridian', () => {
    const [fiji, tonga] = points([at(-17.7, 178), at(-21, -175)]) as [[number, number], [number, number]];
    expect(fiji[0]).toBeLessThan(tonga[0]);
    const { meridians } = graticuleOf(projectionFor([at(-17.7, 178), at(-21, -175)], FRAME), FRAME);
    expect(meridians.map(({ words }) => words)).toContain('180\u00b0');
  });

  it('labels its lines with the degrees that they lie at', () => {
    const places = [at(48.7, 19.5), at(43, 25)];
    const projection = projectionFor(places, FRAME);
    const { meridians, parallels } = graticuleOf(projection, FRAME);
    for (const { at: x, words } of meridians) {
      expect(projection.invert?.([x, 100])?.[0]).toBeCloseTo(Number.parseInt(words, 10), 4);
    }
    for (const { at: y, words } of parallels) {
      expect(projection.invert?.([100, y])?.[1]).toBeCloseTo(Number.parseInt(words, 10), 4);
    }
  });

  const deployment = (id: string, precision: 'city' | 'country', place: Place) =>
    ({
      type: 'battle-group-deployment',
      id,
      hostCountry: { type: 'country', id, label: `Country ${id}` },
      location: { ...place, precision },
    }) as DeploymentFact;

  it('takes those at one point together, and shows the vaguest', () => {
    const { spots } = spotsOf([
      deployment('a', 'city', at(57, 25)),
      deployment('b', 'city', at(43, 25)),
      deployment('c', 'country', at(57, 25)),
    ]);
    expect(
      spots.map(({ number, precision, deployments }) => [number, precision, deployments.length]),
    ).toEqual([
      [1, 'country', 2],
      [3, 'city', 1],
    ]);
    expect(labelsOf(spots).map((label) => label?.words)).toEqual(['Country a +1', 'Country b']);
  });

  it('lets no name lie on another, on a point, or beyond the edge', () => {
    const size = 12;
    const marks: Mark[] = Array.from({ length: 60 }, (_, n) => ({
      x: 10 + ((n * 53) % 310),
      y: 10 + ((n * 31) % 210),
      radius: 6,
      words: [`A name that is long ${n}`, String(n)],
    }));
    const labels = placed(marks, FRAME, size);
    const boxes = labels.flatMap((label) =>
      label
        ? [{ l: label.x, r: label.x + widthOf(label.words, size), t: label.y - size * 0.95, b: label.y + 3 }]
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

  it('tells a ring from a town, in shape and in words', async () => {
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
    const both = await frontOf(
      dossierOf({
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
    const spots = both.root.querySelectorAll('a.spot');
    expect(spots.map((spot) => [spot.getAttribute('href'), spot.classNames]).sort()).toEqual([
      ['/battle-group-deployments/riga', 'spot city deployed'],
      ['/battle-group-deployments/somewhere', 'spot country deployed'],
    ]);
    expect(textsAt(both, '.places .small')).toEqual([
      'in the town, 57\u00b0 N, 24.1\u00b0 E',
      "at the country's centre, 57\u00b0 N, 25\u00b0 E",
    ]);
    const legend = textsAt(both, '.map .legend')[0];
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
    const { columns, rows, left } = matrixOf(stances);
    expect(columns.map(([first]) => first?.subject.id)).toEqual(['x', 'y']);
    expect(rows.map((row) => row.map(({ position }) => position))).toEqual([
      ['supports', 'seeks-more'],
      ['opposes'],
    ]);
    expect(left).toBe(0);
  });

  it('has the subjects with the most stances, and says how many it leaves out', () => {
    const many = Array.from({ length: 12 }, (_, n) => stance('a', `s${n}`, 'supports'));
    const { columns, rows, left } = matrixOf([...many, stance('b', 's11', 'opposes')]);
    expect([columns.length, columns[0]?.length, left]).toEqual([8, 2, 4]);
    expect(rows.flat().length).toBe(9);
  });
});
