/** What the API answers for a reference: the label of the fact beside type and id, and in evidence what is known of the document. */
import { refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import type { Reader } from '../../store/database.ts';
import { findLabels, type Label } from '../../store/queries/facts.ts';

/** A reference as the store has it. Nothing else looks so: within a string its quotes have backslashes before them. */
export const REFERENCE_REGEX = /(\{"type":"[a-z-]+","id":"[a-z0-9-]+"\})/;

/** How many are kept for the pages of one list. */
const DEFAULT_MAX_ENTRIES = 2_000;

/** What stands for a reference. */
interface CachedLabel {
  labelJson: string;
  /** In evidence. */
  detailsJson: string;
}

/** Labels at one revision, by the text of the reference. */
export class LabelCache {
  readonly #entries = new Map<string, CachedLabel>();
  readonly #maxEntries: number;

  /** At most about `most` are kept; whoever lets them have no end looks at how many there are. */
  constructor(maxEntries = DEFAULT_MAX_ENTRIES) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Looks up what texts refer to that are split at their references. */
  async load(db: Reader, revision: number, segmentLists: string[][]): Promise<void> {
    if (this.#entries.size > this.#maxEntries) this.#entries.clear();
    const missingReferences = new Set<string>();
    for (const segments of segmentLists) {
      for (let index = 1; index < segments.length; index += 2) {
        if (!this.#entries.has(segments[index] as string)) missingReferences.add(segments[index] as string);
      }
    }
    // Parsed, so that what is kept holds on to no body that it was a part of.
    const references = [...missingReferences].map((text) => JSON.parse(text) as Reference);
    const labels = await findLabels(db, revision, references);
    for (const reference of references) {
      this.#entries.set(JSON.stringify(reference), toCachedLabel(reference, labels.get(refKey(reference))));
    }
  }

  /** The text with a label in each reference. */
  insertLabels(segments: string[]): string {
    let json = segments[0] as string;
    for (let index = 1; index < segments.length; index += 2) {
      json += (this.#entries.get(segments[index] as string) as CachedLabel).labelJson + segments[index + 1];
    }
    return json;
  }

  /** The same of evidence. */
  insertDocumentDetails(segments: string[]): string {
    let json = segments[0] as string;
    for (let index = 1; index < segments.length; index += 2) {
      json += (this.#entries.get(segments[index] as string) as CachedLabel).detailsJson + segments[index + 1];
    }
    return json;
  }
}

function toCachedLabel({ type, id }: Reference, fact: Label | undefined): CachedLabel {
  const reference = { type, id, label: fact?.label ?? id };
  const labelJson = JSON.stringify(reference);
  if (type !== 'document') return { labelJson, detailsJson: labelJson };
  const { sha256 = '', publishedOn = null, url = null } = fact?.body ? JSON.parse(fact.body) : {};
  return { labelJson, detailsJson: JSON.stringify({ ...reference, sha256, publishedOn, url }) };
}
