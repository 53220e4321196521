import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { buildFilterParameters } from '../../../src/api/params/list-params.ts';
import { factTypes } from '../../../src/model/types/index.ts';
import {
  createApp,
  createSeededApp,
  createStore,
  get,
  getIds,
  importInto,
  type Json,
} from '../../support/app.ts';
import { buildEventDossier } from '../../support/dossier-builder.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp();
});

const ADDRESS_IDS = ['zelensky-address-eu-2022-03-24', 'zelensky-address-nato-2022-03-24'];
const GATHERING_IDS = [
  'brussels-talks-2022-03-24',
  'eu-summit-2022-03-24',
  'g7-summit-2022-03-24',
  'nato-meeting-2022-03-24',
];
const BALTIC_IDS = ['estonia', 'latvia', 'lithuania'];
const CHEMICAL_WEAPONS_IDS = ['stoltenberg-risk-of-contamination', 'stoltenberg-use-of-chemical-weapons'];
const STOLTENBERG_IDS = ['stoltenberg-battle-groups', ...CHEMICAL_WEAPONS_IDS];
const FLANK_IDS = ['flank-proposal-would-escalate-tensions', 'flank-proposal-would-violate-founding-act'];
const SOUGHT_IDS = ['end-to-dependency-on-russian-energy', 'no-fly-zone-over-ukraine'];
const ROUND_IDS = [1, 2, 3, 4, 5].map((n) => `eu-on-russia-${n}`);
const DEPLOYMENT_IDS = ['nato-bulgaria', 'nato-hungary', 'nato-romania', 'nato-slovakia'];

