/** Section of deployments: a map of points on a graticule, without borders, and the same as a list. */
import { symbol, symbolCircle, symbolSquare } from 'd3-shape';
import { type Html, html } from '../../lib/html.ts';
import { truncate } from '../../model/fields.ts';
import { humanize, renderDate, renderFactLink, toFactUrl } from '../format-values.ts';
import { type MapLabel, type MapMark, placeLabels } from './label-placement.ts';
import type { DeploymentFact, HomeData } from './load-data.ts';
import { createGraticule, createProjection, type Frame, formatDegrees } from './map-projection.ts';
import { INFERRED_MARK, isInferred, renderAttribution, renderEmpty, renderSection } from './section.ts';

/** Size on a phone, in pixels. Wider screens enlarge the map, so its text never gets smaller than this. */
export const FRAME: Frame = { width: 330, height: 230 };
/** Font sizes of names and of degrees, in units of the frame. */
const LABEL_FONT_SIZE = 12.5;
const DEGREES_FONT_SIZE = 10.5;

/** Maximum length of a list that fits next to the map. */
const MAX_LIST_BESIDE_MAP = 6;

type Precision = DeploymentFact['location']['precision'];

const PRECISION_TEXTS: Record<Precision, string> = {
  site: 'at the exact site',
  city: 'in the town',
  country: 'at the center of the country',
};
const RADII: Record<Precision, number> = { site: 5, city: 5, country: 7.5 };

/** Deployments at the same coordinates, which the map shows as one point. */
export interface MapPoint {
  x: number;
  y: number;
  /** Least precise of the deployments. */
  precision: Precision;
  deployments: DeploymentFact[];
  /** Number of the first deployment in the list. */
  number: number;
}

/** Groups deployments by coordinates, in the order of the list. */
export function buildMapPoints(deployments: readonly DeploymentFact[]) {
  const projection = createProjection(
    deployments.map(({ location }) => location),
    FRAME,
  );
  const groups = [
    ...Map.groupBy(deployments, ({ location }) => `${location.latitude} ${location.longitude}`).values(),
  ];
  let number = 1;
  const points = groups.map((group): MapPoint => {
    const { latitude, longitude } = (group[0] as DeploymentFact).location;
    const [x = 0, y = 0] = projection([longitude, latitude]) ?? [];
    const precisions = new Set(group.map(({ location }) => location.precision));
    const precision =
      (['country', 'city', 'site'] as const).find((each) => precisions.has(each)) ?? 'country';
    const point = { x, y, precision, deployments: group, number };
    number += group.length;
    return point;
  });
  return { projection, points };
}

export function renderMap({ deployments: { items, hasMore, allUrl } }: HomeData): Html {
  return renderSection({
    id: 'deployments',
    title: 'Battle-group deployments',
    intro:
      items.length > 0
        ? html`Points on a grid of latitude and longitude. The map has no borders, because these sources do not state any.`
        : null,
    body:
      items.length === 0
        ? renderEmpty('No battle-group deployments in these sources.')
        : renderMapAndList(items, hasMore, allUrl),
    allLink: { url: allUrl, text: 'All deployments' },
  });
}

function renderMapAndList(facts: DeploymentFact[], hasMore: boolean, allUrl: string): Html {
  const { projection, points } = buildMapPoints(facts);
  const graticule = createGraticule(projection, FRAME);
  const labels = placePointLabels(points);
  return html`<div class="map-layout ${facts.length > MAX_LIST_BESIDE_MAP ? 'many' : 'few'}">
<div class="map">
<svg viewBox="0 0 ${FRAME.width} ${FRAME.height}" role="group" aria-label="Map of battle groups">
<g aria-hidden="true"><path class="graticule" d="${graticule.path}"/>
${graticule.meridians.map(({ position, label }) => renderDegreeLabel(position, FRAME.height - 5, 'middle', label))}${graticule.parallels
  .filter(({ position }) => position < FRAME.height - 20)
  .map(({ position, label }) => renderDegreeLabel(4, position - 3, 'start', label))}</g>
${points.map((point, index) => renderMapPoint(point, labels[index] ?? null))}<rect class="frame" width="${FRAME.width}" height="${FRAME.height}"/>
</svg>
${renderLegend(points)}
</div>
<ol class="deployment-list">
${points.flatMap(({ deployments, number }) => deployments.map((each, index) => renderDeployment(each, number + index)))}</ol>
</div>
${hasMore ? html`<p class="small">Only the most recent announcements are shown. See <a href="${allUrl}">all deployments</a>.</p>` : null}`;
}

