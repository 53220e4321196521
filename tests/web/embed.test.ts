/** Cards in frames, as the server draws them. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../src/model/types/index.ts';
import { redactDocument } from '../../src/store/import/redact.ts';
import { appOn, emptyStore, get, importInto, seededStore } from '../support/app.ts';
import { eventfulHistory } from '../support/dossier-builder.ts';
import { attributesAt, forbiddenIn, pageAt, textsAt } from '../support/html-page.ts';

const PUBLIC_URL = 'https://facts.example';

let app: FastifyInstance;
beforeAll(async () => {
  app = await appOn(await seededStore(), { publicUrl: PUBLIC_URL });
});

describe('a card', () => {
  it('has the words, who says them and where they stand', async () => {
    const page = await pageAt(app, '/embed/statements/kallas-steps-to-make-us-afraid');
    expect(textsAt(page, 'blockquote')).toEqual([
      'The Kremlin leader is taking steps “to make us afraid” and “deter us from helping Ukraine further or making additional steps”',
    ]);
    expect(textsAt(page, '.who')).toEqual(['Kaja Kallas']);
    expect(textsAt(page, '.small').join(' ')).toContain('Inferred, not stated: about');
    expect(attributesAt(page, 'a', 'href')).toEqual([
      `${PUBLIC_URL}/statements/kallas-steps-to-make-us-afraid`,
    ]);
    expect(attributesAt(page, 'a', 'target')).toEqual(['_blank']);
  });

  it.each(resources)('is there for $collection, without scripts', async ({ collection, example }) => {
    const page = await pageAt(app, `/embed/${collection}/${example}`);
    expect([page.status, forbiddenIn(page), page.root.querySelectorAll('script').length]).toEqual([
      200,
      [],
      0,
    ]);
    const { body } = await get(app, `/v1/${collection}/${example}`);
    expect(textsAt(page, 'title')).toEqual([body.label]);
  });

  it('may stand in frames of anybody, and no other page may', async () => {
    const card = await pageAt(app, '/embed/statements/kallas-stop-the-war-criminal');
    expect(card.headers['content-security-policy']).toContain('frame-ancestors *');
    expect(card.headers['x-frame-options']).toBeUndefined();
    const page = await pageAt(app, '/statements/kallas-stop-the-war-criminal');
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('is of the revision that was asked for, and so is its link', async () => {
    const page = await pageAt(app, '/embed/figures/new-battle-groups?asOf=1');
    expect(attributesAt(page, 'a', 'href')).toEqual([`${PUBLIC_URL}/figures/new-battle-groups?asOf=1`]);
  });

  it('says first what was withdrawn, and what was wrong', async () => {
    const store = await emptyStore();
    for (const dossier of eventfulHistory()) await importInto(store, dossier);
    const eventful = await appOn(store);
    const { body } = await get(eventful, '/v1/corrections?limit=200');
    for (const { cause, fact, reason } of body.data) {
      const page = await pageAt(eventful, `/embed${fact.links.html}`);
      const [notice = ''] = textsAt(page, cause === 'retraction' ? '.withdrawn' : '.corrected');
      expect(notice).toContain(reason);
      expect(page.root.querySelector('main')?.firstElementChild?.classList.contains('notice')).toBe(true);
    }
  });

  it('of the past says so, and what became of it since', async () => {
    const store = await emptyStore();
    for (const dossier of eventfulHistory()) await importInto(store, dossier);
    const eventful = await appOn(store);
    const { body } = await get(eventful, '/v1/corrections?limit=200');
    for (const { cause, fact, reason, revision } of body.data) {
      const page = await pageAt(eventful, `/embed${fact.links.html}?asOf=${revision - 1}`);
      const [notice = ''] = textsAt(page, cause === 'retraction' ? '.withdrawn' : '.corrected');
      expect(notice).toMatch(/since, at revision/);
      expect(notice).toContain(reason);
      expect(page.root.text).toContain(`As it was recorded at revision ${revision - 1}`);
    }
  });

  it('quotes nobody with what stands for words that were taken out', async () => {
    const store = await seededStore();
    await redactDocument(store, 'brussels-2022-03-24', { author: 'legal desk', reason: 'Court order' });
    const redacted = await appOn(store);
    for (const url of [
      '/embed/statements/kallas-stop-the-war-criminal',
      '/statements/kallas-stop-the-war-criminal',
    ]) {
      const page = await pageAt(redacted, url);
      expect(textsAt(page, '.notice.taken-out').length).toBe(1);
      expect(page.root.text).not.toMatch(/\u201c\[redacted/);
    }
    expect((await pageAt(redacted, '/')).root.querySelectorAll('.quote').length).toBe(0);
  });

  it('that is not there says so in the frame', async () => {
    const page = await pageAt(app, '/embed/statements/nothing');
    expect([page.status, page.headers['x-frame-options']]).toEqual([404, undefined]);
    expect(page.headers['content-security-policy']).toContain('frame-ancestors *');
    expect(page.root.text).toContain('There is no statement with the id nothing');
  });
});
