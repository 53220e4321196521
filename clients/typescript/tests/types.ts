/** Code that must compile, and code that must not. `npm run check:types` checks both; nothing here runs. */
import {
  type Client,
  createClient,
  type FactOf,
  highlight,
  type ItemOf,
  type Person,
  ProblemError,
  type Statement,
} from '../dist/index.js';

const client: Client = createClient({ baseUrl: 'https://facts.example.org' });

export async function lists(): Promise<void> {
  for await (const statement of client.list('statements', {
    speaker: 'jens-stoltenberg',
    mode: ['direct'],
  })) {
    const same: Statement = statement;
    const item: ItemOf<'statements'> = same;
    const mode: 'direct' | 'mixed' | 'indirect' | 'narrative' = item.mode;
    // @ts-expect-error: not one of the four modes
    const wrong: 'shouted' = item.mode;
    void [mode, wrong];
  }
  for await (const change of client.list('changes', { after: 3, cause: 'correction' })) void change.cause;
  for await (const { meta } of client.list('figures', { value: [4, 21], count: true }).pages()) {
    const total: number | undefined = meta.total;
    void total;
  }

  // @ts-expect-error: people have no filter by speaker
  client.list('people', { speaker: 'jens-stoltenberg' });
  // @ts-expect-error: not a mode
  client.list('statements', { mode: 'shouted' });
  // @ts-expect-error: not a list
  client.list('persons');
  // @ts-expect-error: the client handles pagination
  client.list('people', { cursor: 'x' });
  // @ts-expect-error: search requires words
  client.list('search');
  // @ts-expect-error: facets requires fields
  client.facets('statements');
}

export async function facts(): Promise<void> {
  const person = await client.get(
    'people',
    'jens-stoltenberg',
    { asOf: new Date() },
    { signal: AbortSignal.abort() },
  );
  const same: Person = person;
  const alike: FactOf<'people'> = same;
  void alike.posts[0]?.title;
  // @ts-expect-error: a person has no mode
  void person.mode;
  // @ts-expect-error: revisions are not facts
  await client.get('revisions', '1');
  highlight('', person.evidence)[0]?.evidence[0]?.document.sha256;
  const { data, error } = await client.GET('/v1/people/{id}', { params: { path: { id: 'x' } } });
  void [data?.name, error?.code];
  // @ts-expect-error: not a path of the API
  await client.GET('/v1/persons');
}

export function problems(error: unknown): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  // Editors complete the known codes, and other codes compile too.
  if (error.code === 'not-found' || error.code === 'some-later-code') return error.detail;
  return error.errors.map(({ parameter, detail }) => `${parameter}: ${detail}`).join();
}
