/** What is asked for and decided: proposals, rounds of sanctions, where actors stand on them, and deployments. */
import { COUNTRY_LIBRARY } from '../../src/facts/countries.ts';
import {
  anybody,
  type Draft,
  dayAfter,
  groups,
  inferred,
  ownId,
  ownReference,
  reportId,
  several,
  someone,
  weekdayOf,
} from './draft.ts';
import { topicIn } from './events.ts';
import { city, land } from './names.ts';
import { listed } from './text.ts';

const THINGS = ['fund', 'treaty', 'corridor', 'mission', 'tribunal', 'price cap', 'reserve', 'embargo'];
const PROPOSALS = ['sought', 'sought', 'under-consideration', 'decision-expected', 'adopted', 'rejected'];
const POSITIONS = {
  supports: 'backs',
  opposes: 'rejects',
  'seeks-pause': 'wants a pause in',
  'seeks-more': 'wants more than',
  divided: 'is divided over',
};
const ROUNDS = ['adopted', 'adopted', 'announced', 'proposed', 'lifted'];
const DEPLOYMENTS = ['announced', 'announced', 'approved', 'deploying', 'deployed'];

export function addProposals(draft: Draft): void {
  const { n, edition, text, counts, facts, random } = draft;
  for (let i = 0; i < counts.proposal; i += 1) {
    const [by, to, beneficiary] = [anybody(draft), someone(draft, 'organization'), someone(draft, 'country')];
    const title = `${random.pick(THINGS)} for ${topicIn(draft)} in ${beneficiary.name}`;
    const words = `${by.name} asks ${to.name} for proposal ${i}, a ${title}`;
    const quote = text.line(`${words}, to end a quarrel.`);
    facts.push({
      type: 'proposal',
      id: ownId(n, 'proposal', i),
      title: `${edition > 1 ? 'Proposed' : 'A'} ${title}`,
      ...(i % 4 < 3 && { purpose: 'to end a quarrel' }),
      status: random.pick(PROPOSALS),
      proposedBy: [by.reference],
      addressedTo: [to.reference],
      ...(i % 2 === 0 && { beneficiary: beneficiary.reference }),
      ...(i % 4 === 1 &&
        counts.event > 0 && { decisionExpectedAt: ownReference(draft, 'event', i % counts.event) }),
      ...(i % 4 === 2 && { instruments: [{ name: `${to.name} Charter`, relation: 'basis' }] }),
      evidence: [
        quote(words, {
          supports: ['title', 'status', 'proposedBy', 'addressedTo', ...(i % 2 === 0 ? ['beneficiary'] : [])],
        }),
        ...(i % 4 < 3 ? [quote('to end a quarrel', { supports: ['purpose'] })] : []),
      ],
      inferences: inferred(
        ['derived', ['status'], `What ${by.name} asks for is taken as far as the text says it has come`],
        [
          'derived',
          ['decisionExpectedAt'],
          i % 4 === 1 && 'Decisions are due at the gathering that the text tells of',
        ],
        ['background', ['instruments'], i % 4 === 2 && `${to.name} decides by its charter`],
      ),
    });
  }
}

export function addRounds(draft: Draft): void {
  const { n, publishedOn, text, counts, facts, random } = draft;
  for (const group of groups(counts['sanctions-round'], 6)) {
    const [by, target] = [someone(draft, 'organization'), someone(draft, 'country')];
    const first = 1 + random.below(20);
    const words = `${by.name} takes up rounds ${first} to ${first + group.length - 1} of sanctions on ${target.name}`;
    const quote = text.line(`${words}.`);
    for (const [at, i] of group.entries()) {
      const status = random.pick(ROUNDS);
      const adopted = status === 'adopted' && at % 2 === 0;
      facts.push({
        type: 'sanctions-round',
        id: ownId(n, 'sanctions-round', i),
        ordinal: first + at,
        imposedBy: by.reference,
        target: target.reference,
        status,
        ...(adopted && { adoptedOn: dayAfter(publishedOn, -at) }),
        evidence: [
          quote(words, { supports: ['ordinal', 'imposedBy', 'target'] }),
          ...(at > 0
            ? [quote(`rounds ${first} to ${first + group.length - 1}`, { supports: ['ordinal'] })]
            : []),
        ],
        inferences: inferred(
          [
            'derived',
            ['ordinal'],
            `The rounds from ${first} on are counted, and this is number ${first + at}`,
          ],
          [
            'background',
            ['status', ...(adopted ? ['adoptedOn'] : [])],
            `How far round ${first + at} by ${by.name} had come is told by the gazette of those days`,
          ],
        ),
      });
    }
  }
}

