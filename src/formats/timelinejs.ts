/** Timelines for TimelineJS: as the table that it reads, and as its JSON. */
import * as z from 'zod';
import { JSON_MEDIA_TYPE } from '../http/route-definition.ts';
import { escapeHtml } from '../lib/html.ts';
import { CSV_MEDIA_TYPE, type CsvParameters, csvParameters, formatCsvHeader, formatCsvRows } from './csv.ts';
import { buildNotes, type DatedFact, formatOpenPeriod, isDated, toDatedFact } from './dated-facts.ts';
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
const COLUMNS: [name: string, getCell: (slide: Slide) => Cell | undefined][] = [
  ['Year', ({ start_date }) => start_date.year],
  ['Month', ({ start_date }) => start_date.month],
  ['Day', ({ start_date }) => start_date.day],
  ['Time', emptyCell],
  ['End Year', ({ end_date }) => end_date?.year],
  ['End Month', ({ end_date }) => end_date?.month],
  ['End Day', ({ end_date }) => end_date?.day],
  ['End Time', emptyCell],
  ['Display Date', ({ display_date }) => display_date],
  ['Headline', ({ text }) => text.headline],
  ['Text', ({ text }) => text.text],
  ['Media', emptyCell],
  ['Media Credit', emptyCell],
  ['Media Caption', emptyCell],
  ['Media Thumbnail', emptyCell],
  ['Alt Text', emptyCell],
  ['Type', emptyCell],
  ['Group', ({ group }) => group],
  ['Background', emptyCell],
];

function emptyCell(): undefined {}

const SHARED_DESCRIPTION =
  'The text of a slide is HTML, with the words of the evidence and a link to the fact. A date that is known to the month ' +
  'or year has no day. What is ongoing without an end lasts until it was reported. Facts without a date are left out.';

export const timelineCsv: Format = {
  extension: 'timeline.csv',
  mediaType: CSV_MEDIA_TYPE,
  appliesTo: isDated,
  parameters: () => csvParameters,
  title: 'a table for TimelineJS',
  describe: () =>
    `The columns that TimelineJS reads: ${COLUMNS.map(([name]) => name).join(', ')}. ${SHARED_DESCRIPTION}`,
  tools: () => [{ name: 'TimelineJS, by way of a spreadsheet' }],
  schema: () => z.string(),
  async *serialize(pages, { factType, parameters, publicUrl }) {
    const csvOptions = parameters as unknown as CsvParameters;
    yield formatCsvHeader(
      COLUMNS.map(([name]) => name),
      csvOptions,
    );
    for await (const facts of pages) {
      const slides = facts.flatMap((fact) => toSlides(toDatedFact(factType, fact), publicUrl));
      const rows = slides.map((slide) => COLUMNS.map(([, getCell]) => getCell(slide) ?? null));
      yield formatCsvRows(rows, csvOptions);
    }
  },
};

export const timelineJson: Format = {
  extension: 'timeline.json',
  mediaType: JSON_MEDIA_TYPE,
  appliesTo: isDated,
  title: 'JSON for TimelineJS',
  describe: () => `What TimelineJS reads. ${SHARED_DESCRIPTION}`,
  tools: () => [{ name: 'TimelineJS' }],
  schema: () => Timeline,
  async *serialize(pages, { factType, publicUrl }) {
    let separator = '\n';
    yield '{"events":[';
    for await (const facts of pages) {
      let text = '';
      for (const slide of facts.flatMap((fact) => toSlides(toDatedFact(factType, fact), publicUrl))) {
        text += separator + JSON.stringify(slide);
        separator = ',\n';
      }
      yield text;
    }
    yield '\n]}\n';
  },
};

/** No slide of a fact without a date. */
function toSlides(datedFact: DatedFact | null, publicUrl: string): Slide[] {
  if (!datedFact) return [];
  const { fact, period, precision, kind } = datedFact;
  const [start, end] = [toSlideDate(period.from, precision), toSlideDate(period.to, precision)];
  const displayDate = formatOpenPeriod(datedFact);
  return [
    {
      start_date: start,
      ...(JSON.stringify(start) !== JSON.stringify(end) && { end_date: end }),
      // TimelineJS words dates itself, but knows none that are open.
      ...(displayDate !== null && { display_date: displayDate }),
      text: { headline: escapeHtml(fact.label), text: renderSlideText(datedFact, publicUrl) },
      group: kind,
      unique_id: fact.id,
    },
  ];
}

function toSlideDate(date: string, precision: DatedFact['precision']): SlideDate {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  if (precision === 'year') return { year };
  return precision === 'month' ? { year, month } : { year, month, day };
}

function renderSlideText(datedFact: DatedFact, publicUrl: string): string {
  const { evidence = [], links } = datedFact.fact;
  const quotations = evidence.map(
    ({ exact, document, start, end }) =>
      `<blockquote>${escapeHtml(exact)}</blockquote><p><cite>${escapeHtml(document.label)}</cite>, characters ${start} to ${end}</p>`,
  );
  const notes = buildNotes(datedFact).map((note) => `<p>${escapeHtml(note)}</p>`);
  const link = `<p><a href="${escapeHtml(publicUrl + links.html)}">All about this fact, and what was inferred</a></p>`;
  return [...quotations, ...notes, link].join('');
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
