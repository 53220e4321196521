/** Command that CI runs, on copies of `base.yaml` with one change each. Needs Go. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { onTestFileEnd } from '../support/cleanup.ts';
import { startProcess } from '../support/process.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests change any part of a document
type Document = any;

const BASE = 'tests/contract/base.yaml';
const folder = mkdtempSync(join(tmpdir(), 'summit-facts-contract-'));
onTestFileEnd(() => rmSync(folder, { recursive: true }));

function writeTemporaryFile(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function runCheck(paths: string[], environment = {}) {
  const { code, stdout, stderr } = await startProcess(['tests/contract/check.ts', ...paths], environment)
    .result;
  return { code, lines: stdout.trimEnd().split('\n'), stderr };
}

/** Checks the changed document. Returns the exit code and the findings. */
async function checkChange(change: (document: Document) => void, changelog = '') {
  const document = parse(readFileSync(BASE, 'utf8'));
  change(document);
  const { code, lines } = await runCheck([
    BASE,
    writeTemporaryFile('openapi.yaml', stringify(document)),
    writeTemporaryFile('CHANGELOG.md', `# Changelog\n\n## Unreleased\n\n${changelog}\n`),
  ]);
  return { code, findings: lines.flatMap((line) => (line.startsWith('  ') ? [line.trim()] : [])) };
}

const listMeetings = ({ paths }: Document) => paths['/v1/meetings'].get;
const meetingSchema = ({ components }: Document) => components.schemas.Meeting;
const draftSchema = ({ components }: Document) => components.schemas.MeetingDraft;

// The first run builds oasdiff.
beforeAll(() => checkChange(() => {}), 600_000);

describe('breaking changes', () => {
  it.each<[name: string, change: (document: Document) => void, finding: RegExp]>([
    [
      'an operation is removed',
      ({ paths }) => {
        delete paths['/v1/meetings.csv'];
      },
      /^GET \/v1\/meetings\.csv: .* removed/,
    ],
    [
      'an operation has another id',
      (document) => {
        listMeetings(document).operationId = 'listAllMeetings';
      },
      /`listMeetings`/,
    ],
    [
      'an operation requires a key',
      (document) => {
        listMeetings(document).security = [{ key: [] }];
      },
      /anonymous access/,
    ],
    [
      'a path parameter has another name',
      ({ paths }) => {
        const item = paths['/v1/meetings/{id}'];
        item.put.parameters[0].name = 'key';
        paths['/v1/meetings/{key}'] = item;
        delete paths['/v1/meetings/{id}'];
      },
      /^PUT \/v1\/meetings\/\{id\}: .* removed/,
    ],
    [
      'a required parameter is added',
      (document) => {
        const year = { name: 'year', in: 'query', required: true, schema: { type: 'string' } };
        listMeetings(document).parameters.push(year);
      },
      /required `query` request parameter `year`/,
    ],
    [
      'a parameter is removed',
      (document) => {
        listMeetings(document).parameters.pop();
      },
      /parameter `status`/,
    ],
    [
      'a parameter accepts fewer values',
      (document) => {
        listMeetings(document).parameters[1].schema.enum.pop();
      },
      /`cancelled`.* `status`/,
    ],
    [
      'a limit is lower',
      (document) => {
        listMeetings(document).parameters[0].schema.maximum = 100;
      },
      /`limit`.* decreased/,
    ],
    [
      'a default changes',
      (document) => {
        listMeetings(document).parameters[0].schema.default = 20;
      },
      /`limit`.* default value/,
    ],
    [
      'a field of a body is removed',
      (document) => {
        delete draftSchema(document).properties.kind;
      },
      /property `kind`/,
    ],
    [
      'a field of a body becomes required',
      (document) => {
        draftSchema(document).required.push('kind');
      },
      /`kind` became required/,
    ],
    [
      'an optional field of a response is removed',
      (document) => {
        delete meetingSchema(document).properties.retracted;
      },
      /optional property `items\/retracted`/,
    ],
    [
      'a field of a response has another type',
      (document) => {
        meetingSchema(document).properties.id.type = 'integer';
      },
      /`items\/id`.* `string` to `integer`/,
    ],
    [
      'a closed list of a response grows',
      (document) => {
        meetingSchema(document).properties.status.enum.push('postponed');
      },
      /new `postponed` enum value/,
    ],
    [
      'a closed list of a response shrinks',
      (document) => {
        meetingSchema(document).properties.status.enum.pop();
      },
      /`cancelled` enum value/,
    ],
    [
      'a pattern of a response changes, which oasdiff only warns of',
      (document) => {
        meetingSchema(document).properties.heldOn.pattern = '^.+$';
      },
      /pattern/,
    ],
    [
      'a documented status is removed',
      (document) => {
        delete listMeetings(document).responses[400];
      },
      /status `400`/,
    ],
    [
      'a response has another media type',
      ({ paths }) => {
        paths['/v1/meetings.csv'].get.responses[200].content['text/plain'] = {};
      },
      /media type `text\/plain`/,
    ],
    [
      'a header is removed',
      (document) => {
        delete listMeetings(document).responses[200].headers.ETag;
      },
      /header `etag`/,
    ],
  ])('%s', async (_name, change, finding) => {
    const { code, findings } = await checkChange(change, 'Names in the changelog permit no break: `status`.');
    expect(findings).toContainEqual(expect.stringMatching(finding));
    expect(code).toBe(1);
  });
});

