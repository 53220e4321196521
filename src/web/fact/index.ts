/** Page of a fact: details with evidence, references, history, citation, embed code and downloads. */

import { citeFact } from '../../api/service/citations.ts';
import { getFact } from '../../api/service/facts.ts';
import type { SnapshotReader } from '../../api/service/snapshot-reader.ts';
import { buildPageNode } from '../../formats/jsonld/page.ts';
import { getQuotedText, renderQuotations } from '../../formats/quoted-text.ts';
import { bdi, type Html, html, join } from '../../lib/html.ts';
import type { FactType } from '../../model/fact-type.ts';
import { truncate } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { getFactTypeByCollection } from '../../model/types/index.ts';
import { type Correction, loadCorrections, renderFactNotices } from '../fact-notices.ts';
import {
  renderDate,
  renderFactLink,
  renderTimestamp,
  renderTypeBadge,
  toExploreUrl,
} from '../format-values.ts';
import { renderLayout } from '../layout.ts';
import type { PageRequest } from '../page-route.ts';
import { type Backlinks, loadBacklinks, renderBacklinks } from './backlinks.ts';
import { renderCiteAndEmbed } from './cite-and-embed.ts';
import { renderFieldList } from './field-list.ts';
import { loadVersions, renderHistory, type Versions } from './history.ts';
import { renderMetaTags } from './meta-tags.ts';

export const createFactRenderer = (collection: string) => {
  const factType = getFactTypeByCollection(collection);
  return async (request: PageRequest): Promise<Html> => {
    const { fact, related, backlinks } = await request.read(async (reader) => {
      const fact = await getFact(reader, factType, request.id);
      return {
        fact,
        related: await loadRelated(reader, factType, fact, request.publicUrl),
        backlinks: await loadBacklinks(reader, factType, fact.id),
      };
    });
    return renderFactPage(request, factType, fact, related, backlinks);
  };
};

/** Data that a page shows in addition to the fact itself. */
export interface RelatedData {
  versions: Versions;
  corrections: Correction[];
  citation: string;
  /** Fact as JSON-LD; null if that would be most of the page. */
  jsonLd: object | null;
}

/** With more evidence, the JSON-LD takes megabytes; the head then only links to it. */
const MAX_JSON_LD_EVIDENCE = 50;

export async function loadRelated(
  reader: SnapshotReader,
  factType: FactType,
  fact: Fact,
  publicUrl: string,
): Promise<RelatedData> {
  const { id } = fact;
  const isLong = (fact.evidence?.length ?? 0) > MAX_JSON_LD_EVIDENCE;
  return {
    versions: await loadVersions(reader, factType, id),
    corrections: await loadCorrections(reader, fact),
    citation: await citeFact(reader, fact, { style: 'text', publicUrl }),
    jsonLd: isLong ? null : buildPageNode(factType, fact, publicUrl),
  };
}

function renderFactPage(
  request: PageRequest,
  factType: FactType,
  fact: Fact,
  related: RelatedData,
  backlinks: Backlinks,
): Html {
  const { versions, corrections, citation, jsonLd } = related;
  const main = html`<article class="page">
${renderTitle(factType, fact)}
${renderFactNotices(fact, corrections, request.snapshot, true)}${renderStatement(factType, fact)}${renderDates(fact)}
<section aria-labelledby="values">
<h2 id="values">Details and evidence</h2>
${renderFieldList(factType, fact)}
</section>
${renderBacklinks(fact, backlinks)}
${renderHistory(fact, versions, corrections)}
${renderCiteAndEmbed(request, factType, fact, citation)}
</article>`;
  const description = formatDescription(factType, fact);
  return renderLayout(
    {
      title: fact.label,
      description,
      head: renderMetaTags(request, factType, fact, description, jsonLd),
      styles: ['fact.css'],
      main,
    },
    request,
  );
}

export const renderTitle = (
  { collection, title, getStatementContent }: FactType,
  { type, label }: Fact,
): Html => html`<p class="breadcrumbs">${renderTypeBadge(type)} <a href="${toExploreUrl(collection)}">${title}</a></p>
<h1 dir="auto"${getStatementContent ? html` class="minor"` : null}>${label}</h1>`;

/**
 * One line: the speakers and words of a statement, in quotation marks where the source has them; for other
 * facts the label and the main evidence.
 */
function formatDescription(factType: FactType, fact: Fact): string {
  const { quotations, speakers } = getQuotedText(factType, fact);
  const texts = quotations.map(({ exact, quoted }) => (quoted ? `\u201c${exact}\u201d` : exact));
  const text = factType.getStatementContent ? texts.join(' ') : `${fact.label}: ${texts[0] ?? ''}`;
  return truncate([speakers.join(', '), text].filter(Boolean).join(': '), 300);
}

/** Renders the words of a statement, which come before its details; null for other facts. */
function renderStatement(factType: FactType, fact: Fact): Html | null {
  if (!factType.getStatementContent) return null;
  const { quotations, speakers } = getQuotedText(factType, fact);
  return html`<blockquote class="statement-text" dir="auto"><p>${renderQuotations(quotations)}</p></blockquote>
${speakers.length > 0 ? html`<p class="speakers">${join(speakers.map(bdi), ', ')}</p>\n` : null}`;
}

/** Renders publication time and record time; the details have the event time. */
const renderDates = (fact: Fact): Html =>
  html`<p class="small dates">${
    fact.accordingTo ? html`According to ${renderFactLink(fact.accordingTo)}. ` : null
  }${fact.reportedOn ? html`Reported ${renderDate(fact.reportedOn)}. ` : null}Recorded ${renderTimestamp(fact.recordedAt)}, version ${fact.version}, revision ${fact.revision}.</p>`;
