/** Writer of archives, for the main thread and for worker threads. */
import type { ArchiveFormat } from '../../formats/archives/archive-format.ts';
import { ndjsonGzArchive } from '../../formats/archives/ndjson-gz.ts';
import { sqliteArchive } from '../../formats/archives/sqlite/index.ts';
import type { Store } from '../../store/open.ts';
import type { ArchiveJob } from '../../workers/slow-query-runner.ts';
import { createArchiveSource } from './read-archive.ts';

export const archiveFormats: readonly ArchiveFormat[] = [sqliteArchive, ndjsonGzArchive];

/** Writes the archive at `job.path`; rejects when `signal` aborts or a text is redacted. */
export async function writeArchive(store: Store, job: ArchiveJob, signal: AbortSignal): Promise<void> {
  const { extension, snapshot, publicUrl, linkBase, path } = job;
  const format = archiveFormats.find((each) => each.extension === extension) as ArchiveFormat;
  const source = createArchiveSource(store, snapshot, { publicUrl, linkBase }, signal);
  await format.write(source, path);
  await source.verify();
}
