/** A statement whose words, speaker and document try to break out of whatever they are put into. */
import type { DossierFiles } from '../../src/dossier/validate.ts';
import { dossierOf } from './dossier-builder.ts';

export const HOSTILE_WORDS = `</p></blockquote><script>alert("1")</script>&amp;<img src=x onerror='alert(2)'> ]]> \u202egnp.exe \u0007\u000b\ufffe javascript:alert(3)`;
export const HOSTILE_NAME = `O'Neill & "Sons" <b onmouseover=alert(4)>\u202e 100% {x} $5 #1 a_b ~ ^ \\end`;
export const HOSTILE_TITLE = `<script>alert(5)</script> "Straße" & Ābele\u2067, зелен 🗳️ {a}`;

export const hostileDossier = (): DossierFiles =>
  dossierOf({
    id: 'hostile',
    source: `${HOSTILE_NAME} said: ${HOSTILE_WORDS} today.`,
    document: {
      title: HOSTILE_TITLE,
      publisher: 'Ādaži & Co_50% {Zeitung}',
      url: 'https://news.example/a_b?x=1&y=%20#z~t',
    },
    facts: [
      {
        type: 'person',
        id: 'oneill',
        name: HOSTILE_NAME,
        evidence: [{ quote: HOSTILE_NAME, supports: ['name'] }],
      },
      {
        type: 'statement',
        id: 'hostile-words',
        speakers: ['person/oneill'],
        mode: 'indirect',
        topics: ['<i>"topic" & more'],
        parts: [
          { quote: HOSTILE_NAME, role: 'source' },
          { quote: 'said', role: 'cue' },
          { quote: HOSTILE_WORDS, role: 'content', supports: ['topics'] },
        ],
        inferences: [{ fields: ['speakers'], kind: 'identified', note: '<script>alert(6)</script>' }],
      },
    ],
  });

/** Sets a trap that a page must not step into. */
const TRAPS = `"><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2"><svg onload='window.hacked = 3'><a href="javascript:window.hacked=4" style="position:fixed">x</a><iframe srcdoc="<script>top.hacked = 5</script>"></iframe>{{7*7}}\${hacked} &lt;&#60;&quot;`;
/** What turns letters around, and is never ended; and words that are written from right to left. */
const TURNED = '\u202eexe.gnp \u2067 سلام عليكم \u200f\u2066 עברית \u202d';
const SCHEMES = 'javascript:window.hacked=6 data:text/html,<script>window.hacked=7</script> vbscript:x';
/** Ten thousand letters, among them what no line can be broken at. */
const endless = (letter: string): string => letter.repeat(10_000);
const nasty = (name: string): string => `${name} ${TRAPS} ${TURNED} ${SCHEMES}`;

/** At most so many letters of it, as some fields have room for few. */
const short = (text: string, max = 100): string => Array.from(text).slice(0, max).join('').trim();

interface HostileFact {
  type: string;
  id: string;
  [field: string]: unknown;
}

const LINES = {
  first: `First ${nasty('line')} stands here`,
  word: `Second ${'Donaudampfschifffahrt'.repeat(120)} stands here`,
  quoted: `Third “${nasty('said').repeat(12).slice(0, 5_000)}” said somebody`,
  number: `Fourth there are 12<b>"%"</b> of them`,
};
type Line = keyof typeof LINES;

/** The fact with all its fields carried by a line. */
function carried(line: Line, { type, id, ...fields }: HostileFact): object {
  const supports = Object.keys(fields).filter((name) => name !== 'datePrecision');
  return {
    type,
    id,
    ...fields,
    evidence: [{ quote: LINES[line], supports }],
    inferences: [{ fields: [supports[0]], kind: 'background', note: nasty('note') }],
  };
}