/** Queries with the expected ids in order; a test below checks that every filter is here. */
const EXPECTED_IDS: Record<string, [query: string, ids: string[]][]> = {
  documents: [
    ['q=trans%20unity', []],
    ['q=unity%20Russia', ['brussels-2022-03-24']],
    ['ids=brussels-2022-03-24,missing', ['brussels-2022-03-24']],
    ['document=brussels-2022-03-24', ['brussels-2022-03-24']],
    ['from=2022-03-24&to=2022-03-24', ['brussels-2022-03-24']],
    ['to=2022-03-23', []],
    ['on=2022-03-24', ['brussels-2022-03-24']],
    ['on=2022-03', ['brussels-2022-03-24']],
    ['on=2021', []],
    ['language=en', ['brussels-2022-03-24']],
    ['language=de', []],
    ['publisher=Somebody', []],
    ['display=full', ['brussels-2022-03-24']],
    ['display=excerpts', []],
    ['inferred=publishedOn', ['brussels-2022-03-24']],
    ['inferred=title', []],
    ['inference=background', ['brussels-2022-03-24']],
  ],
  events: [
    ['q=video%20link', ['zelensky-address-nato-2022-03-24']],
    ['q=ZELENSKYY', ADDRESS_IDS],
    ['q=battlegroup', ['battle-groups-announcement-2022-03-23']],
    ['q=zelensky%20tractor', []],
    ['ids=war-in-ukraine,eu-summit-2022-03-24', ['eu-summit-2022-03-24', 'war-in-ukraine']],
    ['ids=missing', []],
    ['document=another', []],
    ['document=brussels-2022-03-24&kind=war', ['war-in-ukraine']],
    ['accordingTo=none&kind=war', ['war-in-ukraine']],
    ['accordingTo=some-statement', []],
    ['accordingTo=white-house-further-sanctions', ['sanctions-announcement-brussels']],
    ['inferred=participants&kind=address', ['zelensky-address-eu-2022-03-24']],
    ['inferred=endDate', ['eu-summit-2022-03-24']],
    ['inference=identified', ['war-in-ukraine']],
    ['to=2022-02-23', []],
    ['to=2022-02-24', ['war-in-ukraine']],
    ['from=2022-03-25', ['eu-summit-2022-03-24']],
    ['from=2022-03-26', []],
    ['from=2022-04', []],
    ['from=2023', []],
    ['to=2021', []],
    ['to=2022-02', ['war-in-ukraine']],
    ['from=2022-03&to=2022-03&kind=war', ['war-in-ukraine']],
    ['from=2022&to=2022-02-24', ['war-in-ukraine']],
    ['on=2022-02', ['war-in-ukraine']],
    ['on=2022-03-25', ['eu-summit-2022-03-24']],
    ['on=2022&kind=summit', ['eu-summit-2022-03-24', 'g7-summit-2022-03-24']],
    // The war was still ongoing when it was reported.
    ['from=2022-03-23&to=2022-03-23', ['battle-groups-announcement-2022-03-23', 'war-in-ukraine']],
    ['kind=war', ['war-in-ukraine']],
    ['kind=address,war', ['war-in-ukraine', ...ADDRESS_IDS]],
    ['kind=address&kind=war', ['war-in-ukraine', ...ADDRESS_IDS]],
    ['status=held', ['battle-groups-announcement-2022-03-23']],
    ['status=scheduled', ['sanctions-announcement-brussels', ...ADDRESS_IDS]],
    ['status=cancelled', []],
    ['participant=volodymyr-zelensky', ADDRESS_IDS],
    ['participant=person/volodymyr-zelensky', ADDRESS_IDS],
    ['participant=country/volodymyr-zelensky', []],
    ['participant=jens-stoltenberg,russia', ['battle-groups-announcement-2022-03-23', 'war-in-ukraine']],
    ['participant=joe-biden&kind=summit', ['eu-summit-2022-03-24', 'g7-summit-2022-03-24']],
    ['attendance=video-link', ['zelensky-address-nato-2022-03-24']],
    ['attendance=in-person', GATHERING_IDS],
    ['organizer=g7', ['g7-summit-2022-03-24']],
    ['organizer=none&status=ongoing', ['brussels-talks-2022-03-24', 'war-in-ukraine']],
    [
      'organizer=none,g7&status=ongoing',
      ['brussels-talks-2022-03-24', 'g7-summit-2022-03-24', 'war-in-ukraine'],
    ],
    ['partOf=brussels-talks-2022-03-24&kind=summit', ['eu-summit-2022-03-24', 'g7-summit-2022-03-24']],
    ['after=zelensky-address-nato-2022-03-24', ['zelensky-address-eu-2022-03-24']],
    ['countryCode=BE', [...GATHERING_IDS, 'sanctions-announcement-brussels']],
    ['countryCode=UA', ['war-in-ukraine']],
  ],
  people: [
    ['q=stoltenberg', ['jens-stoltenberg']],
    ['q=prime%20minister', ['kaja-kallas']],
    ['ids=joe-biden', ['joe-biden']],
    [
      'document=brussels-2022-03-24',
      ['jens-stoltenberg', 'joe-biden', 'kaja-kallas', 'vladimir-putin', 'volodymyr-zelensky'],
    ],
    ['accordingTo=none&postOf=nato', ['jens-stoltenberg']],
    ['postOf=country/estonia', ['kaja-kallas']],
    ['postOf=russia', ['vladimir-putin']],
    ['inferred=name', ['vladimir-putin']],
    ['inference=background', ['vladimir-putin']],
    ['postTitle=President', ['joe-biden', 'vladimir-putin', 'volodymyr-zelensky']],
  ],
  organizations: [
    ['q=north%20atlantic', ['nato']],
    ['q=european%20union&kind=union', ['european-union']],
    ['ids=nato', ['nato']],
    ['document=brussels-2022-03-24&kind=union', ['european-union']],
    ['accordingTo=none&kind=alliance', ['nato']],
    ['kind=group', ['eu-leaders', 'leaders', 'nato-leaders', 'western-allies']],
    ['kind=government-office', ['kremlin', 'white-house']],
    ['country=russia', ['kremlin']],
    ['country=none&kind=forum', ['g7']],
    ['inferred=country', ['kremlin', 'white-house']],
    ['inference=identified', ['european-union']],
  ],
  countries: [
    ['q=baltics', BALTIC_IDS],
    ['q=us', ['united-states']],
    ['ids=latvia,estonia', ['estonia', 'latvia']],
    ['document=brussels-2022-03-24&alpha2=EE,LV,LT', BALTIC_IDS],
    ['accordingTo=none&alpha2=EE', ['estonia']],
    ['alpha2=US', ['united-states']],
    ['alpha3=UKR', ['ukraine']],
    ['inferred=name', [...BALTIC_IDS, 'united-states']],
    ['inference=background', BALTIC_IDS],
  ],
  memberships: [
    ['q=g7&member=italy', ['italy-european-union', 'italy-g7', 'italy-nato']],
    ['ids=italy-g7', ['italy-g7']],
    ['member=germany', ['germany-european-union', 'germany-g7', 'germany-nato']],
    ['organization=g7', ['france-g7', 'germany-g7', 'italy-g7']],
    ['organization=baltics', ['estonia-baltics', 'latvia-baltics', 'lithuania-baltics']],
    ['role=President', []],
    ['member=person/joe-biden', ['joe-biden-nato-leaders']],
    ['document=brussels-2022-03-24&organization=nato-leaders', ['joe-biden-nato-leaders']],
    ['accordingTo=none&member=united-states', ['united-states-nato']],
    ['inferred=organization&member=italy', ['italy-european-union', 'italy-nato']],
    ['inference=background&organization=baltics', ['estonia-baltics', 'latvia-baltics', 'lithuania-baltics']],
  ],
  statements: [
    ['on=1999', []],
    ['q=war%20criminal', ['kallas-stop-the-war-criminal']],
    ['q=blatant%20violation', ['stoltenberg-use-of-chemical-weapons']],
    ['ids=show-of-unity', ['show-of-unity']],
    ['speaker=jens-stoltenberg', STOLTENBERG_IDS],
    ['speaker=white-house', ['white-house-further-sanctions']],
    ['mode=direct', ['kallas-stop-the-war-criminal', ...STOLTENBERG_IDS.slice(1)]],
    ['mode=mixed', ['kallas-steps-to-make-us-afraid']],
    ['mode=narrative', [...FLANK_IDS, 'show-of-unity']],
    ['modality=probable', ['flank-proposal-would-escalate-tensions']],
    ['modality=possible', ['stoltenberg-risk-of-contamination']],
    ['modality=necessary', ['kallas-stop-the-war-criminal']],
    ['modality=negative', ['kallas-stop-the-war-criminal', 'leaders-nato-would-not-back-down']],
    ['addressee=joe-biden', []],
    ['about=vladimir-putin', ['kallas-steps-to-make-us-afraid', 'kallas-stop-the-war-criminal']],
    ['about=proposal/permanent-troops-on-eastern-flank', FLANK_IDS],
    ['topic=chemical%20weapons', ['leaders-against-escalation', ...CHEMICAL_WEAPONS_IDS]],
    ['event=battle-groups-announcement-2022-03-23', ['stoltenberg-battle-groups']],
    ['event=none&speaker=jens-stoltenberg', CHEMICAL_WEAPONS_IDS],
    ['cue=warned', ['leaders-against-escalation']],
    ['from=2022-03-23&to=2022-03-23', ['stoltenberg-battle-groups']],
    ['from=2022-03-24', []],
    ['document=brussels-2022-03-24&mode=mixed', ['kallas-steps-to-make-us-afraid']],
    ['accordingTo=none&mode=mixed', ['kallas-steps-to-make-us-afraid']],
    ['inferred=saidOn', ['stoltenberg-battle-groups']],
    ['inferred=speakers', ['kallas-stop-the-war-criminal', ...CHEMICAL_WEAPONS_IDS]],
    ['inference=derived&speaker=leaders', ['leaders-nato-would-not-back-down']],
  ],
  proposals: [
    ['q=fund', ['solidarity-fund-for-ukraine']],
    ['ids=no-fly-zone-over-ukraine', ['no-fly-zone-over-ukraine']],
    ['status=under-consideration', ['permanent-troops-on-eastern-flank']],
    ['status=decision-expected', ['solidarity-fund-for-ukraine']],
    ['status=rejected', []],
    ['proposedBy=volodymyr-zelensky', ['no-fly-zone-over-ukraine']],
    ['addressedTo=nato', ['no-fly-zone-over-ukraine']],
    ['beneficiary=ukraine', ['no-fly-zone-over-ukraine', 'solidarity-fund-for-ukraine']],
    ['decisionExpectedAt=eu-summit-2022-03-24', ['solidarity-fund-for-ukraine']],
    ['instrument=NATO-Russia%20Founding%20Act', ['permanent-troops-on-eastern-flank']],
    ['relation=would-violate', ['permanent-troops-on-eastern-flank']],
    ['relation=basis', []],
    ['document=brussels-2022-03-24&status=sought', SOUGHT_IDS],
    ['accordingTo=none&status=sought', SOUGHT_IDS],
    ['inferred=beneficiary', ['no-fly-zone-over-ukraine']],
    ['inference=derived', ['no-fly-zone-over-ukraine']],
  ],
  stances: [
    ['q=pause', ['germany-fifth-round', 'netherlands-fifth-round']],
    ['ids=nato-no-fly-zone', ['nato-no-fly-zone']],
    ['actor=nato', ['nato-no-fly-zone']],
    ['actor=organization/baltics', ['baltics-fifth-round']],
    ['andOthers=true', ['germany-fifth-round', 'netherlands-fifth-round']],
    ['andOthers=false', []],
    [
      'subject=eu-on-russia-5',
      [
        'baltics-fifth-round',
        'european-union-fifth-round',
        'germany-fifth-round',
        'netherlands-fifth-round',
        'poland-fifth-round',
      ],
    ],
    ['subject=no-fly-zone-over-ukraine', ['nato-no-fly-zone', 'zelensky-no-fly-zone']],
    ['position=seeks-pause', ['germany-fifth-round', 'netherlands-fifth-round']],
    ['position=seeks-more', ['baltics-fifth-round', 'poland-fifth-round']],
    ['position=divided', ['european-union-fifth-round']],
    ['position=opposes', ['nato-no-fly-zone']],
    ['recurrence=repeated', ['nato-no-fly-zone']],
    ['recurrence=continuing', ['zelensky-no-fly-zone']],
    ['document=brussels-2022-03-24&position=divided', ['european-union-fifth-round']],
    ['accordingTo=none&position=divided', ['european-union-fifth-round']],
    ['inferred=purpose', ['zelensky-no-fly-zone']],
    ['inference=derived&actor=poland', ['poland-fifth-round']],
  ],
  'sanctions-rounds': [
    ['on=1999-12', []],
    ['q=round', ROUND_IDS],
    ['q=package', ROUND_IDS],
    ['ids=eu-on-russia-5', ['eu-on-russia-5']],
    ['ordinal=5', ['eu-on-russia-5']],
    ['ordinal=1,5', ['eu-on-russia-1', 'eu-on-russia-5']],
    ['ordinal=6', []],
    ['minOrdinal=4', ['eu-on-russia-4', 'eu-on-russia-5']],
    ['maxOrdinal=2', ['eu-on-russia-1', 'eu-on-russia-2']],
    ['minOrdinal=2&maxOrdinal=3.5', ['eu-on-russia-2', 'eu-on-russia-3']],
    ['minOrdinal=4&exclude=ordinal:5', ['eu-on-russia-4']],
    ['imposedBy=european-union', ROUND_IDS],
    ['target=russia', ROUND_IDS],
    ['target=ukraine', []],
    ['status=adopted', ROUND_IDS.slice(0, 4)],
    ['status=under-discussion', ['eu-on-russia-5']],
    ['from=2022-01-01', []],
    ['to=2022-12-31', []],
    ['document=brussels-2022-03-24', ROUND_IDS],
    ['accordingTo=none', ROUND_IDS],
    ['inferred=ordinal', ROUND_IDS.slice(0, 4)],
    ['inference=derived', ROUND_IDS],
  ],
  'battle-group-deployments': [
    ['on=2022-03-23&status=announced', DEPLOYMENT_IDS],
    ['on=2022-03-22', []],
    ['q=battlegroup', DEPLOYMENT_IDS],
    ['ids=nato-romania', ['nato-romania']],
    ['hostCountry=hungary', ['nato-hungary']],
    ['hostCountry=poland', []],
    ['alliance=nato', DEPLOYMENT_IDS],
    ['status=announced', DEPLOYMENT_IDS],
    ['status=deployed', []],
    ['announcedBy=jens-stoltenberg', DEPLOYMENT_IDS],
    ['inResponseTo=war-in-ukraine', DEPLOYMENT_IDS],
    ['from=2022-03-23&to=2022-03-23', DEPLOYMENT_IDS],
    ['from=2022-03-24', []],
    ['document=brussels-2022-03-24', DEPLOYMENT_IDS],
    ['accordingTo=none', DEPLOYMENT_IDS],
    ['inferred=location', DEPLOYMENT_IDS],
    ['inference=reference', DEPLOYMENT_IDS],
  ],
  figures: [
    ['q=majority', ['eu-members-in-nato', 'eu-share-of-nato']],
    ['ids=eu-summit-days', ['eu-summit-days']],
    ['subject=organization/nato', ['eu-members-in-nato', 'eu-share-of-nato']],
    ['subject=sanctions-round/eu-on-russia-5', ['sanctions-round-in-question']],
    ['subject=war-in-ukraine', ['months-since-start-of-war']],
    ['measure=EU%20member%20states%20that%20are%20members%20of%20NATO', ['eu-members-in-nato']],
    ['value=4', ['new-battle-groups', 'sanctions-rounds-adopted']],
    ['value=29', ['nato-leaders-besides-biden']],
    ['minValue=29&maxValue=29', ['nato-leaders-besides-biden']],
    ['minValue=4&maxValue=4.5', ['new-battle-groups', 'sanctions-rounds-adopted']],
    ['maxValue=-1', []],
    ['minValue=3e1&unit=days', []],
    ['unit=days', ['day-from-announcement-to-meeting', 'eu-summit-days']],
    ['qualifier=more-than', ['eu-share-of-nato']],
    ['statedAs=two-day', ['eu-summit-days']],
    ['document=brussels-2022-03-24&unit=percent', ['eu-share-of-nato']],
    ['accordingTo=none&unit=percent', ['eu-share-of-nato']],
    ['inferred=value', ['eu-share-of-nato', 'nato-leaders']],
    ['inference=derived&unit=rounds', ['sanctions-rounds-adopted']],
  ],
};

