/** Every format of a list of facts, in the order in which the documentation names them. A new format is one more line here. */
import type { Resource } from '../model/fact-type.ts';
import { csv } from './csv.ts';
import { atom, jsonFeed } from './feeds/fact-feeds.ts';
import type { Format } from './format.ts';
import { geojson } from './geojson.ts';
import { ics } from './icalendar.ts';
import { jsonld } from './jsonld/index.ts';
import { ndjson } from './ndjson.ts';
import { timelineCsv, timelineJson } from './timelinejs.ts';

const formats = [
  csv,
  ndjson,
  geojson,
  ics,
  timelineCsv,
  timelineJson,
  atom,
  jsonFeed,
  jsonld,
] as unknown as Format<unknown>[];

/** The formats that the facts of a type can be had in. */
export function formatsOf(resource: Resource): Format<unknown>[] {
  const known = fitting.get(resource);
  if (known) return known;
  const found = formats.filter(({ fits }) => fits(resource));
  fitting.set(resource, found);
  return found;
}

const fitting = new Map<Resource, Format<unknown>[]>();
