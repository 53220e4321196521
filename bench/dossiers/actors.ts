/** Who is who: the countries, organizations and people whom a report is the first to name, and who belongs to what. */
import { COUNTRY_LIBRARY } from '../../src/facts/countries.ts';
import { actor, type Draft, groups, inferred, ownId, several, sharedId, someone } from './draft.ts';
import { countryName, land, organizationName, personName } from './names.ts';
import { listed } from './text.ts';

const POSTS = ['President', 'Prime Minister', 'Foreign Minister', 'Chancellor', 'Secretary General', 'Envoy'];

export function addCountries({ text, counts, before, facts, random }: Draft): void {
  for (const group of groups(counts.country, 15)) {
    const names = group.map((i) => countryName(before.country + i));
    const words = `Envoys came from ${listed(names)}`;
    const quote = text.line(`${words}.`);
    for (const [at, i] of group.entries()) {
      const k = before.country + i;
      const name = names[at] as string;
      const { cca2, cca3 } = land(k);
      const alias = random.oneIn(15) ? [`Republic of ${name}`] : null;
      const note = `${COUNTRY_LIBRARY} lends its codes to ${name}, which is invented`;
      facts.push({
        type: 'country',
        id: sharedId('country', k),
        name,
        ...(alias && { aliases: alias }),
        alpha2: cca2,
        alpha3: cca3,
        evidence: [
          quote(name, { supports: ['name'] }),
          ...(i % 5 < 2
            ? [quote(words.slice(0, words.indexOf(name) + name.length), { supports: ['name'] })]
            : []),
        ],
        inferences: inferred(
          ['reference', ['alpha2', 'alpha3'], note],
          ['background', ['aliases'], alias && `${name} is the republic of that name`],
        ),
      });
    }
  }
}

export function addOrganizations({ text, counts, before, facts }: Draft): void {
  for (const group of groups(counts.organization, 5)) {
    const all = group.map((i) => ({
      k: before.organization + i,
      ...organizationName(before.organization + i),
    }));
    const quote = text.line(`Delegates of ${listed(all.map(({ full }) => full))} were heard.`);
    for (const { k, full, kind, abbreviation, country } of all) {
      facts.push({
        type: 'organization',
        id: sharedId('organization', k),
        name: full,
        ...(abbreviation && { abbreviation, aliases: [`${abbreviation} members`] }),
        kind,
        ...(country !== undefined && { country: actor('country', country).reference }),
        evidence: [
          quote(full, { supports: ['name', 'kind'] }),
          ...(k % 3 > 0
            ? [quote(`Delegates of ${listed(all.map(({ full }) => full))}`, { supports: ['kind'] })]
            : []),
        ],
        inferences: inferred(
          [
            'background',
            ['kind'],
            `The text speaks of its delegates; it is taken for one of the kind ${kind}`,
          ],
          ['background', ['abbreviation', 'aliases'], abbreviation && `${abbreviation} is short for ${full}`],
          [
            'derived',
            ['country'],
            country !== undefined && `Its name says that it is of ${countryName(country)}`,
          ],
        ),
      });
    }
  }
}

export function addPeople(draft: Draft): void {
  const { text, counts, before, facts, random } = draft;
  for (let k = before.person; k < before.person + counts.person; k += 1) {
    const { full, last } = personName(k);
    const of = someone(draft, random.oneIn(4) ? 'organization' : 'country');
    const title = random.pick(POSTS);
    const words = `${title} ${full} of ${of.name}`;
    const quote = text.line(`${words} came, too.`);
    facts.push({
      type: 'person',
      id: sharedId('person', k),
      name: full,
      aliases: [last],
      posts: [{ title, of: of.reference }],
      evidence: [
        quote(words, { supports: ['name', 'posts'] }),
        ...(k % 5 > 0 ? [quote(last, { supports: ['aliases'] })] : []),
      ],
      inferences: inferred(
        ['identified', ['aliases'], `"${last}" is ${full}, whom the text names in full`],
        ['identified', ['posts'], k % 5 < 2 && `"${of.name}" is whom the post belongs to`],
      ),
    });
  }
}

/** Who belongs to what, some members of one organization at a time. */
export function addMemberships(draft: Draft): void {
  const { n, text, counts, facts, random } = draft;
  for (const group of groups(counts.membership, 5)) {
    const members = several(draft, random.oneIn(5) ? 'person' : 'country', group.length);
    const organization = someone(draft, 'organization');
    const words = `${listed(members.map(({ name }) => name))} ${members.length > 1 ? 'are' : 'is'} in ${organization.name}`;
    const quote = text.line(`${words}.`);
    for (const [at, i] of group.entries()) {
      const { name, reference } = members[at] as (typeof members)[number];
      const role = random.oneIn(8) ? random.pick(['observer', 'chair', 'candidate']) : null;
      facts.push({
        type: 'membership',
        id: ownId(n, 'membership', i),
        member: reference,
        organization: organization.reference,
        ...(role && { role }),
        evidence: [
          quote(words, { supports: ['member', 'organization'] }),
          ...(i % 3 === 0 ? [quote(name, { supports: ['member'] })] : []),
        ],
        inferences: inferred(
          [
            'derived',
            ['member', 'organization'],
            `The sentence names ${name} among those who are in ${organization.name}`,
          ],
          ['background', ['role'], role && `${name} has long been its ${role}`],
        ),
      });
    }
  }
}
