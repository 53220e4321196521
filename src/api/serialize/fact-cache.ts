/**
 * Facts as JSON, kept while the revision lasts that they were written at: most pages are made of facts that others have
 * shown before. Past revisions are written anew each time.
 */

import { ByteLruCache } from '../../lib/byte-lru-cache.ts';
import type { Reader } from '../../store/database.ts';
import { findFactsByRows } from '../../store/queries/facts.ts';
import type { Snapshot } from '../../store/snapshot.ts';
import { LabelCache } from './label-cache.ts';
import { serializeFacts } from './serialize-facts.ts';

/** What an entry takes beside its bytes. */
const ENTRY_OVERHEAD_BYTES = 256;

/** Labels that are kept: some 5 MB. */
const MAX_LABELS = 20_000;

const createLabelCache = () => new LabelCache(Number.POSITIVE_INFINITY);

/** Of which revision everything is that is kept. */
interface CacheGeneration extends Pick<Snapshot, 'latestRevision' | 'redaction'> {
  labelCache: LabelCache;
}

export class SerializedFactCache {
  /** By the row of the version. */
  readonly #entries: ByteLruCache<number, Buffer>;
  #generation: CacheGeneration = { latestRevision: 0, redaction: 0, labelCache: createLabelCache() };

  constructor(maxBytes: number) {
    this.#entries = new ByteLruCache(maxBytes);
  }

  /** The facts in these rows, each with a comma before it. */
  async getOrSerialize(db: Reader, snapshot: Snapshot, rows: number[]): Promise<Buffer[]> {
    if (!this.#syncGeneration(snapshot)) return serializeRows(db, snapshot.revision, rows);
    const cached = rows.map((row) => this.#entries.get(row));
    const missingRows = rows.filter((_, index) => cached[index] === undefined);
    if (missingRows.length === 0) return cached as Buffer[];
    const generation = this.#generation;
    const serialized = await serializeRows(db, snapshot.revision, missingRows, generation.labelCache);
    // Others may have read a newer revision meanwhile.
    if (generation === this.#generation)
      for (const [index, row] of missingRows.entries())
        this.#cacheIfSeenBefore(row, serialized[index] as Buffer);
    const serializedIterator = serialized.values();
    return cached.map((fact) => fact ?? (serializedIterator.next().value as Buffer));
  }

  #cacheIfSeenBefore(row: number, fact: Buffer): void {
    this.#entries.setIfSeenBefore(row, ENTRY_OVERHEAD_BYTES + fact.length, () => copyBuffer(fact));
  }

  /** Labels in a fact are those of a revision, so that what is kept is of one revision only: the newest seen. */
  #syncGeneration({ revision, latestRevision, redaction }: Snapshot): boolean {
    if (revision !== latestRevision || latestRevision < this.#generation.latestRevision) return false;
    if (latestRevision > this.#generation.latestRevision || redaction !== this.#generation.redaction) {
      this.#entries.clear();
      this.#generation = { latestRevision, redaction, labelCache: createLabelCache() };
    }
    // Not emptied: others may be about to use them.
    if (this.#generation.labelCache.size > MAX_LABELS)
      this.#generation = { ...this.#generation, labelCache: createLabelCache() };
    return true;
  }
}

/** A copy that is no part of a larger piece of memory, which it would hold on to. */
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
