/** Pages for search engines: every fact that is not retracted, at the newest revision. */
import { findSitemapEntries, findSitemapParts } from '../../store/queries/sitemap.ts';
import { buildFactLinks } from '../serialize/serialize-facts.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

export const listSitemapParts = ({ db, snapshot }: SnapshotReader): Promise<number[]> =>
  findSitemapParts(db, snapshot.revision);

/** Page of a fact. */
export interface SitemapPage {
  /** Path-absolute URL. */
  path: string;
  /** RFC 3339 instant of the last change. */
  lastModified: string;
}

export const listSitemapPages = async (
  { db, snapshot }: SnapshotReader,
  part: number,
): Promise<SitemapPage[]> =>
  (await findSitemapEntries(db, snapshot.revision, part)).map((entry) => ({
    path: buildFactLinks(entry).html,
    lastModified: entry.recorded_at,
  }));
