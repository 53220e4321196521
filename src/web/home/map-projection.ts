/** Map that fits its points: a single one, points all over the world, or on both sides of 180° longitude. */
import { type GeoProjection, geoEquirectangular, geoGraticule, geoMercator, geoPath } from 'd3-geo';

export interface LonLat {
  latitude: number;
  longitude: number;
}

export interface Frame {
  width: number;
  height: number;
}

/** Margin around the points, in units of the frame, for names and for the degrees at the edges. */
const MARGIN = 46;
/** Minimum extent, which a single point gets. */
const MIN_SPAN_DEGREES = 6;
/** Limits beyond which a Mercator map would mostly show the poles. */
const MAX_MERCATOR_LATITUDE = 72;
const MAX_MERCATOR_SPAN_DEGREES = 70;

/** Returns a projection with west on the left and north at the top everywhere. */
export function createProjection(points: readonly LonLat[], { width, height }: Frame): GeoProjection {
  const { center, span } = findLongitudeRange(points);
  const latitudes = points.map(({ latitude }) => latitude);
  const [south, north] = widenRange(Math.min(...latitudes), Math.max(...latitudes), MIN_SPAN_DEGREES, 89);
  const halfSpan = Math.min(Math.max(span, MIN_SPAN_DEGREES) / 2, 179.9);
  const fitsMercator =
    Math.max(Math.abs(south), Math.abs(north)) <= MAX_MERCATOR_LATITUDE &&
    north - south <= MAX_MERCATOR_SPAN_DEGREES;
  const projection = (fitsMercator && halfSpan < 90 ? geoMercator() : geoEquirectangular()).rotate([
    -center,
    0,
  ]);
  const corners = [-halfSpan, halfSpan].flatMap((longitudeOffset) =>
    [south, north].map((latitude) => [center + longitudeOffset, latitude]),
  );
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

/** Shortest range of longitudes with all points: the complement of the widest gap between neighbors. */
function findLongitudeRange(points: readonly LonLat[]): { center: number; span: number } {
  const sorted = points.map(({ longitude }) => longitude).sort((a, b) => a - b);
  const first = sorted[0] ?? 0;
  let [widestGap, afterGap] = [-1, first];
  for (const [index, longitude] of sorted.entries()) {
    const next = sorted[index + 1] ?? first + 360;
    if (next - longitude > widestGap) [widestGap, afterGap] = [next - longitude, next];
  }
  const span = 360 - widestGap;
  return { center: wrapLongitude(afterGap + span / 2), span };
}

/** Returns the longitude in the range -180 to 180. */
const wrapLongitude = (longitude: number): number => ((((longitude + 180) % 360) + 360) % 360) - 180;

function widenRange(from: number, to: number, minSpan: number, limit: number): [number, number] {
  const missing = Math.max(minSpan - (to - from), 0) / 2;
  return [Math.max(from - missing, -limit), Math.min(to + missing, limit)];
}

export interface Graticule {
  /** All lines, as an SVG path. */
  path: string;
  /** Positions of the visible meridians and parallels, with their degrees. */
  meridians: { position: number; label: string }[];
  parallels: { position: number; label: string }[];
}

const STEP_DEGREES = [1, 2, 5, 10, 15, 30, 45, 90];

/** Creates about four lines in each direction. */
export function createGraticule(projection: GeoProjection, { width, height }: Frame): Graticule {
  // In both projections, meridians are vertical and equally spaced.
  const [center] = projection.rotate();
  const toX = (longitude: number): number => projection([longitude, 0])?.[0] ?? Number.NaN;
  const perDegree = toX(-center + 1) - toX(-center);
  const visibleDegrees = Math.min(width / perDegree, 360);
  const step = STEP_DEGREES.find((each) => visibleDegrees / each <= 5) ?? 90;
  const lines = geoGraticule()
    .extent([
      [-180, -90],
      [180, 90.001],
    ])
    .step([step, step])
    .precision(1);
  const listDegrees = (from: number, to: number) =>
    Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
  const isInside = (position: number, size: number) =>
    Number.isFinite(position) && position > 0 && position < size;
  const firstLongitude = -Math.floor(180 / step) * step;
  const firstLatitude = -Math.floor(90 / step) * step;
  return {
    path: geoPath(projection).digits(1)(lines()) ?? '',
    meridians: listDegrees(firstLongitude, 179.9)
      .map((longitude) => ({ position: toX(longitude), label: formatDegrees(longitude, 'E', 'W') }))
      .filter(({ position }) => isInside(position, width)),
    parallels: listDegrees(firstLatitude, 90)
      .map((latitude) => ({
        position: projection([-center, latitude])?.[1] ?? Number.NaN,
        label: formatDegrees(latitude, 'N', 'S'),
      }))
      .filter(({ position }) => isInside(position, height)),
  };
}

/** `49° N`, rounded to a tenth; without a direction for 0° and 180°. */
export function formatDegrees(degrees: number, positive: string, negative: string): string {
  const number = `${Math.round(Math.abs(degrees) * 10) / 10}\u00b0`;
  if (degrees === 0 || Math.abs(degrees) === 180) return number;
  return `${number}\u00a0${degrees > 0 ? positive : negative}`;
}
