/** Finds each quotation of a dossier in its source, or says why it cannot (invariant 2). */
import type { Quotation } from '../model/evidence.ts';
import { nearestTo, placesOf, positionOf, type SourceText, type Stretch } from '../model/source-text.ts';
import type { Path } from './parse-yaml.ts';
import { type Report, shown } from './validation-errors.ts';

/** Looking for the nearest match costs by the length of the source; past this much the rest are only named. */
const MAX_NEAREST = 20;
const MAX_NEAREST_UNITS = 400_000;
const MAX_PLACES_SHOWN = 5;

export class Quotations {
  /** Every place that a quotation stands at or seems to mean, so that one mistake is reported once. */
  readonly meant: Stretch[] = [];
  readonly #source: SourceText;
  readonly #report: Report;
  readonly #found = new Map<string, Stretch[]>();
  #nearestLeft: number;

  constructor(source: SourceText, report: Report) {
    this.#source = source;
    this.#report = report;
    const affordable = Math.floor(MAX_NEAREST_UNITS / (source.text.length + 1));
    this.#nearestLeft = Math.min(MAX_NEAREST, Math.max(1, affordable));
  }

  /** The one place where the quotation at `path` stands, or null and a problem. */
  place(quotation: Quotation, path: Path): Stretch | null {
    const places = this.#placesOf(quotation);
    const [place] = places;
    if (place && places.length === 1) return place;
    const at = [...path, 'quote'];
    if (place) this.#report.add('quotation-ambiguous', at, this.#ambiguous(quotation, places));
    else this.#report.add('quotation-missing', at, this.#missing(quotation));
    return null;
  }

  /** The same words are looked for once, however often they are given. */
  #placesOf(quotation: Quotation): Stretch[] {
    const { quote, prefix = '', suffix = '' } = quotation;
    const key = `${quote.length} ${prefix.length} ${quote}${prefix}${suffix}`;
    const known = this.#found.get(key);
    if (known) return known;
    const places = placesOf(this.#source, quotation);
    for (const each of places) this.meant.push(each);
    this.#found.set(key, places);
    return places;
  }

  #ambiguous({ quote }: Quotation, places: Stretch[]): string {
    const where = places.slice(0, MAX_PLACES_SHOWN).map((place) => this.#where(place));
    const more = places.length > MAX_PLACES_SHOWN ? ' and on' : '';
    const count = `${shown(quote)} stands ${places.length} times in the source`;
    return `${count}, at ${where.join('; ')}${more}: add a prefix or suffix that settles it`;
  }

  #missing({ quote, prefix, suffix }: Quotation): string {
    const [bare] = placesOf(this.#source, { quote });
    if (bare) {
      this.meant.push(bare);
      const context = [prefix && `after ${shown(prefix)}`, suffix && `before ${shown(suffix)}`];
      return `${shown(quote)} stands at ${this.#where(bare)}, but not ${context.filter(Boolean).join(' and ')}`;
    }
    const missing = `${shown(quote)} does not stand in the source`;
    this.#nearestLeft -= 1;
    if (this.#nearestLeft < 0) return `${missing} (the nearest is shown for the first few only)`;
    const nearest = nearestTo(this.#source, quote);
    if (!nearest) return `${missing}, and nothing in it is much like it`;
    this.meant.push(nearest);
    const words = this.#source.text.slice(nearest.start, nearest.end);
    return `${missing}; the nearest is, at ${this.#where(nearest)}: ${shown(words)}`;
  }

  #where({ start }: Stretch): string {
    const { line, column } = positionOf(this.#source, start);
    return `line ${line}, column ${column}`;
  }
}
