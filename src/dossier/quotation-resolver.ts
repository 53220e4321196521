/** Resolution of quotations to ranges of the source, with messages for those that fail (invariant 2). */
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

/** Limits on searches for the closest match, whose cost grows with the source. Later quotations get none. */
const MAX_NEAREST_SEARCHES = 20;
const MAX_SEARCHED_UNITS = 400_000;
const MAX_LISTED_POSITIONS = 5;

export class QuotationResolver {
  /** Ranges that quotations match or seem to mean, so that a misquoted sentence is not also uncovered. */
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

  /** Returns the only range that the quotation at `path` matches, or null after reporting a problem. */
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

  /** Searches for the same quotation only once. */
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
    const ellipsis = ranges.length > MAX_LISTED_POSITIONS ? ' and elsewhere' : '';
    const summary = `${quoteForMessage(quote)} occurs ${ranges.length} times in the source`;
    return `${summary}, at ${positions.join('; ')}${ellipsis}: add a prefix or suffix to make it unique`;
  }

  #describeMissing({ quote, prefix, suffix }: Quotation): string {
    const [rangeWithoutContext] = findQuotationRanges(this.#source, { quote });
    if (rangeWithoutContext) {
      this.matchedRanges.push(rangeWithoutContext);
      const contextParts = [
        prefix && `after ${quoteForMessage(prefix)}`,
        suffix && `before ${quoteForMessage(suffix)}`,
      ];
      return `${quoteForMessage(quote)} occurs at ${this.#formatPosition(rangeWithoutContext)}, but not ${contextParts.filter(Boolean).join(' and ')}`;
    }
    const summary = `${quoteForMessage(quote)} not found in the source`;
    this.#remainingNearestSearches -= 1;
    if (this.#remainingNearestSearches < 0)
      return `${summary} (the closest match is shown only for the first few)`;
    const nearest = findNearest(this.#source, quote);
    if (!nearest) return `${summary}, nor any similar text`;
    this.matchedRanges.push(nearest);
    const nearestText = this.#source.text.slice(nearest.start, nearest.end);
    return `${summary}; the closest match is at ${this.#formatPosition(nearest)}: ${quoteForMessage(nearestText)}`;
  }

  #formatPosition({ start }: TextRange): string {
    const { line, column } = toLineAndColumn(this.#source, start);
    return `line ${line}, column ${column}`;
  }
}
