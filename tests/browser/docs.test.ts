/** Page at `/docs` in a browser. */
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { examples } from '../../src/web/docs/examples.ts';
import { createStoreUrl } from '../support/app.ts';
import { findAxeViolations, visit } from '../support/browser.ts';
import { runCli, startServerProcess } from '../support/process.ts';

interface OpenApi {
  'x-tagGroups': { name: string; tags: string[] }[];
  paths: Record<string, Record<string, { tags: string[] }>>;
}

// biome-ignore lint/suspicious/noExplicitAny: responses of any operation
type Json = any;

const DATABASE_URL = createStoreUrl();
let url: string;
let document: OpenApi;
const fetchJson = async (path: string): Promise<Json> => (await fetch(url + path)).json();

beforeAll(async () => {
  ({ url } = await startServerProcess({ DATABASE_URL, RATE_LIMIT_PER_MINUTE: '0' }));
  document = await fetchJson('/openapi.json');
});

/** Opens the page and waits until the operations are rendered. */
async function openDocs(path = '/docs', options: Parameters<typeof visit>[1] = {}) {
  const visitedPage = await visit(url + path, options);
  await visitedPage.page.locator('.tag').first().waitFor();
  return visitedPage;
}

const findQuestion = (page: Page, question: string): Locator =>
  page.locator('.question').filter({ has: page.getByText(question, { exact: true }) });

const listOperations = (group: Locator) =>
  group.locator('.opblock-summary-control').evaluateAll((controls) =>
    controls.map((control) => {
      const text = (selector: string) => control.querySelector(selector)?.textContent ?? '';
      // Swagger UI inserts zero-width spaces at which long paths may wrap.
      return `${text('.opblock-summary-method')} ${text('.opblock-summary-path').replaceAll('\u200b', '')}`;
    }),
  );

const listDocumentedOperations = (tag: string): string[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags[0] === tag)
      .map(([method]) => `${method.toUpperCase()} ${path}`),
  );

/** Executes the open operation and returns its request and response. */
async function executeOperation(page: Page): Promise<{ asked: URL; status: string; body: Json }> {
  const operation = page.locator('.opblock.is-open');
  await operation.getByRole('button', { name: 'Execute' }).click();
  const live = operation.locator('.live-responses-table');
  await live.waitFor();
  return {
    asked: new URL(await operation.locator('.request-url pre').innerText()),
    status: (await live.locator('tbody .response-col_status').first().innerText()).trim(),
    body: JSON.parse(await live.locator('.highlight-code pre').first().innerText()),
  };
}

