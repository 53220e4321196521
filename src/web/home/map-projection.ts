/** A picture of some points of the earth: fitted to them, whether it is one, all over the world, or on both sides of the 180th meridian. */
import { type GeoProjection, geoEquirectangular, geoGraticule, geoMercator, geoPath } from 'd3-geo';

export interface LonLat {
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
const MIN_SPAN_DEGREES = 6;
/** Beyond these latitudes, or across so many, Mercator's would be a picture of the poles. */
const MAX_MERCATOR_LATITUDE = 72;
const MAX_MERCATOR_SPAN_DEGREES = 70;

/** West to east is left to right in it, and north is up, everywhere. */
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

/** The shortest stretch of longitudes that holds all, found by the widest gap between neighbours. */
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

/** From -180 to 180. */
const wrapLongitude = (longitude: number): number => ((((longitude + 180) % 360) + 360) % 360) - 180;

function widenRange(from: number, to: number, minSpan: number, limit: number): [number, number] {
  const missing = Math.max(minSpan - (to - from), 0) / 2;
  return [Math.max(from - missing, -limit), Math.min(to + missing, limit)];
}

export interface Graticule {
  /** All lines, as the path of an SVG. */
  path: string;
  /** Where meridians and parallels that lie in the picture cross it, with their degrees. */
  meridians: { position: number; label: string }[];
  parallels: { position: number; label: string }[];
}

const STEP_DEGREES = [1, 2, 5, 10, 15, 30, 45, 90];

/** About four lines each way. */
export function createGraticule(projection: GeoProjection, { width, height }: Frame): Graticule {
  // Of both projections, all meridians are upright and equally far from each other.
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

/** `49° N`, to a tenth; with neither side where there is none. */
export function formatDegrees(degrees: number, positive: string, negative: string): string {
  const number = `${Math.round(Math.abs(degrees) * 10) / 10}\u00b0`;
  if (degrees === 0 || Math.abs(degrees) === 180) return number;
  return `${number}\u00a0${degrees > 0 ? positive : negative}`;
}
