/** Writes a file of everything, in whichever thread. */

import type { WholeFormat } from '../../formats/archives/archive-format.ts';
import { ndjsonGz } from '../../formats/archives/ndjson-gz.ts';
import { sqliteFile } from '../../formats/archives/sqlite/index.ts';
import type { Store } from '../../store/open.ts';
import type { WholeJob } from '../../workers/archive-runner.ts';
import { wholeAt } from './read-archive.ts';

export const wholeFormats: readonly WholeFormat[] = [sqliteFile, ndjsonGz];

/** Fails once `stop` says so, or when a text was redacted meanwhile. */
export async function writeWhole(store: Store, job: WholeJob, stop: AbortSignal): Promise<void> {
  const { extension, reading, publicUrl, path } = job;
  const format = wholeFormats.find((each) => each.extension === extension) as WholeFormat;
  const whole = wholeAt(store, reading, publicUrl, stop);
  await format.write(whole, path);
  await whole.proved();
}
