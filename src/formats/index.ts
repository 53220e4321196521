/** All formats of lists of facts, in the order of the documentation. New formats are added here. */
import type { FactType } from '../model/fact-type.ts';
import { csv } from './csv.ts';
import { atom, jsonFeed } from './feeds/fact-feeds.ts';
import type { Format } from './format.ts';
import { geojson } from './geojson.ts';
import { icalendar } from './icalendar.ts';
import { jsonld } from './jsonld/index.ts';
import { ndjson } from './ndjson.ts';
import { timelineCsv, timelineJson } from './timelinejs.ts';

const formats = [
  csv,
  ndjson,
  geojson,
  icalendar,
  timelineCsv,
  timelineJson,
  atom,
  jsonFeed,
  jsonld,
] as unknown as Format<unknown>[];

/** Returns the formats that apply to facts of this type. */
export function getFormats(factType: FactType): Format<unknown>[] {
  const cached = formatsByType.get(factType);
  if (cached) return cached;
  const applicable = formats.filter(({ appliesTo }) => appliesTo(factType));
  formatsByType.set(factType, applicable);
  return applicable;
}

const formatsByType = new Map<FactType, Format<unknown>[]>();
