/** A fact as a line of JSON, made of the text that the store has: only references and what stands around change. */
import { COLLECTIONS, type Known, type Version } from './export-lookups.ts';

const EVIDENCE = ',"evidence":[';
const REFERENCE = '{"type":"';

export function lineOf(
  { type, id, label, version, rev_from, reported_on, body }: Version,
  { references, documents, recordedAt }: Known,
): string {
  const at = body.lastIndexOf(EVIDENCE);
  const head = `{"type":"${type}","id":"${id}","label":${JSON.stringify(label)},"version":${version},`;
  const own = replaced(body.slice(1, at), references);
  const reported = reported_on === null ? 'null' : `"${reported_on}"`;
  const clocks = `,"reportedOn":${reported},"recordedAt":"${recordedAt.get(rev_from)}","revision":${rev_from}`;
  const path = `${COLLECTIONS[type]}/${id}`;
  const links = `,"links":{"self":"/v1/${path}","html":"/${path}"}}\n`;
  return head + own + clocks + replaced(body.slice(at, -1), documents) + links;
}

/** `text` with what stands for each reference in it. */
function replaced(text: string, by: Map<string, string>): string {
  let [written, from] = ['', 0];
  for (let at = text.indexOf(REFERENCE); at >= 0; at = text.indexOf(REFERENCE, from)) {
    const end = text.indexOf('}', at) + 1;
    const reference = text.slice(at, end);
    written += text.slice(from, at) + (by.get(reference) ?? reference);
    from = end;
  }
  return written + text.slice(from);
}
