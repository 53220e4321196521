/** Where battle groups are to be: points on a net of degrees, without any border, and the same in words. */
import { symbol, symbolCircle, symbolSquare } from 'd3-shape';
import { type Html, html } from '../../lib/html.ts';
import { shortened } from '../../model/fields.ts';
import { day, factLink, pageOf, words } from '../format-values.ts';
import { type Label, type Mark, placed } from './label-placement.ts';
import type { DeploymentFact, Front } from './load-data.ts';
import { degreesInWords, type Frame, graticuleOf, projectionFor } from './map-projection.ts';
import { accordingTo, empty, inferredMark, isInferred, part } from './section.ts';

/** As wide as it is on a telephone: letters are drawn no smaller than they are there. */
export const FRAME: Frame = { width: 330, height: 230 };
/** Of the letters of names and of degrees. */
const SIZE = 12.5;
const DEGREES_SIZE = 10.5;

/** So many have room in words beside the picture. */
const FEW = 6;

type Precision = DeploymentFact['location']['precision'];

const PRECISION: Record<Precision, string> = {
  site: 'at the site',
  city: 'in the town',
  country: "at the country's centre",
};
const RADIUS: Record<Precision, number> = { site: 5, city: 5, country: 7.5 };

/** Deployments that are drawn as one point, with their numbers in the list. */
export interface Spot {
  x: number;
  y: number;
  /** The vaguest of theirs. */
  precision: Precision;
  deployments: DeploymentFact[];
  /** The number of the first. */
  number: number;
}

/** One spot for each point of the earth, in the order of the list. */
export function spotsOf(deployments: readonly DeploymentFact[]) {
  const projection = projectionFor(
    deployments.map(({ location }) => location),
    FRAME,
  );
  const groups = [
    ...Map.groupBy(deployments, ({ location }) => `${location.latitude} ${location.longitude}`).values(),
  ];
  let number = 1;
  const spots = groups.map((group): Spot => {
    const { latitude, longitude } = (group[0] as DeploymentFact).location;
    const [x = 0, y = 0] = projection([longitude, latitude]) ?? [];
    const precisions = new Set(group.map(({ location }) => location.precision));
    const precision =
      (['country', 'city', 'site'] as const).find((each) => precisions.has(each)) ?? 'country';
    const spot = { x, y, precision, deployments: group, number };
    number += group.length;
    return spot;
  });
  return { projection, spots };
}

export function map({ deployments: { facts, more, all } }: Front): Html {
  return part({
    id: 'deployments',
    title: 'Battle-group deployments',
    lede:
      facts.length > 0
        ? html`Points on a net of degrees. No border is drawn, since none is a fact of these sources.`
        : null,
    body:
      facts.length === 0
        ? empty('No deployment of a battle group is in these sources.')
        : picture(facts, more, all),
    all: { url: all, words: 'All deployments' },
  });
}

function picture(facts: DeploymentFact[], more: boolean, all: string): Html {
  const { projection, spots } = spotsOf(facts);
  const net = graticuleOf(projection, FRAME);
  const labels = labelsOf(spots);
  return html`<div class="geo ${facts.length > FEW ? 'many' : 'few'}">
<div class="map">
<svg viewBox="0 0 ${FRAME.width} ${FRAME.height}" role="group" aria-label="Battle groups on a net of degrees">
<g aria-hidden="true"><path class="net" d="${net.path}"/>
${net.meridians.map(({ at, words }) => degrees(at, FRAME.height - 5, 'middle', words))}${net.parallels
  .filter(({ at }) => at < FRAME.height - 20)
  .map(({ at, words }) => degrees(4, at - 3, 'start', words))}</g>
${spots.map((spot, at) => spotAs(spot, labels[at] ?? null))}<rect class="frame" width="${FRAME.width}" height="${FRAME.height}"/>
</svg>
${precisionLegend(spots)}
</div>
<ol class="places">
${spots.flatMap(({ deployments, number }) => deployments.map((each, at) => inWords(each, number + at)))}</ol>
</div>
${more ? html`<p class="small">The last ones announced are shown; there are more <a href="${all}">in the whole list</a>.</p>` : null}`;
}