describe('the page at /docs', () => {
  it('shows the groups in order, with every operation', async () => {
    const { page, issues } = await openDocs();
    const groups = document['x-tagGroups'];
    expect(await page.locator('.group > h2').allInnerTexts()).toEqual(groups.map(({ name }) => name));
    for (const [at, { tags }] of groups.entries()) {
      const group = page.locator('.group').nth(at);
      expect(await group.getByRole('heading', { level: 3 }).allInnerTexts()).toEqual(tags);
      for (const tag of tags) {
        await group.getByRole('button', { name: tag, exact: true }).click();
        const tagGroup = group.locator('.tag').nth(tags.indexOf(tag));
        expect((await listOperations(tagGroup)).sort()).toEqual(listDocumentedOperations(tag).sort());
        // Exports are listed separately, unless a tag has nothing else.
        const aside = await listOperations(tagGroup.locator('.exports'));
        const formats = listDocumentedOperations(tag).filter((each) => /\.[a-z.]+$/.test(each));
        expect(aside.sort()).toEqual(
          formats.length === listDocumentedOperations(tag).length ? [] : formats.sort(),
        );
        await group.getByRole('button', { name: tag, exact: true }).click();
      }
    }
    expect(issues).toEqual([]);
  });

  it('shows the response to every question in place', async () => {
    const { page, issues } = await openDocs();
    for (const { question, url: path } of examples) {
      const item = findQuestion(page, question);
      await item.locator('summary').click();
      const shownJson = await item.locator('pre').innerText();
      const body = await fetchJson(path);
      expect([question, JSON.parse(shownJson)]).toEqual([question, body]);
      const exact = [...JSON.stringify(body).matchAll(/"exact":("(?:[^"\\]|\\.)*")/g)];
      expect(await item.locator('pre mark').allInnerTexts()).toEqual(exact.map(([, words]) => words));
    }
    expect(issues).toEqual([]);
  });

  it('links every question to its operation, with parameters filled in', async () => {
    const { page, issues } = await openDocs();
    for (const { question, url: path } of examples) {
      const item = findQuestion(page, question);
      await item.locator('summary').click();
      await item.locator('.operation').click();
      const { asked, status, body } = await executeOperation(page);
      const expectedUrl = new URL(path, url);
      // The form also sends default values, but no parameters of previous questions.
      for (const name of ['limit', 'sort', 'after']) {
        asked.searchParams.delete(name);
        expectedUrl.searchParams.delete(name);
      }
      expect(decodeURIComponent(asked.href).split(/[?&]/).sort()).toEqual(
        decodeURIComponent(expectedUrl.href).split(/[?&]/).sort(),
      );
      const json = await fetchJson(path);
      expect([question, status, body.data]).toEqual([question, '200', json.data]);
      await page.locator('.opblock.is-open .opblock-summary-control').click();
    }
    expect(issues).toEqual([]);
  });

  it('summarizes facts with their evidence', async () => {
    const { page } = await openDocs();
    const item = findQuestion(page, 'Which countries get a battle group, announced when and by whom?');
    await item.locator('summary').click();
    await item.locator('.facts').waitFor();
    const { data } = await fetchJson('/v1/battle-group-deployments?status=announced');
    expect(await item.locator('.facts strong').allInnerTexts()).toEqual(data.map((fact: Json) => fact.label));
    expect(await item.locator('.facts mark').first().innerText()).toBe('A day before the meeting');
  });

  it('shows a problem, and sends the request again', async () => {
    const { page } = await openDocs();
    await page.route('**/v1/stances?*', (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"not-ready"}' }),
    );
    const item = findQuestion(page, 'Who wants a pause?');
    await item.locator('summary').click();
    expect(JSON.parse(await item.locator('pre').innerText())).toEqual({ code: 'not-ready' });
    await page.unroute('**/v1/stances?*');
    await item.locator('summary').click();
    await item.locator('summary').click();
    await item.locator('.facts').waitFor();
  });

  it('writes with an API key', async () => {
    const result = await runCli(['keys', 'create', '--name', 'desk', '--scope', 'write', '--json'], {
      DATABASE_URL,
    });
    const { page, issues } = await openDocs();
    await page.getByRole('button', { name: 'Authorize' }).click();
    await page.locator('.auth-container input').fill(JSON.parse(result.stdout).key);
    await page.locator('.auth-container').getByRole('button', { name: 'Apply' }).click();
    await page.locator('.auth-container').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Dossiers', exact: true }).click();
    await page.locator('#operations-Dossiers-checkDossier .opblock-summary-control').click();
    const checking = page.locator('#operations-Dossiers-checkDossier');
    const body = JSON.parse(await checking.locator('textarea').inputValue());
    await checking.locator('[data-param-name="id"] input').fill(body.document.id);
    expect(await executeOperation(page)).toMatchObject({
      status: '200',
      body: { problems: expect.any(Array) },
    });
    expect(issues).toEqual([]);
  });

  it('finds operations and exports by words, and shows all again', async () => {
    const { page } = await openDocs();
    await page.getByRole('searchbox').fill('CSV facets');
    const all = document['x-tagGroups'].flatMap(({ tags }) => tags.flatMap(listDocumentedOperations));
    const facetExports = all.filter((each) => each.endsWith('/facets.csv'));
    await page.getByText(`${facetExports.length} operations found`).waitFor();
    expect(await listOperations(page.locator('#reference'))).toEqual(facetExports);
    await page.getByRole('searchbox').fill('v1');
    await page.getByText('showing the first 30').waitFor();
    expect(await listOperations(page.locator('#reference'))).toHaveLength(30);
    await page.getByRole('navigation').getByRole('link', { name: 'Stances' }).click();
    await page.locator('#operations-Stances-listStances').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
  });

  it.each([
    '/docs#/Sanctions%20rounds/listSanctionsRounds',
    '/docs#/Events/exportEventsIcs',
  ])('%s opens the operation', async (path) => {
    const { page, issues } = await openDocs(path);
    const operation = page.locator(`[id$="-${path.split('/').at(-1)}"].is-open`);
    await operation.waitFor();
    expect(await operation.isVisible()).toBe(true);
    expect(issues).toEqual([]);
  });

  it('works by keyboard alone', async () => {
    const { page } = await openDocs();
    const getFocusedText = () => page.evaluate('document.activeElement.textContent') as Promise<string>;
    const pressTabUntilFocused = async (text: RegExp) => {
      for (let steps = 0; steps < 60; steps++) {
        await page.keyboard.press('Tab');
        if (text.test(await getFocusedText())) return;
      }
      throw new Error(`Tab does not reach ${text}`);
    };
    await page.keyboard.press('Tab');
    expect(await getFocusedText()).toBe('Skip to operations');
    await pressTabUntilFocused(/^What did Jens/);
    await page.keyboard.press('Enter');
    await page.locator('.question[open] pre').waitFor();
    await pressTabUntilFocused(/^Try other parameters: List statements/);
    await page.keyboard.press('Enter');
    await page.locator('#operations-Statements-listStatements.is-open').waitFor();
    await expect.poll(getFocusedText).toMatch(/^GET.*List statements$/);
    await pressTabUntilFocused(/^Execute$/);
    await page.keyboard.press('Enter');
    await page.locator('.live-responses-table').waitFor();
  });

  it.each(['light', 'dark'] as const)('is accessible in %s', async (colorScheme) => {
    const { page } = await openDocs('/docs', { colorScheme });
    for (const { question } of examples) await findQuestion(page, question).locator('summary').click();
    await expect.poll(() => page.locator('.example-response pre').count()).toBe(examples.length);
    expect(await findAxeViolations(page)).toEqual([]);
    await findQuestion(page, examples[0]?.question as string)
      .locator('.operation')
      .click();
    await executeOperation(page);
    await page.getByRole('button', { name: 'Dossiers', exact: true }).click();
    await page.locator('#operations-Dossiers-putDossier .opblock-summary-control').click();
    expect(await findAxeViolations(page)).toEqual([]);
  });

  it('fits into 360 pixels', async () => {
    const { page } = await openDocs('/docs', { viewport: { width: 360, height: 740 } });
    for (const { question } of examples) await findQuestion(page, question).locator('summary').click();
    await expect.poll(() => page.locator('.example-response pre').count()).toBe(examples.length);
    await findQuestion(page, 'Which facts does a passage support?').locator('.operation').click();
    await executeOperation(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  it('links to responses and to the OpenAPI document without JavaScript', async () => {
    const { page } = await visit(`${url}/docs`, { javaScriptEnabled: false });
    await page.getByText('Who wants a pause?').click();
    await page.getByRole('link', { name: '/v1/stances?position=seeks-pause' }).click();
    expect(page.url()).toBe(`${url}/v1/stances?position=seeks-pause`);
    await page.goBack();
    expect(await page.locator('noscript').innerText()).toContain('/openapi.yaml');
  });
});
