/** Dossiers whose texts try to break out of HTML, CSV, BibTeX and other formats. */
import type { DossierFiles } from '../../src/dossier/validate.ts';
import { buildDossier } from './dossier-builder.ts';

export const XSS_QUOTE = `</p></blockquote><script>alert("1")</script>&amp;<img src=x onerror='alert(2)'> ]]> \u202egnp.exe \u0007\u000b\ufffe javascript:alert(3)`;
export const XSS_NAME = `O'Neill & "Sons" <b onmouseover=alert(4)>\u202e 100% {x} $5 #1 a_b ~ ^ \\end`;
export const XSS_TITLE = `<script>alert(5)</script> "Straße" & Ābele\u2067, зелен 🗳️ {a}`;

export const buildXssDossier = (): DossierFiles =>
  buildDossier({
    id: 'hostile',
    source: `${XSS_NAME} said: ${XSS_QUOTE} today.`,
    document: {
      title: XSS_TITLE,
      publisher: 'Ādaži & Co_50% {Zeitung}',
      url: 'https://news.example/a_b?x=1&y=%20#z~t',
    },
    facts: [
      {
        type: 'person',
        id: 'oneill',
        name: XSS_NAME,
        evidence: [{ quote: XSS_NAME, supports: ['name'] }],
      },
      {
        type: 'statement',
        id: 'hostile-words',
        speakers: ['person/oneill'],
        mode: 'indirect',
        topics: ['<i>"topic" & more'],
        parts: [
          { quote: XSS_NAME, role: 'source' },
          { quote: 'said', role: 'cue' },
          { quote: XSS_QUOTE, role: 'content', supports: ['topics'] },
        ],
        inferences: [{ fields: ['speakers'], kind: 'identified', note: '<script>alert(6)</script>' }],
      },
    ],
  });

/** Markup that sets `window.hacked` if a page runs it. */
const XSS_PAYLOAD = `"><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2"><svg onload='window.hacked = 3'><a href="javascript:window.hacked=4" style="position:fixed">x</a><iframe srcdoc="<script>top.hacked = 5</script>"></iframe>{{7*7}}\${hacked} &lt;&#60;&quot;`;
/** Unterminated bidirectional control characters and right-to-left text. */
const BIDI_TEXT = '\u202eexe.gnp \u2067 سلام عليكم \u200f\u2066 עברית \u202d';
const SCRIPT_URLS = 'javascript:window.hacked=6 data:text/html,<script>window.hacked=7</script> vbscript:x';
/** Returns 10,000 letters without a place to break the line. */
const repeatLetter = (letter: string): string => letter.repeat(10_000);
const appendPayloads = (name: string): string => `${name} ${XSS_PAYLOAD} ${BIDI_TEXT} ${SCRIPT_URLS}`;

/** Truncates to `max` code points, for fields with a length limit. */
const truncate = (text: string, max = 100): string => Array.from(text).slice(0, max).join('').trim();

interface FactInput {
  type: string;
  id: string;
  [field: string]: unknown;
}

const SOURCE_LINES = {
  first: `First ${appendPayloads('line')} stands here`,
  word: `Second ${'Donaudampfschifffahrt'.repeat(120)} stands here`,
  quoted: `Third “${appendPayloads('said').repeat(12).slice(0, 5_000)}” said somebody`,
  number: `Fourth there are 12<b>"%"</b> of them`,
};
type LineName = keyof typeof SOURCE_LINES;

/** Adds a source line as evidence for all fields of the fact. */
function addEvidence(line: LineName, { type, id, ...fields }: FactInput): object {
  const supports = Object.keys(fields).filter((name) => name !== 'datePrecision');
  return {
    type,
    id,
    ...fields,
    evidence: [{ quote: SOURCE_LINES[line], supports }],
    inferences: [{ fields: [supports[0]], kind: 'background', note: appendPayloads('note') }],
  };
}

