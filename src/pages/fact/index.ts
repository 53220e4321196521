/** The page of a fact: what it says and what carries it, what refers to it, how it came about, and how to use it. */
import type { Fact } from '../../facts/representation.ts';
import type { Resource } from '../../facts/resource.ts';
import { passages, wordsOf } from '../../formats/words.ts';
import { type Html, html, isolated, joined } from '../../html.ts';
import { resources } from '../../resources/index.ts';
import { layout } from '../layout.ts';
import type { Asked } from '../page.ts';
import { badge, day, exploreUrl, factLink, instant } from '../values.ts';
import { fieldList } from './fields.ts';
import { headFor } from './head.ts';
import { history, notices, type Versions, versionsOf } from './history.ts';
import { type Referrers, referrers, referrersOf } from './referrers.ts';
import { citationOf, useOf } from './use.ts';

export const drawFact = (collection: string) => {
  const resource = resources.find((each) => each.collection === collection) as Resource;
  return async (asked: Asked): Promise<Html> => {
    const { ask, id } = asked;
    const path = `/v1/${collection}/${encodeURIComponent(id)}`;
    const fact = await ask.json<Fact>(path);
    const [versions, references, citation, linked] = await Promise.all([
      versionsOf(ask, path),
      referrersOf(ask, path),
      citationOf(ask, path),
      ask.json<object>(`${path}.jsonld`),
    ]);
    return factPage(asked, resource, fact, { versions, references, citation, linked });
  };
};

export interface Around {
  versions: Versions;
  references: Referrers;
  citation: string;
  linked: object;
}

function factPage(asked: Asked, resource: Resource, fact: Fact, around: Around): Html {
  const { versions, references, citation, linked } = around;
  const main = html`<article class="page">
${titleOf(resource, fact)}
${notices(fact, versions)}${said(resource, fact)}${clocks(fact)}
<section aria-labelledby="values">
<h2 id="values">What it says, and what carries it</h2>
${fieldList(resource, fact)}
</section>
${referrers(fact, references)}
${history(fact, versions)}
${useOf(asked, resource, fact, citation)}
</article>`;
  return layout(
    {
      title: fact.label,
      description: descriptionOf(resource, fact),
      head: headFor(asked, resource, fact, descriptionOf(resource, fact), linked),
      styles: ['fact.css'],
      main,
    },
    asked,
  );
}

/** What it is, and its label; a saying stands in its words below, so that its label may be smaller. */
export const titleOf = (
  { collection, title, saying }: Resource,
  { type, label }: Fact,
): Html => html`<p class="crumbs">${badge(type)} <a href="${exploreUrl(collection)}">${title}</a></p>
<h1 dir="auto"${saying ? html` class="minor"` : null}>${label}</h1>`;

/** One line: a saying in its words, else what it is and on which words it stands. */
function descriptionOf(resource: Resource, fact: Fact): string {
  const { words, speakers } = wordsOf(resource, fact);
  const quoted = words.slice(0, 1).map(({ exact }) => `"${exact.slice(0, 300)}"`);
  return [...speakers, ...quoted].join(': ') || fact.label;
}

/** Of a saying its words, before everything about it. */
function said(resource: Resource, fact: Fact): Html | null {
  if (!resource.saying) return null;
  const { words, speakers } = wordsOf(resource, fact);
  return html`<blockquote class="said" dir="auto"><p>${passages(words)}</p></blockquote>
${speakers.length > 0 ? html`<p class="who">${joined(speakers.map(isolated), ', ')}</p>\n` : null}`;
}

/** When it was reported and when it was recorded; when it happened is among its fields. */
export const clocks = (fact: Fact): Html =>
  html`<p class="small clocks">${
    fact.accordingTo ? html`According to ${factLink(fact.accordingTo)}. ` : null
  }${fact.reportedOn ? html`Reported ${day(fact.reportedOn)}. ` : null}Recorded ${instant(fact.recordedAt)}, version ${fact.version}, revision ${fact.revision}.</p>`;
