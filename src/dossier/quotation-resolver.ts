/** Finds each quotation of a dossier in its source, or says why it cannot (invariant 2). */
import type { Quotation } from '../model/evidence.ts';
import {
  findNearest,
  findQuotationRanges,
  type SourceText,
  type TextRange,
  toLineAndColumn,
} from '../model/source-text.ts';
import type { ValuePath } from './parse-yaml.ts';
import { type ProblemCollector, quoteForMessage } from './validation-errors.ts';

/** Looking for the nearest match costs by the length of the source; past this much the rest are only named. */
const MAX_NEAREST_SEARCHES = 20;
const MAX_SEARCHED_UNITS = 400_000;
const MAX_LISTED_POSITIONS = 5;

export class QuotationResolver {
  /** Every place that a quotation stands at or seems to mean, so that one mistake is reported once. */
  readonly matchedRanges: TextRange[] = [];
  readonly #source: SourceText;
  readonly #collector: ProblemCollector;
  readonly #rangesByQuotation = new Map<string, TextRange[]>();
  #remainingNearestSearches: number;

  constructor(source: SourceText, collector: ProblemCollector) {
    this.#source = source;
    this.#collector = collector;
    const affordableSearches = Math.floor(MAX_SEARCHED_UNITS / (source.text.length + 1));
    this.#remainingNearestSearches = Math.min(MAX_NEAREST_SEARCHES, Math.max(1, affordableSearches));
  }

  /** The one place where the quotation at `path` stands, or null and a problem. */
  resolve(quotation: Quotation, path: ValuePath): TextRange | null {
    const ranges = this.#findRanges(quotation);
    const [range] = ranges;
    if (range && ranges.length === 1) return range;
    const quotePath = [...path, 'quote'];
    if (range)
      this.#collector.add('quotation-ambiguous', quotePath, this.#describeAmbiguous(quotation, ranges));
    else this.#collector.add('quotation-missing', quotePath, this.#describeMissing(quotation));
    return null;
  }

  /** The same words are looked for once, however often they are given. */
  #findRanges(quotation: Quotation): TextRange[] {
    const { quote, prefix = '', suffix = '' } = quotation;
    const key = `${quote.length} ${prefix.length} ${quote}${prefix}${suffix}`;
    const cachedRanges = this.#rangesByQuotation.get(key);
    if (cachedRanges) return cachedRanges;
    const ranges = findQuotationRanges(this.#source, quotation);
    for (const each of ranges) this.matchedRanges.push(each);
    this.#rangesByQuotation.set(key, ranges);
    return ranges;
  }

  #describeAmbiguous({ quote }: Quotation, ranges: TextRange[]): string {
    const positions = ranges.slice(0, MAX_LISTED_POSITIONS).map((range) => this.#formatPosition(range));
    const ellipsis = ranges.length > MAX_LISTED_POSITIONS ? ' and on' : '';
    const summary = `${quoteForMessage(quote)} stands ${ranges.length} times in the source`;
    return `${summary}, at ${positions.join('; ')}${ellipsis}: add a prefix or suffix that settles it`;
  }

  #describeMissing({ quote, prefix, suffix }: Quotation): string {
    const [rangeWithoutContext] = findQuotationRanges(this.#source, { quote });
    if (rangeWithoutContext) {
      this.matchedRanges.push(rangeWithoutContext);
      const contextParts = [
        prefix && `after ${quoteForMessage(prefix)}`,
        suffix && `before ${quoteForMessage(suffix)}`,
      ];
      return `${quoteForMessage(quote)} stands at ${this.#formatPosition(rangeWithoutContext)}, but not ${contextParts.filter(Boolean).join(' and ')}`;
    }
    const summary = `${quoteForMessage(quote)} does not stand in the source`;
    this.#remainingNearestSearches -= 1;
    if (this.#remainingNearestSearches < 0) return `${summary} (the nearest is shown for the first few only)`;
    const nearest = findNearest(this.#source, quote);
    if (!nearest) return `${summary}, and nothing in it is much like it`;
    this.matchedRanges.push(nearest);
    const nearestText = this.#source.text.slice(nearest.start, nearest.end);
    return `${summary}; the nearest is, at ${this.#formatPosition(nearest)}: ${quoteForMessage(nearestText)}`;
  }

  #formatPosition({ start }: TextRange): string {
    const { line, column } = toLineAndColumn(this.#source, start);
    return `line ${line}, column ${column}`;
  }
}
