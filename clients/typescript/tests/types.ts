/** What must compile, and what must not: `npm run check:types` holds it. Nothing here is run. */
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
    // @ts-expect-error: it is one of the four
    const wrong: 'shouted' = item.mode;
    void [mode, wrong];
  }
  for await (const change of client.list('changes', { after: 3, cause: 'correction' })) void change.cause;
  for await (const { meta } of client.list('figures', { value: [4, 21], count: true }).pages()) {
    const total: number | undefined = meta.total;
    void total;
  }

  // @ts-expect-error: people do not speak here
  client.list('people', { speaker: 'jens-stoltenberg' });
  // @ts-expect-error: no mode of that name
  client.list('statements', { mode: 'shouted' });
  // @ts-expect-error: nor a list
  client.list('persons');
  // @ts-expect-error: walking is what list does
  client.list('people', { cursor: 'x' });
  // @ts-expect-error: without words nothing can be searched for
  client.list('search');
  // @ts-expect-error: facets are of some fields
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
  // @ts-expect-error: revisions are no facts
  await client.get('revisions', '1');
  highlight('', person.evidence)[0]?.evidence[0]?.document.sha256;
  const { data, error } = await client.GET('/v1/people/{id}', { params: { path: { id: 'x' } } });
  void [data?.name, error?.code];
  // @ts-expect-error: there is no such path
  await client.GET('/v1/persons');
}

export function problems(error: unknown): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  // Known codes are completed by editors; others may come.
  if (error.code === 'not-found' || error.code === 'some-later-code') return error.detail;
  return error.errors.map(({ parameter, detail }) => `${parameter}: ${detail}`).join();
}
