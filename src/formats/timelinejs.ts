/** Timelines for TimelineJS: as the CSV that it reads through a spreadsheet, and as its JSON. */
import * as z from 'zod';
import { JSON_MEDIA_TYPE } from '../http/route-definition.ts';
import { escapeHtml } from '../lib/html.ts';
import { listEvidence } from '../model/main-evidence.ts';
import { getFactType } from '../model/types/index.ts';
import { CSV_MEDIA_TYPE, type CsvParameters, csvParameters, formatCsvHeader, formatCsvRows } from './csv.ts';
import { buildNotes, type DatedFact, formatOpenPeriod, isDated, toDatedFact } from './dated-facts.ts';
import type { Format } from './format.ts';
import type { Cell } from './table-columns.ts';

/** Date without the parts that are unknown: the day, or day and month. */
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

/** Columns of TimelineJS's spreadsheet template; undefined cells stay empty. */
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
  'The text of a slide is HTML, with the quotations and a link to the fact. If only the month or year of a date is known, ' +
  'the day is empty. Entries whose end is not stated have a start alone. Facts without a date are left out.';

export const timelineCsv: Format = {
  extension: 'timeline.csv',
  mediaType: CSV_MEDIA_TYPE,
  appliesTo: isDated,
  parameters: () => csvParameters,
  title: 'TimelineJS CSV',
  description: `The columns that TimelineJS reads: ${COLUMNS.map(([name]) => name).join(', ')}. ${SHARED_DESCRIPTION}`,
  tools: () => [{ name: 'TimelineJS, through a spreadsheet' }],
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
  title: 'TimelineJS JSON',
  description: `The JSON that TimelineJS reads. ${SHARED_DESCRIPTION}`,
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

/** Returns no slide for a fact without a date. */
function toSlides(datedFact: DatedFact | null, publicUrl: string): Slide[] {
  if (!datedFact) return [];
  const { fact, period, precision, kind } = datedFact;
  const [start, end] = [toSlideDate(period.from, precision), toSlideDate(period.to, precision)];
  const displayDate = formatOpenPeriod(datedFact);
  return [
    {
      start_date: start,
      ...(JSON.stringify(start) !== JSON.stringify(end) && { end_date: end }),
      // TimelineJS formats dates itself, but has no open periods.
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
  const { fact } = datedFact;
  const quotations = listEvidence(getFactType(fact.type), fact).map(
    ({ exact, document, start, end }) =>
      `<blockquote>${escapeHtml(exact)}</blockquote><p><cite>${escapeHtml(document.label)}</cite>, characters ${start} to ${end}</p>`,
  );
  const notes = buildNotes(datedFact).map((note) => `<p>${escapeHtml(note)}</p>`);
  const link = `<p><a href="${escapeHtml(publicUrl + fact.links.html)}">Details, evidence and inferences</a></p>`;
  return [...quotations, ...notes, link].join('');
}

const SlideDate = z
  .object({
    year: z.int(),
    month: z.int().min(1).max(12).optional(),
    day: z.int().min(1).max(31).optional(),
  })
  .meta({
    id: 'TimelineDate',
    description: 'A date without the parts that are unknown: the day, or day and month.',
  });

const Timeline = z
  .object({
    events: z.array(
      z
        .object({
          start_date: SlideDate,
          end_date: SlideDate.optional(),
          display_date: z.string().optional().describe('The period in words, if one of its ends is open.'),
          text: z
            .object({ headline: z.string().describe('HTML.'), text: z.string().describe('HTML.') })
            .meta({ id: 'TimelineText' }),
          group: z.string().describe('Kind of the fact.'),
          unique_id: z.string().describe('Id of the fact.'),
        })
        .meta({ id: 'TimelineSlide' }),
    ),
  })
  .meta({ id: 'Timeline', description: 'A timeline in the format of TimelineJS.' });
