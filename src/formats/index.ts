/** Every format of a list of facts, in the order in which the documentation names them. A new format is one more line here. */
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

/** The formats that the facts of a type can be had in. */
export function getFormats(factType: FactType): Format<unknown>[] {
  const cached = formatsByType.get(factType);
  if (cached) return cached;
  const applicable = formats.filter(({ appliesTo }) => appliesTo(factType));
  formatsByType.set(factType, applicable);
  return applicable;
}

const formatsByType = new Map<FactType, Format<unknown>[]>();
