/** Labels of references in responses. In evidence, references to documents also have their details. */
import { refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import type { Reader } from '../../store/database.ts';
import { findLabels, type Label } from '../../store/queries/facts.ts';

/** Reference in a stored body. Nothing else matches: inside a JSON string the quotes would be escaped. */
export const REFERENCE_REGEX = /(\{"type":"[a-z-]+","id":"[a-z0-9-]+"\})/;

/** Maximum number of labels cached for the pages of one list. */
const DEFAULT_MAX_ENTRIES = 2_000;

/** JSON that replaces a reference. */
interface CachedLabel {
  labelJson: string;
  /** Replacement in evidence, with the details of a document. */
  detailsJson: string;
}

/** Cache of labels at one revision, by the JSON of the reference. */
export class LabelCache {
  readonly #entries = new Map<string, CachedLabel>();
  readonly #maxEntries: number;

  /** `load` clears a cache with more than `maxEntries`; a caller without a maximum checks `size` itself. */
  constructor(maxEntries = DEFAULT_MAX_ENTRIES) {
    this.#maxEntries = maxEntries;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Loads the labels of all references in texts that are split by `REFERENCE_REGEX`. */
  async load(db: Reader, revision: number, segmentLists: string[][]): Promise<void> {
    if (this.#entries.size > this.#maxEntries) this.#entries.clear();
    const missingReferences = new Set<string>();
    for (const segments of segmentLists) {
      for (let index = 1; index < segments.length; index += 2) {
        if (!this.#entries.has(segments[index] as string)) missingReferences.add(segments[index] as string);
      }
    }
    // Parsed, because a cached substring would keep the body it was cut from in memory.
    const references = [...missingReferences].map((text) => JSON.parse(text) as Reference);
    const labels = await findLabels(db, revision, references);
    for (const reference of references) {
      this.#entries.set(JSON.stringify(reference), toCachedLabel(reference, labels.get(refKey(reference))));
    }
  }

  /** Joins the segments, with a label in each reference. */
  insertLabels(segments: string[]): string {
    let json = segments[0] as string;
    for (let index = 1; index < segments.length; index += 2) {
      json += (this.#entries.get(segments[index] as string) as CachedLabel).labelJson + segments[index + 1];
    }
    return json;
  }

  /** Joins the segments of evidence, with the details of each document. */
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
