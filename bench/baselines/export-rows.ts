/** Statements and events as CSV rows. */
import { COLLECTIONS, type ExportLookups, type FactVersion } from './export-lookups.ts';

interface Reference {
  type: string;
  id: string;
}

/** Fields that both types have. */
interface Body {
  accordingTo: Reference | null;
  evidence: { document: Reference; start: number; end: number; exact: string }[];
  inferences: { fields: string[]; kind: string; note: string }[];
}

interface Statement extends Body {
  speakers: Reference[];
  mode: string;
  text: string;
  cue: string | null;
  parts: { role: string; quoted: boolean; start: number; end: number; exact: string }[];
  modality: string[];
  addressees: Reference[];
  about: Reference[];
  topics: string[];
  event: Reference | null;
  saidOn: string | null;
}

interface Event extends Body {
  name: string;
  kind: string;
  status: string;
  startDate: string | null;
  endDate: string | null;
  datePrecision: string | null;
  after: Reference | null;
  place: {
    name: string;
    countryCode: string;
    latitude: number;
    longitude: number;
    precision: string;
  } | null;
  partOf: Reference | null;
  organizer: Reference | null;
  participants: { actor: Reference; role: string | null; attendance: string }[];
  agenda: string[];
}

const COMMON_COLUMNS =
  'according_to_id,according_to,reported_on,recorded_at,revision,version,inferred,inference_notes,source_id,source_start,' +
  'source_end,source_quote,sources,retracted_revision,retracted_reason,permalink';

export const CSV_HEADERS: Record<string, string> = {
  statement:
    'id,label,speaker_type,speaker_id,speaker,mode,text,cue,part_role,part_quoted,part_start,part_end,part,modality,' +
    `addressee_type,addressee_id,addressee,about_type,about_id,about,topic,event_id,event,said_on,${COMMON_COLUMNS}`,
  event:
    'id,label,name,kind,status,start_date,end_date,date_precision,after_id,after,place,country_code,latitude,longitude,' +
    'precision,part_of_id,part_of,organizer_type,organizer_id,organizer,participant_type,participant_id,participant,' +
    `participant_role,participant_attendance,agenda,${COMMON_COLUMNS}`,
};

export const ROW_FORMATTERS: Record<string, (version: FactVersion, lookups: ExportLookups) => string> = {
  statement(version, known) {
    const body: Statement = JSON.parse(version.body);
    const { parts } = body;
    return (
      `${version.id},${formatText(version.label)},${formatReferences(body.speakers, known)},${body.mode},${formatText(body.text)},` +
      `${formatText(body.cue)},${formatList(parts, ({ role }) => role)},${formatList(parts, ({ quoted }) => String(quoted))},` +
      `${formatList(parts, ({ start }) => String(start))},${formatList(parts, ({ end }) => String(end))},` +
      `${formatList(parts, ({ exact }) => exact)},${formatList(body.modality, identity)},${formatReferences(body.addressees, known)},` +
      `${formatReferences(body.about, known)},${formatList(body.topics, identity)},${formatReference(body.event, known)},${body.saidOn ?? ''},` +
      formatCommonColumns(version, body, known)
    );
  },
  event(version, known) {
    const body: Event = JSON.parse(version.body);
    const { place, organizer, participants } = body;
    const actors = participants.map(({ actor }) => actor);
    return (
      `${version.id},${formatText(version.label)},${formatText(body.name)},${formatText(body.kind)},${body.status},` +
      `${body.startDate ?? ''},${body.endDate ?? ''},${body.datePrecision ?? ''},${formatReference(body.after, known)},` +
      (place
        ? `${formatText(place.name)},${formatText(place.countryCode)},${place.latitude},${place.longitude},${place.precision},`
        : ',,,,,') +
      `${formatReference(body.partOf, known)},${organizer?.type ?? ''},${formatReference(organizer, known)},${formatReferences(actors, known)},` +
      `${participants.some(({ role }) => role !== null) ? formatList(participants, ({ role }) => role ?? '') : ''},` +
      `${formatList(participants, ({ attendance }) => attendance)},${formatList(body.agenda, identity)},` +
      formatCommonColumns(version, body, known)
    );
  },
};

function formatCommonColumns(
  { type, id, version, rev_from, reported_on }: FactVersion,
  { accordingTo, evidence, inferences }: Body,
  known: ExportLookups,
): string {
  const [source] = evidence;
  const inferred = inferences.length > 0 ? [...new Set(inferences.flatMap(({ fields }) => fields))] : [];
  const notes = inferences.map(({ kind, note }) => `${kind}: ${note}`).join('; ');
  return (
    `${formatReference(accordingTo, known)},${reported_on ?? ''},${known.recordedAt.get(rev_from)},${rev_from},${version},` +
    `${formatList(inferred, identity)},${formatText(notes)},` +
    (source ? `${source.document.id},${source.start},${source.end},${formatText(source.exact)},` : ',,,,') +
    `${formatList(evidence, ({ document, start, end }) => `${document.id}#char=${start},${end}`)},,,` +
    `${known.serverUrl}/${COLLECTIONS[type]}/${id}\r\n`
  );
}

const identity = (value: string) => value;

const findLabel = ({ type, id }: Reference, { labels }: ExportLookups): string =>
  labels.get(type)?.get(id) ?? id;

const formatReference = (reference: Reference | null, known: ExportLookups): string =>
  reference ? `${reference.id},${formatText(findLabel(reference, known))}` : ',';

const formatReferences = (references: Reference[], known: ExportLookups): string =>
  `${formatList(references, ({ type }) => type)},${formatList(references, ({ id }) => id)},${formatList(references, (each) => findLabel(each, known))}`;

/** Joins values with `; `. A backslash escapes characters that would end a value. */
function formatList<T>(values: T[], toText: (value: T) => string): string {
  let joined = '';
  for (const [index, value] of values.entries()) {
    const entry = toText(value);
    joined += index === 0 ? '' : '; ';
    joined +=
      entry.includes(';') || entry.endsWith('\\') ? entry.replace(/\\(?=;|$)|;(?= )/g, '\\$&') : entry;
  }
  return formatText(joined);
}

/** Quotes text if necessary, and prevents spreadsheets from reading it as a formula. */
function formatText(value: string | null): string {
  if (!value) return '';
  const escaped = /^[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(escaped) ? `"${escaped.replaceAll('"', '""')}"` : escaped;
}
