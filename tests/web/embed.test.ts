/** Cards for frames, as the server renders them. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../src/model/types/index.ts';
import { redactDocument } from '../../src/store/import/redact.ts';
import { createApp, createSeededStore, createStore, get, importInto } from '../support/app.ts';
import { buildDossierHistory } from '../support/dossier-builder.ts';
import { fetchPage, findCspViolations, getAttributes, getTexts } from '../support/html-page.ts';

const PUBLIC_URL = 'https://facts.example';

let app: FastifyInstance;
beforeAll(async () => {
  app = await createApp(await createSeededStore(), { publicUrl: PUBLIC_URL });
});

describe('a card', () => {
  it('has the words, their speaker and a link to the source', async () => {
    const page = await fetchPage(app, '/embed/statements/kallas-steps-to-make-us-afraid');
    expect(getTexts(page, 'blockquote')).toEqual([
      'The Kremlin leader is taking steps “to make us afraid” and “deter us from helping Ukraine further or making additional steps”',
    ]);
    expect(getTexts(page, '.speakers')).toEqual(['Kaja Kallas']);
    expect(getTexts(page, '.small').join(' ')).toContain('Inferred, not stated: about');
    expect(getAttributes(page, 'a', 'href')).toEqual([
      `${PUBLIC_URL}/statements/kallas-steps-to-make-us-afraid`,
    ]);
    expect(getAttributes(page, 'a', 'target')).toEqual(['_blank']);
  });

  it.each(factTypes)('is available for $collection, without scripts', async ({ collection, exampleId }) => {
    const page = await fetchPage(app, `/embed/${collection}/${exampleId}`);
    expect([page.status, findCspViolations(page), page.root.querySelectorAll('script').length]).toEqual([
      200,
      [],
      0,
    ]);
    const { body } = await get(app, `/v1/${collection}/${exampleId}`);
    expect(getTexts(page, 'title')).toEqual([body.label]);
  });

  it('may be framed by any site, unlike all other pages', async () => {
    const card = await fetchPage(app, '/embed/statements/kallas-stop-the-war-criminal');
    expect(card.headers['content-security-policy']).toContain('frame-ancestors *');
    expect(card.headers['x-frame-options']).toBeUndefined();
    const page = await fetchPage(app, '/statements/kallas-stop-the-war-criminal');
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('shows the requested revision, as does its link', async () => {
    const page = await fetchPage(app, '/embed/figures/new-battle-groups?asOf=1');
    expect(getAttributes(page, 'a', 'href')).toEqual([`${PUBLIC_URL}/figures/new-battle-groups?asOf=1`]);
  });

  it('starts with notices of retractions and corrections', async () => {
    const store = await createStore();
    for (const dossier of buildDossierHistory()) await importInto(store, dossier);
    const eventful = await createApp(store);
    const { body } = await get(eventful, '/v1/corrections?limit=200');
    for (const { cause, fact, reason } of body.data) {
      const page = await fetchPage(eventful, `/embed${fact.links.html}`);
      const [notice = ''] = getTexts(page, cause === 'retraction' ? '.retracted' : '.corrected');
      expect(notice).toContain(reason);
      expect(page.root.querySelector('main')?.firstElementChild?.classList.contains('notice')).toBe(true);
    }
  });

  it('names its revision if it is historical, and shows later changes', async () => {
    const store = await createStore();
    for (const dossier of buildDossierHistory()) await importInto(store, dossier);
    const eventful = await createApp(store);
    const { body } = await get(eventful, '/v1/corrections?limit=200');
    for (const { cause, fact, reason, revision } of body.data) {
      const page = await fetchPage(eventful, `/embed${fact.links.html}?asOf=${revision - 1}`);
      const [notice = ''] = getTexts(page, cause === 'retraction' ? '.retracted' : '.corrected');
      expect(notice).toMatch(/later, at revision/);
      expect(notice).toContain(reason);
      expect(page.root.text).toContain(`This card shows revision ${revision - 1}`);
    }
  });

  it('does not present placeholders of redacted words as quotations', async () => {
    const store = await createSeededStore();
    await redactDocument(store, 'brussels-2022-03-24', { author: 'legal desk', reason: 'Court order' });
    const redactedApp = await createApp(store);
    for (const url of [
      '/embed/statements/kallas-stop-the-war-criminal',
      '/statements/kallas-stop-the-war-criminal',
    ]) {
      const page = await fetchPage(redactedApp, url);
      expect(getTexts(page, '.notice.redacted').length).toBe(1);
      expect(page.root.text).not.toMatch(/\u201c\[redacted/);
    }
    expect((await fetchPage(redactedApp, '/')).root.querySelectorAll('.quote').length).toBe(0);
  });

  it('shows an error in the frame if the fact does not exist', async () => {
    const page = await fetchPage(app, '/embed/statements/nothing');
    expect([page.status, page.headers['x-frame-options']]).toEqual([404, undefined]);
    expect(page.headers['content-security-policy']).toContain('frame-ancestors *');
    expect(page.root.text).toContain('Statement nothing not found in these sources');
  });
});
