/** Timelines for TimelineJS: as the table that it reads, and as its JSON. */
import * as z from 'zod';
import { JSON_TYPE } from '../http/route-definition.ts';
import { escaped } from '../lib/html.ts';
import { CSV_TYPE, type CsvParameters, csvHeader, csvLines, csvParameters } from './csv.ts';
import { type Dated, dated, hasOccasions, openDaysInWords, remarksOn } from './dated-facts.ts';
import type { Format } from './format.ts';
import type { Cell } from './table-columns.ts';

/** A day, or the month or year that is all that is known. */
interface SlideDate {
  year: number;
  month?: number;
  day?: number;
}

interface Slide {
  start_date: SlideDate;
  end_date?: SlideDate;
  display_date?: string;
  text: { headline: string; text: string };
  group: string;
  unique_id: string;
}

/** By their names in TimelineJS's template; what is left out stays empty. */
const COLUMNS: [name: string, cell: (slide: Slide) => Cell | undefined][] = [
  ['Year', ({ start_date }) => start_date.year],
  ['Month', ({ start_date }) => start_date.month],
  ['Day', ({ start_date }) => start_date.day],
  ['Time', empty],
  ['End Year', ({ end_date }) => end_date?.year],
  ['End Month', ({ end_date }) => end_date?.month],
  ['End Day', ({ end_date }) => end_date?.day],
  ['End Time', empty],
  ['Display Date', ({ display_date }) => display_date],
  ['Headline', ({ text }) => text.headline],
  ['Text', ({ text }) => text.text],
  ['Media', empty],
  ['Media Credit', empty],
  ['Media Caption', empty],
  ['Media Thumbnail', empty],
  ['Alt Text', empty],
  ['Type', empty],
  ['Group', ({ group }) => group],
  ['Background', empty],
];

function empty(): undefined {}

const TOLD =
  'The text of a slide is HTML, with the words of the evidence and a link to the fact. A date that is known to the month ' +
  'or year has no day. What is ongoing without an end lasts until it was reported. Facts without a date are left out.';

export const timelineCsv: Format = {
  extension: 'timeline.csv',
  mediaType: CSV_TYPE,
  fits: hasOccasions,
  parameters: () => csvParameters,
  title: 'a table for TimelineJS',
  describe: () => `The columns that TimelineJS reads: ${COLUMNS.map(([name]) => name).join(', ')}. ${TOLD}`,
  tools: () => [{ tool: 'TimelineJS, by way of a spreadsheet' }],
  schema: () => z.string(),
  async *write(pages, { resource, parameters, publicUrl }) {
    const written = parameters as unknown as CsvParameters;
    yield csvHeader(
      COLUMNS.map(([name]) => name),
      written,
    );
    for await (const facts of pages) {
      const slides = facts.flatMap((fact) => slideOf(dated(resource, fact), publicUrl));
      const rows = slides.map((slide) => COLUMNS.map(([, cell]) => cell(slide) ?? null));
      yield csvLines(rows, written);
    }
  },
};

export const timelineJson: Format = {
  extension: 'timeline.json',
  mediaType: JSON_TYPE,
  fits: hasOccasions,
  title: 'JSON for TimelineJS',
  describe: () => `What TimelineJS reads. ${TOLD}`,
  tools: () => [{ tool: 'TimelineJS' }],
  schema: () => Timeline,
  async *write(pages, { resource, publicUrl }) {
    let separator = '\n';
    yield '{"events":[';
    for await (const facts of pages) {
      let text = '';
      for (const slide of facts.flatMap((fact) => slideOf(dated(resource, fact), publicUrl))) {
        text += separator + JSON.stringify(slide);
        separator = ',\n';
      }
      yield text;
    }
    yield '\n]}\n';
  },
};

/** No slide of a fact without a date. */
function slideOf(each: Dated | null, publicUrl: string): Slide[] {
  if (!each) return [];
  const { fact, period, precision, kind } = each;
  const [start, end] = [dateOf(period.from, precision), dateOf(period.to, precision)];
  const words = openDaysInWords(each);
  return [
    {
      start_date: start,
      ...(JSON.stringify(start) !== JSON.stringify(end) && { end_date: end }),
      // TimelineJS words dates itself, but knows none that are open.
      ...(words !== null && { display_date: words }),
      text: { headline: escaped(fact.label), text: htmlOf(each, publicUrl) },
      group: kind,
      unique_id: fact.id,
    },
  ];
}

function dateOf(date: string, precision: Dated['precision']): SlideDate {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  if (precision === 'year') return { year };
  return precision === 'month' ? { year, month } : { year, month, day };
}

function htmlOf(each: Dated, publicUrl: string): string {
  const { evidence = [], links } = each.fact;
  const quotations = evidence.map(
    ({ exact, document, start, end }) =>
      `<blockquote>${escaped(exact)}</blockquote><p><cite>${escaped(document.label)}</cite>, characters ${start} to ${end}</p>`,
  );
  const remarks = remarksOn(each).map((remark) => `<p>${escaped(remark)}</p>`);
  const link = `<p><a href="${escaped(publicUrl + links.html)}">All about this fact, and what was inferred</a></p>`;
  return [...quotations, ...remarks, link].join('');
}

const SlideDate = z
  .object({
    year: z.int(),
    month: z.int().min(1).max(12).optional(),
    day: z.int().min(1).max(31).optional(),
  })
  .meta({ id: 'TimelineDate', description: 'A day, or the month or year that is all that is known.' });

const Timeline = z
  .object({
    events: z.array(
      z
        .object({
          start_date: SlideDate,
          end_date: SlideDate.optional(),
          display_date: z.string().optional().describe('The dates in words, where they do not say it all.'),
          text: z
            .object({ headline: z.string().describe('HTML.'), text: z.string().describe('HTML.') })
            .meta({ id: 'TimelineText' }),
          group: z.string().describe('The kind of the fact.'),
          unique_id: z.string().describe('The id of the fact.'),
        })
        .meta({ id: 'TimelineSlide' }),
    ),
  })
  .meta({ id: 'Timeline', description: 'A timeline as TimelineJS reads it.' });
