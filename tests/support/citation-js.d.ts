/** Types of the parts of Citation.js that the tests use; the package has none. */
declare module '@citation-js/core' {
  export class Cite {
    constructor(input: string | object[]);
    data: Record<string, unknown>[];
    format(kind: string, options: Record<string, string>): string;
  }
}
declare module '@citation-js/plugin-bibtex';
declare module '@citation-js/plugin-csl';
declare module '@citation-js/plugin-ris';
