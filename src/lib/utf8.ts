/** Decoding of files and request bodies. */

/** First bytes in other encodings that editors on Windows write: a byte order mark, or two ASCII characters. */
const OTHER_ENCODINGS: [encoding: string, start: RegExp][] = [
  ['UTF-16 (little endian)', /^(?:fffe|(?!00)..00(?!00)..00)/],
  ['UTF-16 (big endian)', /^(?:feff|00(?!00)..00(?!00)..)/],
];

/** Decodes UTF-8 and keeps a byte order mark, which is part of a source text. The error completes `<file> ...`. */
export function decodeUtf8(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  const [encoding] = OTHER_ENCODINGS.find(([, pattern]) => pattern.test(start)) ?? [];
  if (encoding) throw new TypeError(`is not valid UTF-8 but ${encoding}: save it as UTF-8`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new TypeError('is not valid UTF-8');
  }
}