describe('a comma', () => {
  const dossier = buildEventDossier([{ id: 'a' }]);
  const person = (id: string, title: string) => ({
    type: 'person',
    id,
    name: id,
    posts: [{ title, of: 'organization/o' }],
    evidence: [{ quote: 'Meeting a', supports: ['name', 'posts'] }],
  });
  const organization = { type: 'organization', id: 'o', name: 'O', kind: 'group' };
  const evidence = [{ quote: 'Meeting a', supports: ['name', 'kind'] }];

  it('separates values, or is part of a text if encoded', async () => {
    const store = await createStore();
    const commas = await createApp(store);
    const people = [person('p', 'Chair, board'), person('q', 'Chair'), person('r', 'board')];
    const facts = parse(dossier.facts);
    await importInto(store, {
      ...dossier,
      facts: stringify({ ...facts, facts: [...facts.facts, { ...organization, evidence }, ...people] }),
    });
    expect(await getIds(commas, '/v1/people?postTitle=Chair%2C%20board')).toEqual(['p']);
    expect(await getIds(commas, '/v1/people?postTitle=Chair,board')).toEqual(['q', 'r']);
    expect(await getIds(commas, '/v1/people?ids=p%2Cq')).toEqual(['p', 'q']);
    expect(await getIds(commas, '/v1/people?exclude=postTitle:Chair%2C%20board')).toEqual(['q', 'r']);
    expect(await getIds(commas, '/v1/people?exclude=postTitle:Chair,ids:r')).toEqual(['p']);
    expect(await getIds(commas, '/v1/people?exclude=ids:p%2Cids:q')).toEqual(['r']);
    const { body } = await get(commas, '/v1/people?postTitle=Chair%2c%20board&limit=1');
    expect(body.links.self).toBe('/v1/people?limit=1&postTitle=Chair%2C%20board');
  });
});

