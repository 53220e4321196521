/** Returns a media type without its parameters: `text/csv; charset=utf-8` becomes `text/csv`. */
export const getEssence = (mediaType: string): string => mediaType.split(';', 1)[0] as string;

/** True if a body of this media type is one JSON value. */
export const isJsonMediaType = (mediaType: string): boolean =>
  /^application\/([\w.-]+\+)?json(;|$)/.test(mediaType);
