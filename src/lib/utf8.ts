/** Decoding of files and request bodies. */

/** Byte order marks of other encodings, which editors on Windows write. */
const OTHER_MARKS: [encoding: string, bytes: number[]][] = [
  ['UTF-16 (little endian)', [0xff, 0xfe]],
  ['UTF-16 (big endian)', [0xfe, 0xff]],
];

/** Decodes UTF-8 and keeps a byte order mark, which is part of a source text. The error completes `<file> ...`. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const [encoding] =
      OTHER_MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte)) ?? [];
    throw new TypeError(`is not valid UTF-8${encoding ? ` but ${encoding}: save it as UTF-8` : ''}`);
  }
}