describe('compatible changes', () => {
  it.each<[name: string, change: (document: Document) => void]>([
    ['nothing changes', () => {}],
    [
      'texts change',
      (document) => {
        document.info.version = '0.2.0';
        listMeetings(document).summary = 'Meetings';
        meetingSchema(document).properties.status.description = 'Other words.';
      },
    ],
    [
      'requests may contain more',
      (document) => {
        listMeetings(document).parameters[0].schema.maximum = 500;
        listMeetings(document).parameters[1].schema.enum.push('postponed');
        draftSchema(document).required = [];
      },
    ],
    [
      'an error status is added',
      (document) => {
        listMeetings(document).responses[503] = { description: 'Unavailable.' };
      },
    ],
  ])('%s', async (_name, change) => {
    expect(await checkChange(change)).toEqual({ code: 0, findings: [] });
  });
});

describe('additions', () => {
  const addOperation = ({ paths }: Document): void => {
    paths['/v1/meetings.ics'] = { get: { operationId: 'listMeetingsIcs', responses: {} } };
  };
  const addField = (document: Document): void => {
    meetingSchema(document).properties.country = { type: 'string' };
  };
  const additions: [finding: string, change: (document: Document) => void, ...names: string[]][] = [
    [
      'GET /v1/meetings.ics: operation `listMeetingsIcs`',
      addOperation,
      'listMeetingsIcs',
      '/v1/meetings.ics',
      'GET /v1/meetings.ics',
      '/v1/{collection}.ics',
    ],
    [
      'GET /v1/meetings: parameter `from`',
      (document) => {
        listMeetings(document).parameters.push({ name: 'from', in: 'query', schema: { type: 'string' } });
      },
      'from',
      'GET /v1/meetings?from=2031-05-02',
    ],
    ['GET /v1/meetings, and 1 more: field `country`', addField, 'meeting.country'],
    [
      'PUT /v1/meetings/{id}: field `year`',
      (document) => {
        draftSchema(document).properties.year = { type: 'integer' };
      },
      'year',
    ],
    [
      'GET /v1/meetings: header `vary`',
      (document) => {
        listMeetings(document).responses[200].headers.Vary = { schema: { type: 'string' } };
      },
      'Vary: Accept',
    ],
    [
      'GET /v1/meetings.csv: request body `request body`',
      ({ paths }) => {
        paths['/v1/meetings.csv'].get.requestBody = { content: { 'text/plain': {} } };
      },
      'request body',
    ],
  ];

  it.each(additions)('%s must be named', async (finding, change, ...names) => {
    expect(await checkChange(change, 'Nothing')).toEqual({ code: 1, findings: [finding] });
    for (const name of names)
      expect(await checkChange(change, `- New: \`${name}\`.`), name).toEqual({ code: 0, findings: [] });
  });

  it.each([
    ['another operation', addOperation, '`/v1/meetings`, `PUT /v1/meetings.ics`, `.ics`, `/v1/{collection}`'],
    ['a name without backticks', addOperation, '/v1/meetings.ics'],
    ['an earlier release', addOperation, '\n\n## 0.1.0\n\n- `/v1/meetings.ics`'],
    ['a part of a word', addField, '`country-code`, `home-country`'],
    ['a path', addField, '`GET /country`'],
  ])('%s documents nothing', async (_name, change, changelog) => {
    expect(await checkChange(change, changelog)).toMatchObject({ code: 1, findings: [expect.any(String)] });
  });
});

describe('output', () => {
  it('gives the place and the way out for a break, and the place for an addition', async () => {
    const document = parse(readFileSync(BASE, 'utf8'));
    delete document.paths['/v1/meetings.csv'];
    meetingSchema(document).properties.country = { type: 'string' };
    const present = writeTemporaryFile('openapi.yaml', stringify(document));
    const changelog = writeTemporaryFile('CHANGELOG.md', '## Unreleased\n');
    expect(await runCheck([BASE, present, changelog])).toMatchObject({
      code: 1,
      lines: [
        `${present} breaks the contract of ${BASE} (1):`,
        '  GET /v1/meetings.csv: API path removed without deprecation',
        expect.stringMatching(/^Undo these changes\. .* CONTRIBUTING\.md/),
        `${changelog} must name these additions under Unreleased, in backticks (1):`,
        '  GET /v1/meetings, and 1 more: field `country`',
      ],
    });
  });

  it('says which file cannot be read', async () => {
    const { code, stderr } = await runCheck([BASE, join(folder, 'none.yaml')]);
    expect(code).toBe(2);
    expect(stderr).toContain(join(folder, 'none.yaml'));
  });

  it('says how to install Go if it is missing', async () => {
    const { code, stderr } = await runCheck([BASE, BASE], { PATH: folder });
    expect(code).toBe(2);
    expect(stderr).toMatch(/no `go` in PATH. Install Go/);
  });
});
