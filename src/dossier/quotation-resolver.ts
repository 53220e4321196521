/** Resolution of quotations to ranges of the source, with messages for those that fail (invariant 2). */
import { splitGraphemes } from '../lib/graphemes.ts';
import { foldLookAlikes } from '../lib/look-alikes.ts';
import { formatNumber } from '../lib/numbers.ts';
import { findFirstDifference, formatHiddenDifferences } from '../lib/text-differences.ts';
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
/** Limits on the quotations whose wrong context is looked into, and on the occurrences of each. */
const MAX_CONTEXT_SEARCHES = 20;
const MAX_COMPARED_CONTEXTS = 200;

export class QuotationResolver {
  /** Ranges that quotations match or seem to mean, so that a misquoted sentence is not also uncovered. */
  readonly matchedRanges: TextRange[] = [];
  readonly #source: SourceText;
  readonly #collector: ProblemCollector;
  readonly #rangesByQuotation = new Map<string, TextRange[]>();
  #remainingNearestSearches: number;
  #remainingContextSearches = MAX_CONTEXT_SEARCHES;

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
    const summary = `${quoteForMessage(quote)} occurs ${this.#formatOccurrences(ranges)}`;
    return `${summary}: add a prefix or suffix to make it unique`;
  }

  #describeMissing(quotation: Quotation): string {
    const { quote } = quotation;
    const ranges = findQuotationRanges(this.#source, { quote });
    const [rangeWithoutContext] = ranges;
    if (rangeWithoutContext) {
      this.matchedRanges.push(rangeWithoutContext);
      return this.#describeWrongContext(quotation, ranges);
    }
    const summary = `${quoteForMessage(quote)} not found in the source`;
    this.#remainingNearestSearches -= 1;
    if (this.#remainingNearestSearches < 0)
      return `${summary} (the closest match is shown only for the first few)`;
    const nearest = findNearest(this.#source, quote);
    if (!nearest) return `${summary}, nor any similar text`;
    this.matchedRanges.push(nearest);
    const nearestText = this.#source.text.slice(nearest.start, nearest.end);
    // Both excerpts show the first difference.
    const focus = findFirstDifference(quote, nearestText);
    const match = `the closest match is at ${this.#formatPosition(nearest)}: ${quoteForMessage(nearestText, focus)}`;
    return `${quoteForMessage(quote, focus)} not found in the source; ${match}${formatHiddenDifferences(nearestText, quote)}`;
  }

  /** Describes a quotation that occurs, but nowhere with its prefix and suffix. */
  #describeWrongContext({ quote, prefix, suffix }: Quotation, ranges: TextRange[]): string {
    const contextParts = [
      prefix && `after ${quoteForMessage(prefix)}`,
      suffix && `before ${quoteForMessage(suffix)}`,
    ];
    const occurrences = ranges.length === 1 ? this.#formatPositions(ranges) : this.#formatOccurrences(ranges);
    const summary = `${quoteForMessage(quote)} occurs ${occurrences}, but not ${contextParts.filter(Boolean).join(' and ')}`;
    return `${summary}${this.#findHiddenContextDifference({ quote, prefix, suffix }, ranges)}`;
  }

  /** Describes how a context that looks the same as the given one differs from it; empty if there is none. */
  #findHiddenContextDifference({ prefix = '', suffix = '' }: Quotation, ranges: TextRange[]): string {
    const { text } = this.#source;
    this.#remainingContextSearches -= 1;
    if (this.#remainingContextSearches < 0) return '';
    for (const { start, end } of ranges.slice(0, MAX_COMPARED_CONTEXTS)) {
      const before = takeLookAlike(text.slice(0, start).trimEnd(), prefix.trimEnd(), 'end');
      const after = takeLookAlike(text.slice(end).trimStart(), suffix.trimStart(), 'start');
      if (before === null || after === null) continue;
      return `${formatHiddenDifferences(before, prefix.trimEnd(), 'prefix')}${formatHiddenDifferences(after, suffix.trimStart(), 'suffix')}`;
    }
    return '';
  }

  #formatOccurrences(ranges: TextRange[]): string {
    return `${ranges.length} times in the source, ${this.#formatPositions(ranges)}`;
  }

  #formatPositions(ranges: TextRange[]): string {
    const positions = ranges.slice(0, MAX_LISTED_POSITIONS).map((range) => this.#formatPosition(range));
    const more = ranges.length - MAX_LISTED_POSITIONS;
    return `at ${positions.join('; ')}${more > 0 ? ` and ${formatNumber(more)} more` : ''}`;
  }

  #formatPosition({ start }: TextRange): string {
    const { line, column } = toLineAndColumn(this.#source, start);
    return `line ${line}, column ${column}`;
  }
}

/** Returns the part at one end of `text` that looks like `given`, or null if there is none. */
function takeLookAlike(text: string, given: string, side: 'start' | 'end'): string | null {
  const folded = foldLookAlikes(given);
  // Invisible characters can make the text longer than what was given.
  const units = 2 * given.length + 16;
  const window = side === 'end' ? text.slice(-units) : text.slice(0, units);
  const graphemes = splitGraphemes(given === '' ? '' : window);
  let [match, foldedMatch] = ['', ''];
  while (foldedMatch.length < folded.length && graphemes.length > 0) {
    const grapheme = (side === 'end' ? graphemes.pop() : graphemes.shift()) as string;
    const foldedGrapheme = foldLookAlikes(grapheme);
    match = side === 'end' ? grapheme + match : match + grapheme;
    foldedMatch = side === 'end' ? foldedGrapheme + foldedMatch : foldedMatch + foldedGrapheme;
    if (!(side === 'end' ? folded.endsWith(foldedMatch) : folded.startsWith(foldedMatch))) return null;
  }
  return foldedMatch === folded ? match : null;
}
