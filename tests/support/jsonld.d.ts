/** What the tests use of jsonld.js, which brings no types of its own. */
declare module 'jsonld' {
  interface Options {
    /** Whatever would be dropped is an error. */
    safe?: boolean;
    base?: string;
    documentLoader?(url: string): Promise<{ contextUrl: undefined; documentUrl: string; document: unknown }>;
    format?: 'application/n-quads';
    embed?: '@once' | '@always';
  }
  // biome-ignore lint/suspicious/noExplicitAny: what comes out is what the tests are about
  type Out = Promise<any>;
  const jsonld: {
    expand(document: object, options: Options): Out;
    compact(document: object, context: object | string, options: Options): Out;
    flatten(document: object, context: null, options: Options): Out;
    frame(document: object, frame: object, options: Options): Out;
    toRDF(document: object, options: Options): Out;
  };
  export default jsonld;
}