for (const factType of factTypes) {
  describe(`/v1/${factType.collection}`, () => {
    const cases = EXPECTED_IDS[factType.collection] ?? [];

    it.each(cases)('?%s', async (query, ids) => {
      expect(await getIds(app, `/v1/${factType.collection}?${query}`)).toEqual(ids);
      // Exports take the same filters.
      const { body } = await get(app, `/v1/${factType.collection}.ndjson?${query}`);
      expect(body.match(/(?<=^\{"type":"[^"]*","id":")[^"]*/gm) ?? []).toEqual(ids);
    });

    it('has a case above for every filter', () => {
      const triedParameters = new Set(cases.flatMap(([query]) => [...new URLSearchParams(query).keys()]));
      // Nothing is retracted in this store; tests/api/shared-facts/retractions.test.ts covers it.
      triedParameters.add('include');
      // The test of all values below covers it.
      triedParameters.add('exclude');
      expect([...triedParameters].sort()).toEqual(Object.keys(buildFilterParameters(factType).shape).sort());
    });

    it('has each fact in the list of a value or in the list that excludes it', async () => {
      const url = `/v1/${factType.collection}`;
      const all = await getIds(app, `${url}?limit=200`);
      const facets = await get(app, `${url}/facets?by=${factType.facetNames}&limit=5`);
      for (const { field, values } of facets.body.data) {
        for (const { value } of values) {
          const encoded = encodeURIComponent(value);
          const having = await getIds(app, `${url}?${field}=${encoded}&limit=200`);
          const without = await getIds(app, `${url}?exclude=${field}:${encoded}&limit=200&count=true`);
          expect([...having, ...without].sort(), `${field}=${value}`).toEqual(all);
        }
        const listed = values.map(({ value }: Json) => `${field}:${encodeURIComponent(value)}`);
        if (listed.length === 0) continue;
        const alternatives = values.map(({ value }: Json) => encodeURIComponent(value));
        const having = await getIds(app, `${url}?${field}=${alternatives}&limit=200`);
        const without = await getIds(app, `${url}?exclude=${listed}&limit=200`);
        expect([...having, ...without].sort(), field).toEqual(all);
        const repeated = listed.map((entry: string) => `exclude=${entry}`).join('&');
        expect(await getIds(app, `${url}?${repeated}&limit=200`), field).toEqual(without);
      }
    });

    it('counts all facts of the list', async () => {
      const [filter] = cases.filter(([, ids]) => ids.length > 0);
      const { body } = await get(app, `/v1/${factType.collection}?${filter?.[0]}&count=true`);
      expect(body.meta.total).toBe(filter?.[1].length);
    });
  });
}
