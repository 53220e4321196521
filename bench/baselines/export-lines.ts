/** NDJSON lines built from the stored JSON text: only references and the outer fields are replaced. */
import { COLLECTIONS, type ExportLookups, type FactVersion } from './export-lookups.ts';

const EVIDENCE = ',"evidence":[';
const REFERENCE = '{"type":"';

export function formatLine(
  { type, id, label, version, rev_from, reported_on, body }: FactVersion,
  { references, documents, recordedAt }: ExportLookups,
): string {
  const evidenceStart = body.lastIndexOf(EVIDENCE);
  const header = `{"type":"${type}","id":"${id}","label":${JSON.stringify(label)},"version":${version},`;
  const ownFields = replaceReferences(body.slice(1, evidenceStart), references);
  const reported = reported_on === null ? 'null' : `"${reported_on}"`;
  const timestamps = `,"reportedOn":${reported},"recordedAt":"${recordedAt.get(rev_from)}","revision":${rev_from}`;
  const path = `${COLLECTIONS[type]}/${id}`;
  const links = `,"links":{"self":"/v1/${path}","html":"/${path}"}}\n`;
  return (
    header + ownFields + timestamps + replaceReferences(body.slice(evidenceStart, -1), documents) + links
  );
}

/** Replaces each reference in `text`. */
function replaceReferences(text: string, replacements: Map<string, string>): string {
  let [output, from] = ['', 0];
  for (let start = text.indexOf(REFERENCE); start >= 0; start = text.indexOf(REFERENCE, from)) {
    const end = text.indexOf('}', start) + 1;
    const reference = text.slice(start, end);
    output += text.slice(from, start) + (replacements.get(reference) ?? reference);
    from = end;
  }
  return output + text.slice(from);
}
