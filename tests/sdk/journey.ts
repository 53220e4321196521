/** What every client must find on its way through a fresh server, whatever its language. */
export interface Journey {
  /** Ids of all statements by Jens Stoltenberg, two a page, and how many pages that took. */
  statements: string[];
  pages: number;
  /** The battle group in Bulgaria; `evidence` is the first quotation. */
  deployment: { hostCountry: string; announcedOn: string; announcedBy: string; evidence: string };
  /** The first three hits for "battle group", as `type/id`. */
  search: string[];
  /** A list asked for with a limit that is too high. */
  badRequest: { status: number; code: string; parameter: string };
  /** A person that nobody knows. */
  notFound: { status: number; code: string };
  /** The status of an answer that has not changed since its ETag. */
  notModified: number;
  /** The example dossier of the document, put where there is none; `added` counts the facts. */
  put: { status: number; action: string; revision: number; added: number };
  /** How many events there are at revision 1, and now. */
  past: { before: number; now: number };
}

/** On the dossier in `db/dossiers`, which a fresh server imports. */
export const EXPECTED: Journey = {
  statements: [
    'stoltenberg-battle-groups',
    'stoltenberg-risk-of-contamination',
    'stoltenberg-use-of-chemical-weapons',
  ],
  pages: 2,
  deployment: {
    hostCountry: 'Bulgaria',
    announcedOn: '2022-03-23',
    announcedBy: 'Jens Stoltenberg',
    evidence: 'A day before the meeting',
  },
  search: [
    'battle-group-deployment/nato-bulgaria',
    'battle-group-deployment/nato-hungary',
    'battle-group-deployment/nato-romania',
  ],
  badRequest: { status: 400, code: 'invalid-parameter', parameter: 'limit' },
  notFound: { status: 404, code: 'not-found' },
  notModified: 304,
  put: { status: 201, action: 'created', revision: 2, added: 2 },
  past: { before: 9, now: 10 },
};

/** What a client printed, held against what it should have found: one line for each difference. */
export function journeyDifferences(printed: string, expected: Journey = EXPECTED): string[] {
  let got: unknown;
  try {
    got = JSON.parse(printed);
  } catch {
    return [`standard output is not one JSON object: ${JSON.stringify(printed.slice(0, 500))}`];
  }
  return differences('', expected, got);
}

/** Every key of either counts, in any order; lists are compared entry by entry. */
function differences(path: string, expected: unknown, got: unknown): string[] {
  if (!isObject(expected) || !isObject(got) || Array.isArray(expected) !== Array.isArray(got)) {
    return Object.is(expected, got)
      ? []
      : [`${path || 'journey'}: expected ${shown(expected)}, got ${shown(got)}`];
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(got)]);
  return [...keys].flatMap((key) => differences(path ? `${path}.${key}` : key, expected[key], got[key]));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
