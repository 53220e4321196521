/** Labels of references in responses. In evidence, references to documents also have their details. */
import { LRUCache } from 'lru-cache';
import { refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import type { Reader } from '../../store/database.ts';
import { findLabels, type Label } from '../../store/queries/facts.ts';

/** Reference in a stored body. Nothing else matches: inside a JSON string the quotes would be escaped. */
export const REFERENCE_REGEX = /(\{"type":"[a-z-]+","id":"[a-z0-9-]+"\})/;

/** Enough for the pages of one list. */
const DEFAULT_MAX_ENTRIES = 2_000;

/** JSON that replaces a reference. */
interface CachedLabel {
  labelJson: string;
  /** Replacement in evidence, with the details of a document. */
  detailsJson: string;
}

/** Labels by the JSON of the reference. */
export type Labels = ReadonlyMap<string, CachedLabel>;

/** Cache of labels at one revision. */
export class LabelCache {
  readonly #entries: LRUCache<string, CachedLabel>;

  constructor(maxEntries = DEFAULT_MAX_ENTRIES) {
    // With `max`, lru-cache would allocate all entries in advance, which takes longer than most exports.
    this.#entries = new LRUCache({ maxSize: maxEntries, sizeCalculation: () => 1 });
  }

  /** Loads the labels of all references in texts that are split by `REFERENCE_REGEX`. */
  async load(db: Reader, revision: number, segmentLists: string[][]): Promise<Labels> {
    const labels = new Map<string, CachedLabel>();
    const missingReferences = new Set<string>();
    for (const segments of segmentLists) {
      for (let index = 1; index < segments.length; index += 2) {
        const text = segments[index] as string;
        if (labels.has(text)) continue;
        const cached = this.#entries.get(text);
        if (cached) labels.set(text, cached);
        else missingReferences.add(text);
      }
    }
    // Parsed, because a cached substring would keep the body it was cut from in memory.
    const references = [...missingReferences].map((text) => JSON.parse(text) as Reference);
    const facts = await findLabels(db, revision, references);
    for (const reference of references) {
      const text = JSON.stringify(reference);
      const label = toCachedLabel(reference, facts.get(refKey(reference)));
      labels.set(text, label);
      this.#entries.set(text, label);
    }
    return labels;
  }
}

/** Joins the segments, with a label in each reference. */
export const insertLabels = (segments: string[], labels: Labels): string =>
  joinSegments(segments, labels, 'labelJson');

/** Joins the segments of evidence, with the details of each document. */
export const insertDocumentDetails = (segments: string[], labels: Labels): string =>
  joinSegments(segments, labels, 'detailsJson');

function joinSegments(segments: string[], labels: Labels, replacement: keyof CachedLabel): string {
  let json = segments[0] as string;
  for (let index = 1; index < segments.length; index += 2) {
    json += (labels.get(segments[index] as string) as CachedLabel)[replacement] + segments[index + 1];
  }
  return json;
}

function toCachedLabel({ type, id }: Reference, fact: Label | undefined): CachedLabel {
  const reference = { type, id, label: fact?.label ?? id };
  const labelJson = JSON.stringify(reference);
  if (type !== 'document') return { labelJson, detailsJson: labelJson };
  const { sha256 = '', publishedOn = null, url = null } = fact?.body ? JSON.parse(fact.body) : {};
  return { labelJson, detailsJson: JSON.stringify({ ...reference, sha256, publishedOn, url }) };
}
