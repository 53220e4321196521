/** What is cited: a fact as it was recorded, and the documents that it stands on, as items of CSL-JSON. */
import type { Fact } from '../../model/response-schemas.ts';

/** An item of CSL-JSON, as far as we have something to say. All texts are of one line. */
export interface CslItem {
  id: string;
  type: 'dataset' | 'article-newspaper';
  title: string;
  publisher?: string;
  'container-title'?: string;
  version?: string;
  issued?: { 'date-parts': [[year: number, month: number, day: number]] };
  language?: string;
  note?: string;
  URL?: string;
}

/** A document, as far as it is cited. */
export interface CitedDocument {
  id: string;
  title: string;
  publisher: string | null;
  publishedOn: string | null;
  language: string | null;
  url: string | null;
}

/** The fact as it was read at `revision`. */
export function factToCsl(fact: Fact, revision: number, publicUrl: string): CslItem {
  const { type, id, label, version, recordedAt, links, retracted } = fact;
  return {
    id: `${type}-${id}`,
    type: 'dataset',
    title: toSingleLine(label),
    publisher: 'Summit Facts',
    'container-title': 'Summit Facts',
    version: String(version),
    issued: toIssued(recordedAt.slice(0, 10)),
    ...(retracted && {
      note: toSingleLine(`Withdrawn in revision ${retracted.revision}: ${retracted.reason}`),
    }),
    URL: `${publicUrl}${links.self}?asOf=${revision}`,
  };
}

/** A document; what is not known of it is left out. */
export function documentToCsl({ id, title, publisher, publishedOn, language, url }: CitedDocument): CslItem {
  return {
    id: `source-${id}`,
    type: 'article-newspaper',
    title: toSingleLine(title),
    ...(publisher !== null && {
      publisher: toSingleLine(publisher),
      'container-title': toSingleLine(publisher),
    }),
    ...(publishedOn !== null && { issued: toIssued(publishedOn) }),
    ...(language !== null && { language }),
    ...(url !== null && { URL: url }),
  };
}

/** An item's day, if it has one, as `2022-03-24`. */
export function formatIssuedDay({ issued }: CslItem): string | null {
  const [date] = issued?.['date-parts'] ?? [];
  return date ? date.map((part) => String(part).padStart(2, '0')).join('-') : null;
}

function toIssued(day: string): NonNullable<CslItem['issued']> {
  const [year, month, dayOfMonth] = day.split('-').map(Number) as [number, number, number];
  return { 'date-parts': [[year, month, dayOfMonth]] };
}

/** Some formats end a field where its line ends: no text may end it before. */
const toSingleLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
