/** A picture of some points of the earth: fitted to them, whether it is one, all over the world, or on both sides of the 180th meridian. */
import { type GeoProjection, geoEquirectangular, geoGraticule, geoMercator, geoPath } from 'd3-geo';

export interface Place {
  latitude: number;
  longitude: number;
}

export interface Frame {
  width: number;
  height: number;
}

/** Around the points, in units of the picture: room for names and for the degrees at the edges. */
const MARGIN = 46;
/** One point alone is shown with so many degrees around it. */
const SMALLEST_SPAN = 6;
/** Beyond these latitudes, or across so many, Mercator's would be a picture of the poles. */
const MERCATOR_LATITUDE = 72;
const MERCATOR_SPAN = 70;

/** West to east is left to right in it, and north is up, everywhere. */
export function projectionFor(places: readonly Place[], { width, height }: Frame): GeoProjection {
  const { centre, span } = longitudesOf(places);
  const latitudes = places.map(({ latitude }) => latitude);
  const [south, north] = widened(Math.min(...latitudes), Math.max(...latitudes), SMALLEST_SPAN, 89);
  const half = Math.min(Math.max(span, SMALLEST_SPAN) / 2, 179.9);
  const near =
    Math.max(Math.abs(south), Math.abs(north)) <= MERCATOR_LATITUDE && north - south <= MERCATOR_SPAN;
  const projection = (near && half < 90 ? geoMercator() : geoEquirectangular()).rotate([-centre, 0]);
  const corners = [-half, half].flatMap((away) => [south, north].map((at) => [centre + away, at]));
  return projection
    .fitExtent(
      [
        [MARGIN, MARGIN],
        [width - MARGIN, height - MARGIN],
      ],
      { type: 'MultiPoint', coordinates: corners as [number, number][] },
    )
    .clipExtent([
      [0, 0],
      [width, height],
    ]);
}

/** The shortest stretch of longitudes that holds all, found by the widest gap between neighbours. */
function longitudesOf(places: readonly Place[]): { centre: number; span: number } {
  const sorted = places.map(({ longitude }) => longitude).sort((a, b) => a - b);
  const first = sorted[0] ?? 0;
  let [gap, after] = [-1, first];
  for (const [at, longitude] of sorted.entries()) {
    const next = sorted[at + 1] ?? first + 360;
    if (next - longitude > gap) [gap, after] = [next - longitude, next];
  }
  const span = 360 - gap;
  return { centre: wrapped(after + span / 2), span };
}

/** From -180 to 180. */
const wrapped = (longitude: number): number => ((((longitude + 180) % 360) + 360) % 360) - 180;

function widened(from: number, to: number, smallest: number, limit: number): [number, number] {
  const missing = Math.max(smallest - (to - from), 0) / 2;
  return [Math.max(from - missing, -limit), Math.min(to + missing, limit)];
}

export interface Graticule {
  /** All lines, as the path of an SVG. */
  path: string;
  /** Where meridians and parallels that lie in the picture cross it, with their degrees. */
  meridians: { at: number; words: string }[];
  parallels: { at: number; words: string }[];
}

const STEPS = [1, 2, 5, 10, 15, 30, 45, 90];

/** About four lines each way. */
export function graticuleOf(projection: GeoProjection, { width, height }: Frame): Graticule {
  // Of both projections, all meridians are upright and equally far from each other.
  const [centre] = projection.rotate();
  const x = (longitude: number): number => projection([longitude, 0])?.[0] ?? Number.NaN;
  const perDegree = x(-centre + 1) - x(-centre);
  const shown = Math.min(width / perDegree, 360);
  const step = STEPS.find((each) => shown / each <= 5) ?? 90;
  const lines = geoGraticule()
    .extent([
      [-180, -90],
      [180, 90.001],
    ])
    .step([step, step])
    .precision(1);
  const degrees = (from: number, to: number) =>
    Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, at) => from + at * step);
  const inside = (at: number, size: number) => Number.isFinite(at) && at > 0 && at < size;
  const firstLongitude = -Math.floor(180 / step) * step;
  const firstLatitude = -Math.floor(90 / step) * step;
  return {
    path: geoPath(projection).digits(1)(lines()) ?? '',
    meridians: degrees(firstLongitude, 179.9)
      .map((longitude) => ({ at: x(longitude), words: degreesInWords(longitude, 'E', 'W') }))
      .filter(({ at }) => inside(at, width)),
    parallels: degrees(firstLatitude, 90)
      .map((latitude) => ({
        at: projection([-centre, latitude])?.[1] ?? Number.NaN,
        words: degreesInWords(latitude, 'N', 'S'),
      }))
      .filter(({ at }) => inside(at, height)),
  };
}

/** `49° N`, to a tenth; with neither side where there is none. */
export function degreesInWords(degrees: number, positive: string, negative: string): string {
  const plain = `${Math.round(Math.abs(degrees) * 10) / 10}\u00b0`;
  if (degrees === 0 || Math.abs(degrees) === 180) return plain;
  return `${plain}\u00a0${degrees > 0 ? positive : negative}`;
}
