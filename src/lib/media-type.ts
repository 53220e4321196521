/** Returns a media type without its parameters: `text/csv; charset=utf-8` becomes `text/csv`. */
export const getEssence = (mediaType: string): string => mediaType.split(';', 1)[0] as string;
