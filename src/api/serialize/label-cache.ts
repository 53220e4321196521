/** What the API answers for a reference: the label of the fact beside type and id, and in evidence what is known of the document. */
import { keyOf } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import type { Reader } from '../../store/database.ts';
import { type Label, labelsOf } from '../../store/queries/facts.ts';

/** A reference as the store has it. Nothing else looks so: within a string its quotes have backslashes before them. */
export const REFERENCE = /(\{"type":"[a-z-]+","id":"[a-z0-9-]+"\})/;

/** How many are kept for the pages of one list. */
const KEPT = 2_000;

/** What stands for a reference. */
interface Known {
  labelled: string;
  /** In evidence. */
  described: string;
}

/** Labels at one revision, by the text of the reference. */
export class Labels {
  readonly #known = new Map<string, Known>();
  readonly #most: number;

  /** At most about `most` are kept; whoever lets them have no end looks at how many there are. */
  constructor(most = KEPT) {
    this.#most = most;
  }

  get size(): number {
    return this.#known.size;
  }

  /** Looks up what texts refer to that are split at their references. */
  async lookUp(db: Reader, revision: number, texts: string[][]): Promise<void> {
    if (this.#known.size > this.#most) this.#known.clear();
    const lacking = new Set<string>();
    for (const text of texts) {
      for (let at = 1; at < text.length; at += 2) {
        if (!this.#known.has(text[at] as string)) lacking.add(text[at] as string);
      }
    }
    // Parsed, so that what is kept holds on to no body that it was a part of.
    const references = [...lacking].map((text) => JSON.parse(text) as Reference);
    const found = await labelsOf(db, revision, references);
    for (const reference of references) {
      this.#known.set(JSON.stringify(reference), knownOf(reference, found.get(keyOf(reference))));
    }
  }

  /** The text with a label in each reference. */
  labelled(text: string[]): string {
    let labelled = text[0] as string;
    for (let at = 1; at < text.length; at += 2) {
      labelled += (this.#known.get(text[at] as string) as Known).labelled + text[at + 1];
    }
    return labelled;
  }

  /** The same of evidence. */
  described(text: string[]): string {
    let described = text[0] as string;
    for (let at = 1; at < text.length; at += 2) {
      described += (this.#known.get(text[at] as string) as Known).described + text[at + 1];
    }
    return described;
  }
}

function knownOf({ type, id }: Reference, found: Label | undefined): Known {
  const reference = { type, id, label: found?.label ?? id };
  const labelled = JSON.stringify(reference);
  if (type !== 'document') return { labelled, described: labelled };
  const { sha256 = '', publishedOn = null, url = null } = found?.body ? JSON.parse(found.body) : {};
  return { labelled, described: JSON.stringify({ ...reference, sha256, publishedOn, url }) };
}
