/** One report: a document, about a hundred facts drawn from it, and what it says about facts of the reports before. */
import type { DossierFiles } from '../../src/dossier/check.ts';
import { parseJson } from '../../src/dossier/json.ts';
import type { Parsed } from '../../src/dossier/yaml.ts';
import { addCountries, addMemberships, addOrganizations, addPeople } from './actors.ts';
import { amend } from './amendments.ts';
import { addDeployments, addProposals, addRounds, addStances } from './decisions.ts';
import { anybody, type Draft, dayAfter, reportId, someone } from './draft.ts';
import { addEvents } from './events.ts';
import { addFigures } from './figures.ts';
import { type Counts, countsBefore, countsIn, countsOfLarge } from './quota.ts';
import { randomOf } from './random.ts';
import { addStatements } from './statements.ts';
import { newText, type Quote } from './text.ts';

/** A dossier, ready to be checked. */
export interface MadeDossier {
  files: DossierFiles;
  /** What `files.facts` says: whoever made it need not read it again. */
  parsed: Parsed;
  /** What its import is about. */
  note: string;
}

export interface ReportOptions {
  seed: number;
  /** Which report it is, from 0; it may speak of those before it. */
  n: number;
  /** 2 for the report as it comes in again, with some facts worded otherwise. */
  edition?: number;
}

const FIRST_DAY = '2030-01-02';
const REPORTS_PER_DAY = 3;
const PUBLISHERS = [
  'The Alder Gazette',
  'Bram Daily',
  'Corv Wire',
  'Drav Observer',
  'Elm Post',
  'Falk Times',
  'Gorm Herald',
  'Harv Courier',
];

export const reportOf = ({ seed, n, edition = 1 }: ReportOptions): MadeDossier => {
  const note = edition > 1 ? 'Some facts are worded better' : `Report ${n}`;
  return dossierOf(draftOf({ seed, n, edition, counts: countsIn(n) }), note);
};

/** The report after the first `n`, with as many facts as are asked for. */
export function largeReport({ seed, n, facts }: { seed: number; n: number; facts: number }): MadeDossier {
  return dossierOf(draftOf({ seed, n, edition: 1, counts: countsOfLarge(facts) }), 'A large report');
}

function draftOf({
  seed,
  n,
  edition,
  counts,
}: {
  seed: number;
  n: number;
  edition: number;
  counts: Counts;
}): Draft {
  return {
    n,
    edition,
    publishedOn: dayAfter(FIRST_DAY, Math.floor(n / REPORTS_PER_DAY)),
    // The same for every edition: only what is worded otherwise differs.
    random: randomOf(seed, n),
    text: newText(),
    counts,
    before: countsBefore(n),
    facts: [],
  };
}

function dossierOf(draft: Draft, note: string): MadeDossier {
  const { n, text, random, publishedOn, facts } = draft;
  const title = `${anybody(draft).name} meets ${someone(draft, 'organization').name}`;
  const heading = text.line(title);
  for (const add of PARTS) add(draft);
  const amendments = amend(draft);
  touch(facts, heading, title);
  const source = text.finish();
  const value = {
    document: {
      id: reportId(n),
      title,
      language: 'en',
      ...(n % 3 > 0 && { publisher: PUBLISHERS[random.rank(PUBLISHERS.length)] }),
      publishedOn,
      rights: {
        statement: 'Invented, as is all that it says',
        display: random.oneIn(50) ? 'excerpts' : 'full',
      },
      inferences: [
        {
          fields: ['publishedOn'],
          kind: 'derived',
          note: 'The text names days of the week; the date follows from its place in the archive',
        },
      ],
    },
    facts,
    ...amendments,
  };
  const files = { id: reportId(n), source, facts: `${JSON.stringify(value)}\n` };
  return { files, parsed: parsedOf(value, files.facts), note };
}

const PARTS = [
  addCountries,
  addOrganizations,
  addPeople,
  addEvents,
  addMemberships,
  addStatements,
  addProposals,
  addRounds,
  addStances,
  addDeployments,
  addFigures,
];

/** The heading carries an event, as every line must carry something. */
function touch(facts: Draft['facts'], heading: Quote, words: string): void {
  const event = facts.find(({ type }) => type === 'event');
  (event?.['evidence'] as unknown[]).push(heading(words, { supports: ['name'] }));
}

/** JSON is YAML: places are looked for only where something is to be told of them. */
const parsedOf = (value: unknown, facts: string): Parsed => ({
  value,
  errors: [],
  positionOf: (path) => parseJson(facts).positionOf(path),
  without: () => null,
});
