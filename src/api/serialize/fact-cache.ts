/**
 * Cache of facts serialized to JSON at the newest revision: most facts on a page were on earlier pages.
 * Facts at past revisions are serialized for each request.
 */

import { ByteLruCache } from '../../lib/byte-lru-cache.ts';
import type { Reader } from '../../store/database.ts';
import { findFactsByRows } from '../../store/queries/facts.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import { LabelCache } from './label-cache.ts';
import { serializeFacts } from './serialize-facts.ts';

/** Memory that an entry takes in addition to its bytes. */
const ENTRY_OVERHEAD_BYTES = 256;

/** Maximum number of cached labels, about 5 MB. */
const MAX_LABELS = 20_000;

const createLabelCache = () => new LabelCache(MAX_LABELS);

/** Revision and redaction that all cached entries belong to. */
interface CacheGeneration extends Pick<Snapshot, 'latestRevision' | 'redaction'> {
  labelCache: LabelCache;
}

export class SerializedFactCache {
  /** Serialized facts by the row of their version. */
  readonly #entries: ByteLruCache<number, Buffer>;
  #generation: CacheGeneration = { latestRevision: 0, redaction: 0, labelCache: createLabelCache() };

  constructor(maxBytes: number) {
    this.#entries = new ByteLruCache(maxBytes);
  }

  /** Returns the facts in these rows as JSON, each with a leading comma. */
  async getOrSerialize(db: Reader, snapshot: Snapshot, rows: number[]): Promise<Buffer[]> {
    if (!this.#syncGeneration(snapshot)) return serializeRows(db, snapshot.revision, rows);
    const cached = rows.map((row) => this.#entries.get(row));
    const missingRows = rows.filter((_, index) => cached[index] === undefined);
    if (missingRows.length === 0) return cached as Buffer[];
    const generation = this.#generation;
    const serialized = await serializeRows(db, snapshot.revision, missingRows, generation.labelCache);
    // Another request may have started a new generation in the meantime.
    if (generation === this.#generation)
      for (const [index, row] of missingRows.entries())
        this.#cacheIfSeenBefore(row, serialized[index] as Buffer);
    const serializedIterator = serialized.values();
    return cached.map((fact) => fact ?? (serializedIterator.next().value as Buffer));
  }

  #cacheIfSeenBefore(row: number, fact: Buffer): void {
    this.#entries.setIfSeenBefore(row, ENTRY_OVERHEAD_BYTES + fact.length, () => copyBuffer(fact));
  }

  /**
   * Returns true if the cache may be used for the snapshot. A serialized fact contains the labels of one
   * revision, so all entries belong to the newest revision seen; a newer one clears the cache.
   */
  #syncGeneration({ revision, latestRevision, redaction }: Snapshot): boolean {
    if (revision !== latestRevision || latestRevision < this.#generation.latestRevision) return false;
    if (latestRevision > this.#generation.latestRevision || redaction !== this.#generation.redaction) {
      this.#entries.clear();
      this.#generation = { latestRevision, redaction, labelCache: createLabelCache() };
    }
    return true;
  }
}

/** Copies out of Node's buffer pool: a cached slice would keep its entire pool buffer in memory. */
function copyBuffer(bytes: Buffer): Buffer {
  const result = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(result);
  return result;
}

async function serializeRows(
  db: Reader,
  revision: number,
  rows: number[],
  labelCache?: LabelCache,
): Promise<Buffer[]> {
  const serialized = await serializeFacts(db, revision, await findFactsByRows(db, rows), labelCache);
  return serialized.map((text) => Buffer.from(`,${text}`));
}