/** On what the report itself tells of, or now and then one before it. */
export function addStances(draft: Draft): void {
  const { n, text, counts, facts, random } = draft;
  for (let i = 0; i < counts.stance; i += 1) {
    const position = random.pick(Object.keys(POSITIONS) as (keyof typeof POSITIONS)[]);
    const who = position === 'divided' ? someone(draft, 'organization') : anybody(draft);
    const earlier = n > 0 && i % 5 === 4 ? n - 1 - random.rank(n) : null;
    const type = i % 3 === 2 ? 'sanctions-round' : 'proposal';
    const k = random.below(earlier === null ? Math.max(1, counts[type]) : 4);
    const what = type === 'proposal' ? `proposal ${k}` : `sanctions`;
    const words = `${who.name} ${POSITIONS[position]} ${what}${earlier === null ? '' : ` of ${reportId(earlier)}`}`;
    const quote = text.line(`${words}, so as to be heard.`);
    const [others, purpose, again] = [i % 4 === 1, i % 3 === 0, i % 4 === 2];
    facts.push({
      type: 'stance',
      id: ownId(n, 'stance', i),
      actor: who.reference,
      ...(others && { andOthers: true }),
      subject: ownReference({ n: earlier ?? n }, type, k),
      position,
      ...(purpose && { purpose: 'so as to be heard' }),
      ...(again && { recurrence: random.pick(['continuing', 'repeated']) }),
      evidence: [
        quote(words, { supports: ['actor', 'position'] }),
        ...(i % 2 === 0 ? [quote(what, { supports: ['subject'] })] : []),
        ...(purpose ? [quote('so as to be heard', { supports: ['purpose'] })] : []),
      ],
      inferences: inferred(
        ['identified', ['subject'], `By "${what}" is meant what the text named so before`],
        ['derived', ['andOthers'], others && `${who.name} does not stand alone in it`],
        ['background', ['recurrence'], again && `${who.name} has long been heard on it`],
      ),
    });
  }
}

export function addDeployments(draft: Draft): void {
  const { n, publishedOn, text, counts, facts, random } = draft;
  for (const group of groups(counts['battle-group-deployment'], 5)) {
    const hosts = several(draft, 'country', group.length);
    const [by, alliance] = [someone(draft, 'person'), someone(draft, 'organization')];
    const announcedOn = dayAfter(publishedOn, -1 - random.below(5));
    const words = `${by.name} announced battle groups of ${alliance.name} in ${listed(hosts.map(({ name }) => name))}`;
    const quote = text.line(`On ${weekdayOf(announcedOn)} ${words}.`);
    for (const [at, i] of group.entries()) {
      const host = hosts[at] as (typeof hosts)[number];
      const answers = at < 2 && counts.event > 8;
      facts.push({
        type: 'battle-group-deployment',
        id: ownId(n, 'battle-group-deployment', i),
        hostCountry: host.reference,
        alliance: alliance.reference,
        status: random.pick(DEPLOYMENTS),
        announcedOn,
        announcedBy: by.reference,
        ...(answers && { inResponseTo: ownReference(draft, 'event', 8) }),
        location: locationIn(Number(host.reference.split('-').at(-1)), random.oneIn(4)),
        evidence: [
          quote(`On ${weekdayOf(announcedOn)}`, { supports: ['announcedOn'] }),
          quote(words, { supports: ['hostCountry', 'alliance', 'status', 'announcedBy'] }),
          quote(host.name, { supports: ['hostCountry'] }),
        ],
        inferences: inferred(
          [
            'derived',
            ['hostCountry'],
            `That one of the battle groups goes to ${host.name} is derived from the list`,
          ],
          ['derived', ['alliance'], `Announced by ${by.name} as what ${alliance.name} does`],
          [
            'derived',
            ['announcedOn'],
            `"${weekdayOf(announcedOn)}", read against the day of publication: ${announcedOn}`,
          ],
          [
            'reference',
            ['location'],
            `From ${COUNTRY_LIBRARY}, which lends its points to invented countries`,
          ],
          ['background', ['inResponseTo'], answers && 'Battle groups answer the war that the text names'],
        ),
      });
    }
  }
}

/** A town near the centre of the country, or the centre itself. */
function locationIn(k: number, inTown: boolean) {
  if (!inTown) {
    const [latitude, longitude] = land(k).latlng;
    return { latitude, longitude, precision: 'country' };
  }
  const { latitude, longitude, precision } = city(k);
  return { latitude, longitude, precision };
}
