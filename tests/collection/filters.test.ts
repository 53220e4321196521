import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { filterParameters } from '../../src/collection/query.ts';
import { resources } from '../../src/resources/index.ts';
import { get, idsAt, seededApp } from '../support/app.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = await seededApp();
});

const ADDRESSES = ['zelensky-address-eu-2022-03-24', 'zelensky-address-nato-2022-03-24'];
const GATHERINGS = [
  'brussels-talks-2022-03-24',
  'eu-summit-2022-03-24',
  'g7-summit-2022-03-24',
  'nato-meeting-2022-03-24',
];
const BALTICS = ['estonia', 'latvia', 'lithuania'];

/** Query → ids in order. Every filter of every collection stands here; the last test holds it to that. */
const answers: Record<string, [query: string, ids: string[]][]> = {
  documents: [
    ['q=trans%20unity', []],
    ['q=unity%20Russia', ['brussels-2022-03-24']],
    ['ids=brussels-2022-03-24,nobody', ['brussels-2022-03-24']],
    ['from=2022-03-24&to=2022-03-24', ['brussels-2022-03-24']],
    ['to=2022-03-23', []],
    ['language=en', ['brussels-2022-03-24']],
    ['language=de', []],
    ['publisher=Somebody', []],
    ['display=full', ['brussels-2022-03-24']],
    ['display=excerpts', []],
  ],
  events: [
    ['q=video%20link', ['zelensky-address-nato-2022-03-24']],
    ['q=ZELENSKYY', ADDRESSES],
    ['q=battlegroup', ['battle-groups-announcement-2022-03-23']],
    ['q=zelensky%20tractor', []],
    ['ids=war-in-ukraine,eu-summit-2022-03-24', ['eu-summit-2022-03-24', 'war-in-ukraine']],
    ['ids=nobody', []],
    ['document=another', []],
    ['document=brussels-2022-03-24&kind=war', ['war-in-ukraine']],
    ['accordingTo=none&kind=war', ['war-in-ukraine']],
    ['accordingTo=some-statement', []],
    ['to=2022-02-23', []],
    ['to=2022-02-24', ['war-in-ukraine']],
    ['from=2022-03-25', ['eu-summit-2022-03-24']],
    ['from=2022-03-26', []],
    ['from=2022-03-23&to=2022-03-23', ['battle-groups-announcement-2022-03-23']],
    ['kind=war', ['war-in-ukraine']],
    ['kind=address,war', ['war-in-ukraine', ...ADDRESSES]],
    ['kind=address&kind=war', ['war-in-ukraine', ...ADDRESSES]],
    ['status=held', ['battle-groups-announcement-2022-03-23']],
    ['status=scheduled', ['sanctions-announcement-brussels', ...ADDRESSES]],
    ['status=cancelled', []],
    ['participant=volodymyr-zelensky', ADDRESSES],
    ['participant=person/volodymyr-zelensky', ADDRESSES],
    ['participant=country/volodymyr-zelensky', []],
    ['participant=jens-stoltenberg,russia', ['battle-groups-announcement-2022-03-23', 'war-in-ukraine']],
    ['participant=joe-biden&kind=summit', ['eu-summit-2022-03-24', 'g7-summit-2022-03-24']],
    ['attendance=video-link', ['zelensky-address-nato-2022-03-24']],
    ['attendance=in-person', GATHERINGS],
    ['organizer=g7', ['g7-summit-2022-03-24']],
    ['organizer=none&status=ongoing', ['brussels-talks-2022-03-24', 'war-in-ukraine']],
    [
      'organizer=none,g7&status=ongoing',
      ['brussels-talks-2022-03-24', 'g7-summit-2022-03-24', 'war-in-ukraine'],
    ],
    ['partOf=brussels-talks-2022-03-24&kind=summit', ['eu-summit-2022-03-24', 'g7-summit-2022-03-24']],
    ['after=zelensky-address-nato-2022-03-24', ['zelensky-address-eu-2022-03-24']],
    ['countryCode=BE', [...GATHERINGS, 'sanctions-announcement-brussels']],
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
    ['postOf=kremlin', ['vladimir-putin']],
    ['postTitle=President', ['joe-biden', 'volodymyr-zelensky']],
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
  ],
  countries: [
    ['q=baltics', BALTICS],
    ['q=us', ['united-states']],
    ['ids=latvia,estonia', ['estonia', 'latvia']],
    ['document=brussels-2022-03-24&alpha2=EE,LV,LT', BALTICS],
    ['accordingTo=none&alpha2=EE', ['estonia']],
    ['alpha2=US', ['united-states']],
    ['alpha3=UKR', ['ukraine']],
  ],
};

for (const resource of resources) {
  describe(`/v1/${resource.collection}`, () => {
    const cases = answers[resource.collection] ?? [];

    it.each(cases)('?%s', async (query, ids) => {
      expect(await idsAt(app, `/v1/${resource.collection}?${query}`)).toEqual(ids);
    });

    it('has every one of its filters tried above', () => {
      const tried = new Set(cases.flatMap(([query]) => [...new URLSearchParams(query).keys()]));
      expect([...tried].sort()).toEqual(Object.keys(filterParameters(resource).shape).sort());
    });

    it('counts the facts of the whole list', async () => {
      const [filter] = cases.filter(([, ids]) => ids.length > 0);
      const { body } = await get(app, `/v1/${resource.collection}?${filter?.[0]}&count=true`);
      expect(body.meta.total).toBe(filter?.[1].length);
    });
  });
}
