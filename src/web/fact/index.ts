/** The page of a fact: what it says and what carries it, what refers to it, how it came about, and how to use it. */

import { passages, wordsOf } from '../../formats/quoted-text.ts';
import { type Html, html, isolated, joined } from '../../lib/html.ts';
import type { Resource } from '../../model/fact-type.ts';
import { shortened } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { resources } from '../../model/types/index.ts';
import { type Correction, correctionsOf, standing } from '../fact-notices.ts';
import { badge, day, exploreUrl, factLink, instant } from '../format-values.ts';
import { layout } from '../layout.ts';
import type { Asked } from '../page-route.ts';
import { type Referrers, referrers, referrersOf } from './backlinks.ts';
import { citationOf, useOf } from './cite-and-embed.ts';
import { fieldList } from './field-list.ts';
import { history, type Versions, versionsOf } from './history.ts';
import { headFor } from './meta-tags.ts';

export const drawFact = (collection: string) => {
  const resource = resources.find((each) => each.collection === collection) as Resource;
  return async (asked: Asked): Promise<Html> => {
    const { ask, id } = asked;
    const path = `/v1/${collection}/${encodeURIComponent(id)}`;
    const fact = await ask.json<Fact>(path);
    const [around, references] = await Promise.all([aroundOf(asked, fact), referrersOf(ask, path)]);
    return factPage(asked, resource, fact, around, references);
  };
};

/** What a page tells of a fact beside the fact itself. */
export interface Around {
  versions: Versions;
  corrections: Correction[];
  citation: string;
  /** The fact as JSON-LD; null where that would be most of the page. */
  linked: object | null;
}

/** With so much evidence, linked data is megabytes; the head says where it is to be had. */
const MAX_LINKED_EVIDENCE = 50;

export async function aroundOf({ ask, reading }: Asked<unknown>, fact: Fact): Promise<Around> {
  const path = fact.links.self;
  const [versions, corrections, citation, linked] = await Promise.all([
    versionsOf(ask, path),
    correctionsOf(ask, fact, reading),
    citationOf(ask, path),
    (fact.evidence?.length ?? 0) > MAX_LINKED_EVIDENCE ? null : ask.json<object>(`${path}.jsonld`),
  ]);
  return { versions, corrections, citation, linked };
}

function factPage(asked: Asked, resource: Resource, fact: Fact, around: Around, references: Referrers): Html {
  const { versions, corrections, citation, linked } = around;
  const main = html`<article class="page">
${titleOf(resource, fact)}
${standing(fact, corrections, asked.reading, true)}${said(resource, fact)}${clocks(fact)}
<section aria-labelledby="values">
<h2 id="values">What it says, and what carries it</h2>
${fieldList(resource, fact)}
</section>
${referrers(fact, references)}
${history(fact, versions, corrections)}
${useOf(asked, resource, fact, citation)}
</article>`;
  const description = descriptionOf(resource, fact);
  return layout(
    {
      title: fact.label,
      description,
      head: headFor(asked, resource, fact, description, linked),
      styles: ['fact.css'],
      main,
    },
    asked,
  );
}

export const titleOf = (
  { collection, title, saying }: Resource,
  { type, label }: Fact,
): Html => html`<p class="crumbs">${badge(type)} <a href="${exploreUrl(collection)}">${title}</a></p>
<h1 dir="auto"${saying ? html` class="minor"` : null}>${label}</h1>`;

/** One line: a saying by whom and in its words, in quotation marks where the source has them; else the first words that carry it. */
function descriptionOf(resource: Resource, fact: Fact): string {
  const { words, speakers } = wordsOf(resource, fact);
  const written = words.map(({ exact, quoted }) => (quoted ? `\u201c${exact}\u201d` : exact));
  const told = resource.saying ? written.join(' ') : `${fact.label}: ${written[0] ?? ''}`;
  return shortened([speakers.join(', '), told].filter(Boolean).join(': '), 300);
}

/** Of a saying its words, before everything about it. */
function said(resource: Resource, fact: Fact): Html | null {
  if (!resource.saying) return null;
  const { words, speakers } = wordsOf(resource, fact);
  return html`<blockquote class="said" dir="auto"><p>${passages(words)}</p></blockquote>
${speakers.length > 0 ? html`<p class="who">${joined(speakers.map(isolated), ', ')}</p>\n` : null}`;
}

/** When it was reported and when it was recorded; when it happened is among its fields. */
const clocks = (fact: Fact): Html =>
  html`<p class="small clocks">${
    fact.accordingTo ? html`According to ${factLink(fact.accordingTo)}. ` : null
  }${fact.reportedOn ? html`Reported ${day(fact.reportedOn)}. ` : null}Recorded ${instant(fact.recordedAt)}, version ${fact.version}, revision ${fact.revision}.</p>`;
