/** CSL-JSON items of a fact at a revision and of its source documents. */
import type { Fact } from '../../model/response-schemas.ts';

/** CSL-JSON item with the fields used here. All texts are single lines. */
export interface CslItem {
  id: string;
  type: 'dataset' | 'article-newspaper';
  title: string;
  author?: [{ literal: string }];
  publisher?: string;
  'container-title'?: string;
  version?: string;
  issued?: { 'date-parts': [[year: number, month: number, day: number]] };
  language?: string;
  note?: string;
  URL?: string;
}

/** Fields of a document that a citation uses. */
export interface CitedDocument {
  id: string;
  title: string;
  publisher: string | null;
  publishedOn: string | null;
  language: string | null;
  url: string | null;
}

/** Converts a fact as read at `revision`; the URL is that of its page at the revision. */
export function factToCsl(fact: Fact, revision: number, publicUrl: string): CslItem {
  const { type, id, label, version, recordedAt, links, retracted } = fact;
  return {
    id: `${type}-${id}`,
    type: 'dataset',
    title: toSingleLine(label),
    author: [{ literal: 'Summit Facts' }],
    publisher: 'Summit Facts',
    'container-title': 'Summit Facts',
    version: String(version),
    issued: toIssued(recordedAt.slice(0, 10)),
    ...(retracted && {
      note: toSingleLine(`Retracted in revision ${retracted.revision}: ${retracted.reason}`),
    }),
    URL: `${publicUrl}${links.html}?asOf=${revision}`,
  };
}

/** Converts a document; unknown fields are left out. */
export function documentToCsl({ id, title, publisher, publishedOn, language, url }: CitedDocument): CslItem {
  return {
    id: `source-${id}`,
    type: 'article-newspaper',
    title: toSingleLine(title),
    ...(publisher !== null && {
      // Without an author, styles would begin with the title.
      author: [{ literal: toSingleLine(publisher) }],
      publisher: toSingleLine(publisher),
      'container-title': toSingleLine(publisher),
    }),
    ...(publishedOn !== null && { issued: toIssued(publishedOn) }),
    ...(language !== null && { language }),
    ...(url !== null && { URL: url }),
  };
}

/** Returns the organization that an item is by, or null. */
export const getAuthorName = ({ author }: CslItem): string | null => author?.[0].literal ?? null;

/** Returns the date of an item as `2022-03-24`, or null. */
export function formatIssuedDay({ issued }: CslItem): string | null {
  const [date] = issued?.['date-parts'] ?? [];
  return date ? date.map((part) => String(part).padStart(2, '0')).join('-') : null;
}

function toIssued(day: string): NonNullable<CslItem['issued']> {
  const [year, month, dayOfMonth] = day.split('-').map(Number) as [number, number, number];
  return { 'date-parts': [[year, month, dayOfMonth]] };
}

/** Replaces line breaks and control characters, because a line break ends the field in some formats. */
const toSingleLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