/** Builds facts of every type, with payloads in all text fields. */
const buildFactsOfEveryType = (): object[] => [
  addEvidence('first', {
    type: 'country',
    id: 'latvia',
    name: appendPayloads('Latvia'),
    aliases: [repeatLetter('L'), appendPayloads('alias')],
    alpha2: 'LV',
    alpha3: 'LVA',
  }),
  addEvidence('first', {
    type: 'organization',
    id: 'council',
    name: `${appendPayloads('Council')} ${repeatLetter('C')}`,
    abbreviation: appendPayloads('CC'),
    aliases: [SCRIPT_URLS],
    kind: 'group',
    country: 'country/latvia',
  }),
  addEvidence('word', {
    type: 'person',
    id: 'endless',
    name: repeatLetter('E'),
    aliases: [BIDI_TEXT.trim(), repeatLetter('A')],
    posts: [{ title: appendPayloads('chair'), of: 'organization/council' }],
  }),
  addEvidence('first', { type: 'person', id: 'scheme', name: 'javascript:window.hacked=8' }),
  addEvidence('first', { type: 'person', id: 'withdrawn', name: `${BIDI_TEXT} ${XSS_PAYLOAD}` }),
  addEvidence('word', {
    type: 'event',
    id: 'summit',
    name: `${appendPayloads('Summit')} ${repeatLetter('S')}`,
    kind: 'summit',
    status: 'scheduled',
    startDate: '2031-05-02',
    datePrecision: 'day',
    place: {
      name: appendPayloads('Riga'),
      countryCode: 'LV',
      latitude: 56.95,
      longitude: 24.11,
      precision: 'city',
    },
    organizer: 'organization/council',
    participants: [
      { actor: 'person/endless', role: appendPayloads('host'), attendance: 'in-person' },
      { actor: 'country/latvia', role: repeatLetter('R'), attendance: 'video-link' },
    ],
    agenda: [appendPayloads('agenda'), repeatLetter('G'), SCRIPT_URLS],
  }),
  addEvidence('first', {
    type: 'membership',
    id: 'chair',
    member: 'person/endless',
    organization: 'organization/council',
    role: appendPayloads('role'),
  }),
  addEvidence('word', {
    type: 'proposal',
    id: 'proposal',
    title: `${appendPayloads('Proposal')} ${repeatLetter('P')}`,
    purpose: appendPayloads('purpose'),
    status: 'sought',
    proposedBy: ['organization/council', 'person/endless'],
    addressedTo: ['country/latvia'],
    beneficiary: 'person/endless',
    decisionExpectedAt: 'event/summit',
    instruments: [{ name: appendPayloads('instrument'), relation: 'basis' }],
  }),
  addEvidence('first', {
    type: 'stance',
    id: 'stance',
    actor: 'person/endless',
    andOthers: true,
    subject: 'proposal/proposal',
    position: 'opposes',
    purpose: appendPayloads('purpose'),
    recurrence: 'repeated',
  }),
  addEvidence('first', {
    type: 'sanctions-round',
    id: 'round',
    ordinal: 999_999,
    imposedBy: 'organization/council',
    target: 'country/latvia',
    status: 'announced',
    announcedOn: '2031-05-01',
  }),
  addEvidence('first', {
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
  addEvidence('number', {
    type: 'figure',
    id: 'figure',
    subject: 'organization/council',
    measure: appendPayloads('measure'),
    value: 9_007_199_254_740_991,
    unit: truncate(XSS_PAYLOAD),
    qualifier: 'approximately',
    statedAs: '12<b>"%"</b>',
  }),
  {
    type: 'statement',
    id: 'statement',
    speakers: ['person/endless', 'organization/council'],
    mode: 'direct',
    topics: [truncate(XSS_PAYLOAD), truncate(SCRIPT_URLS), 'T'.repeat(100)],
    about: ['person/endless', 'proposal/proposal'],
    addressees: ['country/latvia'],
    event: 'event/summit',
    parts: [
      {
        quote: SOURCE_LINES.quoted.slice(
          SOURCE_LINES.quoted.indexOf('“') + 1,
          SOURCE_LINES.quoted.indexOf('”'),
        ),
        role: 'content',
        quoted: true,
        supports: ['speakers', 'topics', 'about', 'addressees', 'event'],
      },
      { quote: 'said', suffix: ' somebody', role: 'cue' },
      { quote: 'somebody', role: 'source' },
    ],
  },
];

/** Builds imports of hostile texts: facts of every type, a correction, a development and a retraction. */
export function buildXssHistory(): DossierFiles[] {
  const rights = {
    holder: appendPayloads('holder'),
    statement: appendPayloads('statement'),
    display: 'full',
  };
  const document = {
    title: `${appendPayloads('Title')} ${repeatLetter('D')}`,
    publisher: appendPayloads('publisher'),
    url: 'https://news.example/?x=javascript:alert(1)&y=%3Cscript%3E',
    rights,
  };
  const uncovered = [{ quote: 'Nobody is meant', reason: appendPayloads('uncovered') }];
  const source = `${Object.values(SOURCE_LINES).join('.\n')}.\nNobody is meant.\n`;
  const facts = buildFactsOfEveryType();
  const remainingFacts = facts.filter((fact) => (fact as FactInput).id !== 'withdrawn');
  return [
    buildDossier({ id: 'traps', source, document, facts, uncovered }),
    buildDossier({
      id: 'traps-later',
      source: `${SOURCE_LINES.first}.`,
      document: { ...document, publishedOn: '2031-05-03' },
      corrects: [
        {
          fact: 'person/scheme',
          fields: { name: `data:text/html,${XSS_PAYLOAD}` },
          evidence: [{ quote: SOURCE_LINES.first, supports: ['name'] }],
          reason: `${appendPayloads('reason')} ${repeatLetter('Y')}`,
        },
      ],
      develops: [
        {
          fact: 'sanctions-round/round',
          fields: { status: 'adopted', adoptedOn: '2031-05-03' },
          evidence: [{ quote: SOURCE_LINES.first, supports: ['status', 'adoptedOn'] }],
        },
      ],
    }),
    buildDossier({
      id: 'traps',
      source,
      document,
      facts: remainingFacts,
      uncovered,
      retractions: [{ fact: 'person/withdrawn', reason: appendPayloads('withdrawn') }],
    }),
  ];
}

/** Hostile note for an import. */
export const XSS_NOTE = appendPayloads('note');