/** Facts of every type, with traps wherever a text may stand. */
const everyType = (): object[] => [
  carried('first', {
    type: 'country',
    id: 'latvia',
    name: nasty('Latvia'),
    aliases: [endless('L'), nasty('alias')],
    alpha2: 'LV',
    alpha3: 'LVA',
  }),
  carried('first', {
    type: 'organization',
    id: 'council',
    name: `${nasty('Council')} ${endless('C')}`,
    abbreviation: nasty('CC'),
    aliases: [SCHEMES],
    kind: 'group',
    country: 'country/latvia',
  }),
  carried('word', {
    type: 'person',
    id: 'endless',
    name: endless('E'),
    aliases: [TURNED.trim(), endless('A')],
    posts: [{ title: nasty('chair'), of: 'organization/council' }],
  }),
  carried('first', { type: 'person', id: 'scheme', name: 'javascript:window.hacked=8' }),
  carried('first', { type: 'person', id: 'withdrawn', name: `${TURNED} ${TRAPS}` }),
  carried('word', {
    type: 'event',
    id: 'summit',
    name: `${nasty('Summit')} ${endless('S')}`,
    kind: 'summit',
    status: 'scheduled',
    startDate: '2031-05-02',
    datePrecision: 'day',
    place: {
      name: nasty('Riga'),
      countryCode: 'LV',
      latitude: 56.95,
      longitude: 24.11,
      precision: 'city',
    },
    organizer: 'organization/council',
    participants: [
      { actor: 'person/endless', role: nasty('host'), attendance: 'in-person' },
      { actor: 'country/latvia', role: endless('R'), attendance: 'video-link' },
    ],
    agenda: [nasty('agenda'), endless('G'), SCHEMES],
  }),
  carried('first', {
    type: 'membership',
    id: 'chair',
    member: 'person/endless',
    organization: 'organization/council',
    role: nasty('role'),
  }),
  carried('word', {
    type: 'proposal',
    id: 'proposal',
    title: `${nasty('Proposal')} ${endless('P')}`,
    purpose: nasty('purpose'),
    status: 'sought',
    proposedBy: ['organization/council', 'person/endless'],
    addressedTo: ['country/latvia'],
    beneficiary: 'person/endless',
    decisionExpectedAt: 'event/summit',
    instruments: [{ name: nasty('instrument'), relation: 'basis' }],
  }),
  carried('first', {
    type: 'stance',
    id: 'stance',
    actor: 'person/endless',
    andOthers: true,
    subject: 'proposal/proposal',
    position: 'opposes',
    purpose: nasty('purpose'),
    recurrence: 'repeated',
  }),
  carried('first', {
    type: 'sanctions-round',
    id: 'round',
    ordinal: 999_999,
    imposedBy: 'organization/council',
    target: 'country/latvia',
    status: 'announced',
    announcedOn: '2031-05-01',
  }),
  carried('first', {
    type: 'battle-group-deployment',
    id: 'deployment',
    hostCountry: 'country/latvia',
    alliance: 'organization/council',
    status: 'announced',
    announcedOn: '2031-05-01',
    announcedBy: 'person/endless',
    inResponseTo: 'event/summit',
    location: { latitude: 56.95, longitude: 24.11, precision: 'site' },
  }),
  carried('number', {
    type: 'figure',
    id: 'figure',
    subject: 'organization/council',
    measure: nasty('measure'),
    value: 9_007_199_254_740_991,
    unit: short(TRAPS),
    qualifier: 'approximately',
    statedAs: '12<b>"%"</b>',
  }),
  {
    type: 'statement',
    id: 'statement',
    speakers: ['person/endless', 'organization/council'],
    mode: 'direct',
    topics: [short(TRAPS), short(SCHEMES), 'T'.repeat(100)],
    about: ['person/endless', 'proposal/proposal'],
    addressees: ['country/latvia'],
    event: 'event/summit',
    parts: [
      {
        quote: LINES.quoted.slice(LINES.quoted.indexOf('“') + 1, LINES.quoted.indexOf('”')),
        role: 'content',
        quoted: true,
        supports: ['speakers', 'topics', 'about', 'addressees', 'event'],
      },
      { quote: 'said', suffix: ' somebody', role: 'cue' },
      { quote: 'somebody', role: 'source' },
    ],
  },
];

/** Imports of which every text is hostile: facts of every type, then a correction, a development and a withdrawal, each with its reason. */
export function hostileHistory(): DossierFiles[] {
  const rights = { holder: nasty('holder'), statement: nasty('statement'), display: 'full' };
  const document = {
    title: `${nasty('Title')} ${endless('D')}`,
    publisher: nasty('publisher'),
    url: 'https://news.example/?x=javascript:alert(1)&y=%3Cscript%3E',
    rights,
  };
  const uncovered = [{ quote: 'Nobody is meant', reason: nasty('uncovered') }];
  const source = `${Object.values(LINES).join('.\n')}.\nNobody is meant.\n`;
  const facts = everyType();
  const left = facts.filter((fact) => (fact as HostileFact).id !== 'withdrawn');
  return [
    dossierOf({ id: 'traps', source, document, facts, uncovered }),
    dossierOf({
      id: 'traps-later',
      source: `${LINES.first}.`,
      document: { ...document, publishedOn: '2031-05-03' },
      corrects: [
        {
          fact: 'person/scheme',
          fields: { name: `data:text/html,${TRAPS}` },
          evidence: [{ quote: LINES.first, supports: ['name'] }],
          reason: `${nasty('reason')} ${endless('Y')}`,
        },
      ],
      develops: [
        {
          fact: 'sanctions-round/round',
          fields: { status: 'adopted', adoptedOn: '2031-05-03' },
          evidence: [{ quote: LINES.first, supports: ['status', 'adoptedOn'] }],
        },
      ],
    }),
    dossierOf({
      id: 'traps',
      source,
      document,
      facts: left,
      uncovered,
      retractions: [{ fact: 'person/withdrawn', reason: nasty('withdrawn') }],
    }),
  ];
}

/** What an editor may write about an import. */
export const HOSTILE_NOTE = nasty('note');
