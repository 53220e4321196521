/** Statements and events as rows of a table, column by column. */
import { COLLECTIONS, type Known, type Version } from './export-lookups.ts';

interface Reference {
  type: string;
  id: string;
}

/** As far as both types have it. */
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

const AROUND =
  'according_to_id,according_to,reported_on,recorded_at,revision,version,inferred,inference_notes,source_id,source_start,' +
  'source_end,source_quote,sources,retracted_revision,retracted_reason,permalink';

export const HEADERS: Record<string, string> = {
  statement:
    'id,label,speaker_type,speaker_id,speaker,mode,text,cue,part_role,part_quoted,part_start,part_end,part,modality,' +
    `addressee_type,addressee_id,addressee,about_type,about_id,about,topic,event_id,event,said_on,${AROUND}`,
  event:
    'id,label,name,kind,status,start_date,end_date,date_precision,after_id,after,place,country_code,latitude,longitude,' +
    'precision,part_of_id,part_of,organizer_type,organizer_id,organizer,participant_type,participant_id,participant,' +
    `participant_role,participant_attendance,agenda,${AROUND}`,
};

export const ROWS: Record<string, (version: Version, known: Known) => string> = {
  statement(version, known) {
    const body: Statement = JSON.parse(version.body);
    const { parts } = body;
    return (
      `${version.id},${text(version.label)},${several(body.speakers, known)},${body.mode},${text(body.text)},` +
      `${text(body.cue)},${list(parts, ({ role }) => role)},${list(parts, ({ quoted }) => String(quoted))},` +
      `${list(parts, ({ start }) => String(start))},${list(parts, ({ end }) => String(end))},` +
      `${list(parts, ({ exact }) => exact)},${list(body.modality, itself)},${several(body.addressees, known)},` +
      `${several(body.about, known)},${list(body.topics, itself)},${one(body.event, known)},${body.saidOn ?? ''},` +
      around(version, body, known)
    );
  },
  event(version, known) {
    const body: Event = JSON.parse(version.body);
    const { place, organizer, participants } = body;
    const actors = participants.map(({ actor }) => actor);
    return (
      `${version.id},${text(version.label)},${text(body.name)},${text(body.kind)},${body.status},` +
      `${body.startDate ?? ''},${body.endDate ?? ''},${body.datePrecision ?? ''},${one(body.after, known)},` +
      (place
        ? `${text(place.name)},${text(place.countryCode)},${place.latitude},${place.longitude},${place.precision},`
        : ',,,,,') +
      `${one(body.partOf, known)},${organizer?.type ?? ''},${one(organizer, known)},${several(actors, known)},` +
      `${participants.some(({ role }) => role !== null) ? list(participants, ({ role }) => role ?? '') : ''},` +
      `${list(participants, ({ attendance }) => attendance)},${list(body.agenda, itself)},` +
      around(version, body, known)
    );
  },
};

function around(
  { type, id, version, rev_from, reported_on }: Version,
  { accordingTo, evidence, inferences }: Body,
  known: Known,
): string {
  const [source] = evidence;
  const inferred = inferences.length > 0 ? [...new Set(inferences.flatMap(({ fields }) => fields))] : [];
  const notes = inferences.map(({ kind, note }) => `${kind}: ${note}`).join('; ');
  return (
    `${one(accordingTo, known)},${reported_on ?? ''},${known.recordedAt.get(rev_from)},${rev_from},${version},` +
    `${list(inferred, itself)},${text(notes)},` +
    (source ? `${source.document.id},${source.start},${source.end},${text(source.exact)},` : ',,,,') +
    `${list(evidence, ({ document, start, end }) => `${document.id}#char=${start},${end}`)},,,` +
    `${known.url}/${COLLECTIONS[type]}/${id}\r\n`
  );
}

const itself = (value: string) => value;

const labelOf = ({ type, id }: Reference, { labels }: Known): string => labels.get(type)?.get(id) ?? id;

const one = (to: Reference | null, known: Known): string =>
  to ? `${to.id},${text(labelOf(to, known))}` : ',';

const several = (to: Reference[], known: Known): string =>
  `${list(to, ({ type }) => type)},${list(to, ({ id }) => id)},${list(to, (each) => labelOf(each, known))}`;

/** What would be taken for the end of an entry has a backslash before it. */
function list<T>(values: T[], of: (value: T) => string): string {
  let joined = '';
  for (const [at, value] of values.entries()) {
    const entry = of(value);
    joined += at === 0 ? '' : '; ';
    joined +=
      entry.includes(';') || entry.endsWith('\\') ? entry.replace(/\\(?=;|$)|;(?= )/g, '\\$&') : entry;
  }
  return text(joined);
}

/** Quoted where it must be, and no formula. */
function text(value: string | null): string {
  if (!value) return '';
  const told = /^[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(told) ? `"${told.replaceAll('"', '""')}"` : told;
}
