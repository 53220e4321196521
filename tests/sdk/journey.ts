/** Results that every client must obtain from a new server, in any language. */
export interface Journey {
  /** Ids of all statements by Jens Stoltenberg, read in pages of two, and the number of pages. */
  statements: string[];
  pages: number;
  /** Battle group in Bulgaria; `evidence` is the first quotation. */
  deployment: { hostCountry: string; announcedOn: string; announcedBy: string; evidence: string };
  /** First three results of a search for "battle group", as `type/id`. */
  search: string[];
  /** Response to a list request with a limit above the maximum. */
  badRequest: { status: number; code: string; parameter: string };
  /** Response to a request for an unknown person. */
  notFound: { status: number; code: string };
  /** Status of a conditional request for an unchanged fact. */
  notModified: number;
  /** Response to the import of the example dossier of the OpenAPI document; `added` counts the facts. */
  put: { status: number; action: string; revision: number; added: number };
  /** Number of events at revision 1, and now. */
  past: { before: number; now: number };
}

/** Expected results for the dossier in `db/dossiers`, which a new server imports. */
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

/** Compares the output of a client with the expected results. Returns a line for each difference. */
export function journeyDifferences(printed: string, expected: Journey = EXPECTED): string[] {
  let got: unknown;
  try {
    got = JSON.parse(printed);
  } catch {
    return [`standard output is not one JSON object: ${JSON.stringify(printed.slice(0, 500))}`];
  }
  return differences('', expected, got);
}

/** Compares all keys of both objects, in any order, and lists entry by entry. */
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
