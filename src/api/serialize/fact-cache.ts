/**
 * Facts as JSON, kept while the revision lasts that they were written at: most pages are made of facts that others have
 * shown before. Past revisions are written anew each time.
 */

import { Kept } from '../../lib/byte-lru-cache.ts';
import type { Reader } from '../../store/database.ts';
import { factsIn } from '../../store/queries/facts.ts';
import type { Reading } from '../../store/snapshot.ts';
import { Labels } from './label-cache.ts';
import { writtenFacts } from './serialize-facts.ts';

/** What an entry takes beside its bytes. */
const ENTRY_BYTES = 256;

/** Labels that are kept: some 5 MB. */
const MAX_LABELS = 20_000;

const newLabels = () => new Labels(Number.POSITIVE_INFINITY);

/** Of which revision everything is that is kept. */
interface Of extends Pick<Reading, 'newest' | 'redaction'> {
  labels: Labels;
}

export class WrittenFacts {
  /** By the row of the version. */
  readonly #kept: Kept<number, Buffer>;
  #of: Of = { newest: 0, redaction: 0, labels: newLabels() };

  constructor(maxBytes: number) {
    this.#kept = new Kept(maxBytes);
  }

  /** The facts in these rows, each with a comma before it. */
  async written(db: Reader, reading: Reading, rows: number[]): Promise<Buffer[]> {
    if (!this.#holds(reading)) return writtenAnew(db, reading.revision, rows);
    const kept = rows.map((row) => this.#kept.get(row));
    const lacking = rows.filter((_, index) => kept[index] === undefined);
    if (lacking.length === 0) return kept as Buffer[];
    const of = this.#of;
    const anew = await writtenAnew(db, reading.revision, lacking, of.labels);
    // Others may have read a newer revision meanwhile.
    if (of === this.#of) for (const [index, row] of lacking.entries()) this.#keep(row, anew[index] as Buffer);
    const added = anew.values();
    return kept.map((part) => part ?? (added.next().value as Buffer));
  }

  #keep(row: number, fact: Buffer): void {
    this.#kept.offer(row, ENTRY_BYTES + fact.length, () => alone(fact));
  }

  /** Labels in a fact are those of a revision, so that what is kept is of one revision only: the newest seen. */
  #holds({ revision, newest, redaction }: Reading): boolean {
    if (revision !== newest || newest < this.#of.newest) return false;
    if (newest > this.#of.newest || redaction !== this.#of.redaction) {
      this.#kept.clear();
      this.#of = { newest, redaction, labels: newLabels() };
    }
    // Not emptied: others may be about to use them.
    if (this.#of.labels.size > MAX_LABELS) this.#of = { ...this.#of, labels: newLabels() };
    return true;
  }
}

/** A copy that is no part of a larger piece of memory, which it would hold on to. */
function alone(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

async function writtenAnew(db: Reader, revision: number, rows: number[], labels?: Labels): Promise<Buffer[]> {
  const facts = await writtenFacts(db, revision, await factsIn(db, rows), labels);
  return facts.map((text) => Buffer.from(`,${text}`));
}
