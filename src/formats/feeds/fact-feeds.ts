/**
 * Statements as feeds. An entry keeps its id when its fact is corrected or renamed: readers see it updated.
 */

import * as z from 'zod';
import { bdi, type Html, html, join } from '../../lib/html.ts';
import type { FactType } from '../../model/fact-type.ts';
import { listEvidence } from '../../model/main-evidence.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { ExportContext, Format } from '../format.ts';
import { type FactWithOriginalId, loadOriginalIds } from '../original-ids.ts';
import { getQuotedText, renderQuotations } from '../quoted-text.ts';
import { ATOM_MEDIA_TYPE, serializeAtom } from './atom.ts';
import { buildEntryFields, createFeed, createUrn, entryLimit, type Feed, type FeedEntry } from './feed.ts';
import { JSON_FEED_MEDIA_TYPE, JsonFeed, serializeJsonFeed } from './json-feed.ts';

const DEFAULT_SORT = '-reportedOn';

const commonFormat = {
  appliesTo: ({ getStatementContent }: FactType) => getStatementContent !== undefined,
  parameters: () => ({ limit: entryLimit }),
  defaultSort: DEFAULT_SORT,
  description:
    'One entry for each fact, most recently reported first, with the evidence. An entry keeps its id and is updated when ' +
    'the fact is corrected or renamed. Retracted facts are included only with `include=retracted`.',
  loadRows: loadOriginalIds,
} satisfies Partial<Format<FactWithOriginalId>>;

export const atom: Format<FactWithOriginalId> = {
  ...commonFormat,
  extension: 'atom',
  mediaType: ATOM_MEDIA_TYPE,
  title: 'Atom',
  tools: () => [
    { name: 'feed readers, Slack' },
    { name: 'Google Sheets', toPasteText: (url) => `=IMPORTFEED("${url}")` },
  ],
  schema: () => z.string(),
  serialize: (pages, context) => serializeAtom(createFactFeed(context), buildEntries(pages, context)),
};

export const jsonFeed: Format<FactWithOriginalId> = {
  ...commonFormat,
  extension: 'feed.json',
  mediaType: JSON_FEED_MEDIA_TYPE,
  title: 'JSON Feed',
  tools: () => [{ name: 'feed readers that support JSON Feed' }],
  schema: () => JsonFeed,
  serialize: (pages, context) => serializeJsonFeed(createFactFeed(context), buildEntries(pages, context)),
};

const createFactFeed = (context: ExportContext): Feed => {
  const { collection, title, summary } = context.factType;
  return createFeed(context, {
    title: `Summit Facts: ${title.toLowerCase()}`,
    description: summary,
    path: `/v1/${collection}`,
    page: { path: '/explore', listValues: { collection: [collection] } },
    listDefaults: { sort: [DEFAULT_SORT] },
  });
};

async function* buildEntries(
  pages: AsyncIterable<FactWithOriginalId[]>,
  { factType, publicUrl }: ExportContext,
): AsyncGenerator<FeedEntry[]> {
  for await (const rows of pages) {
    yield rows.map(({ fact, originalId }) => ({
      ...buildEntryFields(fact, publicUrl),
      id: createUrn(`${fact.type}/${originalId}`),
      title: fact.label,
      published: getPublicationTime(factType, fact),
      tags: factType.getStatementContent?.(fact).topics ?? [],
      content: renderContent(factType, fact),
    }));
  }
}

/** Returns the day on which it was said or, if that is unknown, reported; without both, the time of recording. */
function getPublicationTime({ getPeriod }: FactType, fact: Fact): string {
  const day = getPeriod?.(fact, fact.reportedOn)?.from ?? fact.reportedOn;
  return day === null ? fact.recordedAt : new Date(day).toISOString();
}

function renderContent(factType: FactType, fact: Fact): Html {
  const { retracted, accordingTo, inferences, reportedOn } = fact;
  const { quotations, speakers } = getQuotedText(factType, fact);
  return html`${[
    retracted ? html`<p><strong>Retracted: ${bdi(retracted.reason)}</strong></p>` : null,
    html`<blockquote dir="auto"><p>${renderQuotations(quotations)}</p></blockquote>`,
    speakers.length > 0 ? html`<p>Said by ${join(speakers.map(bdi), ', ')}.</p>` : null,
    accordingTo ? html`<p>According to ${bdi(accordingTo.label)}.</p>` : null,
    reportedOn ? html`<p>Reported on ${reportedOn}.</p>` : null,
    html`<p>Evidence:</p><ul>${listEvidence(factType, fact).map(renderSpan)}</ul>`,
    inferences.length > 0
      ? html`<p>Inferred, not stated:</p><ul>${inferences.map(renderInference)}</ul>`
      : null,
  ]}`;
}

const renderSpan = ({ exact, document, start, end, supports }: NonNullable<Fact['evidence']>[number]): Html =>
  html`<li>${bdi(exact)} (<cite>${bdi(document.label)}</cite>, characters ${start} to ${end}: ${supports.join(', ')})</li>`;

const renderInference = ({ fields, kind, note }: Fact['inferences'][number]): Html =>
  html`<li>${fields.join(', ')} (${kind}): ${bdi(note)}</li>`;