const renderDegreeLabel = (x: number, y: number, anchor: string, label: string): Html | null =>
  anchor === 'middle' && (x < 40 || x > FRAME.width - 18)
    ? null
    : html`<text class="degrees" x="${Math.round(x)}" y="${Math.round(y)}" text-anchor="${anchor}">${label}</text>`;

/** Labels points with names; without enough space, with numbers of the list, or not at all. */
export function placePointLabels(points: readonly MapPoint[]): (MapLabel | null)[] {
  const marks = points.map(({ x, y, precision, deployments, number }): MapMark => {
    const [{ hostCountry }] = deployments as [DeploymentFact];
    const others = deployments.length > 1 ? ` +${deployments.length - 1}` : '';
    return {
      x,
      y,
      radius: RADII[precision] + 1,
      texts: [
        `${truncate(hostCountry.label, 24)}${others}`,
        `${truncate(hostCountry.label, 12)}${others}`,
        String(number),
      ],
    };
  });
  const bottom = {
    left: 0,
    top: FRAME.height - DEGREES_FONT_SIZE - 7,
    right: FRAME.width,
    bottom: FRAME.height,
  };
  const left = { left: 0, top: 0, right: 36, bottom: FRAME.height };
  return placeLabels(marks, FRAME, LABEL_FONT_SIZE, [bottom, left]);
}

function renderMapPoint({ x, y, precision, deployments, number }: MapPoint, label: MapLabel | null): Html {
  const [first] = deployments as [DeploymentFact];
  const isGroup = deployments.length > 1;
  const url = isGroup ? `#deployment-${number}` : toFactUrl(first);
  const name = isGroup
    ? `${deployments.length} deployments ${PRECISION_TEXTS[precision]}, numbers ${number} to ${number + deployments.length - 1} in the list`
    : `${truncate(first.label, 120)}, ${humanize(first.status)}, ${PRECISION_TEXTS[precision]}`;
  // The accessible name contains the visible label.
  const ariaLabel = label ? `${label.text}: ${name}` : name;
  const [left, top] = [x.toFixed(1), y.toFixed(1)];
  return html`<a class="map-point ${precision} ${first.status}" href="${url}" aria-label="${ariaLabel}"><circle class="hit-area" cx="${left}" cy="${top}" r="13"/><path class="symbol" transform="translate(${left},${top})" d="${createSymbolPath(precision)}"/>${
    precision === 'country' ? null : html`<circle class="center" cx="${left}" cy="${top}" r="1.5"/>`
  }${label && html`<text x="${label.x.toFixed(1)}" y="${label.y.toFixed(1)}">${label.text}</text>`}</a>
`;
}

/** Ring for a country, disc for a town, square for a site. */
function createSymbolPath(precision: Precision): string {
  const kind = precision === 'site' ? symbolSquare : symbolCircle;
  const area = precision === 'site' ? (2 * RADII.site) ** 2 * 0.8 : Math.PI * RADII[precision] ** 2;
  return symbol(kind, area).digits(1)() ?? '';
}

const LEGEND_TEXTS: Record<Precision, string> = {
  country: 'ring: center of the country, town unknown',
  city: 'disc: town',
  site: 'square: exact site',
};

function renderLegend(points: readonly MapPoint[]): Html {
  const used = (['country', 'city', 'site'] as const).filter((each) =>
    points.some(({ precision }) => precision === each),
  );
  return html`<ul class="legend" aria-label="Map legend">${used.map(
    (precision) =>
      html`<li><svg class="map-point ${precision}" width="20" height="20" aria-hidden="true" focusable="false"><path class="symbol" transform="translate(10,10)" d="${createSymbolPath(precision)}"/></svg> ${LEGEND_TEXTS[precision]}</li>`,
  )}</ul>`;
}

function renderDeployment(deployment: DeploymentFact, number: number): Html {
  const { status, announcedOn, location } = deployment;
  const { latitude, longitude, precision } = location;
  const inferred = isInferred(deployment, 'announcedOn') ? INFERRED_MARK : null;
  const point = `${formatDegrees(latitude, 'N', 'S')}, ${formatDegrees(longitude, 'E', 'W')}`;
  return html`<li id="deployment-${number}">${renderFactLink(deployment)}
<span class="status">${humanize(status)}</span> <span class="date">${announcedOn === null ? html`date not stated` : html`${status === 'announced' ? null : 'announced '}${renderDate(announcedOn)}${inferred}`}</span>
<span class="small">${PRECISION_TEXTS[precision]}, ${point}</span>${renderAttribution(deployment)}</li>
`;
}