const degrees = (x: number, y: number, anchor: string, words: string): Html | null =>
  anchor === 'middle' && (x < 40 || x > FRAME.width - 18)
    ? null
    : html`<text class="degrees" x="${Math.round(x)}" y="${Math.round(y)}" text-anchor="${anchor}">${words}</text>`;

/** Names beside the spots; where there is no room for a name, its number in the list, and else nothing. */
export function labelsOf(spots: readonly Spot[]): (Label | null)[] {
  const marks = spots.map(({ x, y, precision, deployments, number }): Mark => {
    const [{ hostCountry }] = deployments as [DeploymentFact];
    const others = deployments.length > 1 ? ` +${deployments.length - 1}` : '';
    return {
      x,
      y,
      radius: RADIUS[precision] + 1,
      words: [
        `${shortened(hostCountry.label, 24)}${others}`,
        `${shortened(hostCountry.label, 12)}${others}`,
        String(number),
      ],
    };
  });
  const bottom = { left: 0, top: FRAME.height - DEGREES_SIZE - 7, right: FRAME.width, bottom: FRAME.height };
  const left = { left: 0, top: 0, right: 36, bottom: FRAME.height };
  return placed(marks, FRAME, SIZE, [bottom, left]);
}

function spotAs({ x, y, precision, deployments, number }: Spot, label: Label | null): Html {
  const [first] = deployments as [DeploymentFact];
  const several = deployments.length > 1;
  const url = several ? `#deployment-${number}` : pageOf(first);
  const name = several
    ? `${deployments.length} deployments ${PRECISION[precision]}, numbers ${number} to ${number + deployments.length - 1} of the list`
    : `${shortened(first.label, 120)}, ${words(first.status)}, ${PRECISION[precision]}`;
  // What is seen is a part of what is heard.
  const spoken = label ? `${label.words}: ${name}` : name;
  const [left, top] = [x.toFixed(1), y.toFixed(1)];
  return html`<a class="spot ${precision} ${first.status}" href="${url}" aria-label="${spoken}"><circle class="reach" cx="${left}" cy="${top}" r="13"/><path class="point" transform="translate(${left},${top})" d="${shapeOf(precision)}"/>${
    precision === 'country' ? null : html`<circle class="heart" cx="${left}" cy="${top}" r="1.5"/>`
  }${label && html`<text x="${label.x.toFixed(1)}" y="${label.y.toFixed(1)}">${label.words}</text>`}</a>
`;
}

/** A ring for a country, a disc for a town, a square for a site. */
function shapeOf(precision: Precision): string {
  const kind = precision === 'site' ? symbolSquare : symbolCircle;
  const area = precision === 'site' ? (2 * RADIUS.site) ** 2 * 0.8 : Math.PI * RADIUS[precision] ** 2;
  return symbol(kind, area).digits(1)() ?? '';
}

const LOOKS: Record<Precision, string> = {
  country: "ring: a country's centre, the town is not known",
  city: 'disc: a town',
  site: 'square: the very site',
};

function precisionLegend(spots: readonly Spot[]): Html {
  const used = (['country', 'city', 'site'] as const).filter((each) =>
    spots.some(({ precision }) => precision === each),
  );
  return html`<ul class="legend" aria-label="Legend of the map">${used.map(
    (precision) =>
      html`<li><svg class="spot ${precision}" width="20" height="20" aria-hidden="true" focusable="false"><path class="point" transform="translate(10,10)" d="${shapeOf(precision)}"/></svg> ${LOOKS[precision]}</li>`,
  )}</ul>`;
}

function inWords(deployment: DeploymentFact, number: number): Html {
  const { status, announcedOn, location } = deployment;
  const { latitude, longitude, precision } = location;
  const inferred = isInferred(deployment, 'announcedOn') ? inferredMark : null;
  const point = `${degreesInWords(latitude, 'N', 'S')}, ${degreesInWords(longitude, 'E', 'W')}`;
  return html`<li id="deployment-${number}">${factLink(deployment)}
<span class="status">${words(status)}</span> <span class="when">${announcedOn === null ? html`day not stated` : html`${status === 'announced' ? null : 'announced '}${day(announcedOn)}${inferred}`}</span>
<span class="small">${PRECISION[precision]}, ${point}</span>${accordingTo(deployment)}</li>
`;
}
