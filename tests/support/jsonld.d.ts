/** Types of the parts of jsonld.js that the tests use; the package has none. */
declare module 'jsonld' {
  interface Options {
    /** True to throw instead of dropping data. */
    safe?: boolean;
    base?: string;
    documentLoader?(url: string): Promise<{ contextUrl: undefined; documentUrl: string; document: unknown }>;
    format?: 'application/n-quads';
    embed?: '@once' | '@always';
  }
  // biome-ignore lint/suspicious/noExplicitAny: the tests assert the content of the output
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
