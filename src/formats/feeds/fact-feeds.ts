/** Sayings as a feed. An entry stays the same one when its fact is corrected or renamed: readers see it updated. */

import * as z from 'zod';
import { type Html, html, isolated, joined } from '../../lib/html.ts';
import type { Resource } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { firstIds } from '../../store/queries/identities.ts';
import type { Context, Format } from '../format.ts';
import { passages, wordsOf } from '../quoted-text.ts';
import { ATOM_TYPE, writeAtom } from './atom.ts';
import { entryAbout, entryLimit, type Feed, type FeedEntry, feedOf, urnOf } from './feed.ts';
import { JSON_FEED_TYPE, JsonFeed, writeJsonFeed } from './json-feed.ts';

/** A fact, and the id that it had first. */
interface Row {
  fact: Fact;
  firstId: string;
}

const NEWEST_REPORTED = '-reportedOn';

const inCommon = {
  fits: ({ saying }: Resource) => saying !== undefined,
  parameters: () => ({ limit: entryLimit }),
  sort: NEWEST_REPORTED,
  describe: ({ noun }: Resource) =>
    `One entry a ${noun}, what was reported last first, with the words that carry it. An entry keeps its id when the ` +
    `${noun} is corrected or renamed, and is updated; that of one that is withdrawn is left out but for \`include=retracted\`.`,
  rows: async (db, _revision, facts) => {
    const ids = await firstIds(db, facts);
    return facts.map((fact, at) => ({ fact, firstId: ids[at] as string }));
  },
} satisfies Partial<Format<Row>>;

export const atom: Format<Row> = {
  ...inCommon,
  extension: 'atom',
  mediaType: ATOM_TYPE,
  title: 'Atom',
  tools: () => [
    { tool: 'feed readers, Slack' },
    { tool: 'Google Sheets', paste: (url) => `=IMPORTFEED("${url}")` },
  ],
  schema: () => z.string(),
  write: (pages, context) => writeAtom(feed(context), entriesOf(pages, context)),
};

export const jsonFeed: Format<Row> = {
  ...inCommon,
  extension: 'feed.json',
  mediaType: JSON_FEED_TYPE,
  title: 'JSON Feed',
  tools: () => [{ tool: 'feed readers that would rather have JSON' }],
  schema: () => JsonFeed,
  write: (pages, context) => writeJsonFeed(feed(context), entriesOf(pages, context)),
};

const feed = (context: Context): Feed => {
  const { collection, title, summary } = context.resource;
  return feedOf(context, {
    title: `Summit Facts: ${title.toLowerCase()}`,
    description: summary,
    path: `/v1/${collection}`,
    list: { sort: NEWEST_REPORTED },
  });
};

async function* entriesOf(
  pages: AsyncIterable<Row[]>,
  { resource, publicUrl }: Context,
): AsyncGenerator<FeedEntry[]> {
  for await (const rows of pages) {
    yield rows.map(({ fact, firstId }) => ({
      ...entryAbout(fact, publicUrl),
      id: urnOf(`${fact.type}/${firstId}`),
      title: fact.label,
      published: null,
      tags: resource.saying?.(fact).topics ?? [],
      content: contentOf(resource, fact),
    }));
  }
}

function contentOf(resource: Resource, fact: Fact): Html {
  const { retracted, accordingTo, evidence = [], inferences, reportedOn } = fact;
  const { words, speakers } = wordsOf(resource, fact);
  return html`${[
    retracted ? html`<p><strong>Withdrawn: ${isolated(retracted.reason)}</strong></p>` : null,
    html`<blockquote dir="auto"><p>${passages(words)}</p></blockquote>`,
    speakers.length > 0 ? html`<p>Said by ${joined(speakers.map(isolated), ', ')}.</p>` : null,
    accordingTo ? html`<p>According to ${isolated(accordingTo.label)}.</p>` : null,
    reportedOn ? html`<p>Reported on ${reportedOn}.</p>` : null,
    html`<p>Carried by:</p><ul>${evidence.map(spanOf)}</ul>`,
    inferences.length > 0 ? html`<p>Inferred, not stated:</p><ul>${inferences.map(inferenceOf)}</ul>` : null,
  ]}`;
}

const spanOf = ({ exact, document, start, end, supports }: NonNullable<Fact['evidence']>[number]): Html =>
  html`<li>${isolated(exact)} (<cite>${isolated(document.label)}</cite>, characters ${start} to ${end}: ${supports.join(', ')})</li>`;

const inferenceOf = ({ fields, kind, note }: Fact['inferences'][number]): Html =>
  html`<li>${fields.join(', ')} (${kind}): ${isolated(note)}</li>`;
