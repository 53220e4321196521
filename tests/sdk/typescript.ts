/** What is ugly in generated TypeScript, whatever generates it. */
import type { Ugliness } from './sdk.ts';

/** Not within comments, where the words of our descriptions stand: these patterns look at code of one line. */
export const TYPESCRIPT_UGLY: Ugliness[] = [
  // After what names a type, and up to the end of it: `any fact` in a description is none.
  {
    what: 'a type that says nothing',
    pattern: /(?<!\*.*)(?:[\w'"\]]\??: |= |[<|(&] ?)(?:any|unknown|object)\b(?!\s+\w)/g,
  },
  {
    what: 'a map of anything',
    pattern: /(?<!\*.*)(?:\[\w+: string\]: |Record<\w+, ?)(?:any|unknown)\b(?:\[\])?/g,
  },
  {
    what: 'a name that was counted',
    pattern: /\b(?!\w*Alpha[23])[A-Z][a-zA-Z]*[a-z](?:[2-9]|1\d?)\b(?!['"-])/g,
  },
  {
    what: 'a name of a place in the document',
    pattern: /\b\w*(?:AnyOf|OneOf|AllOf|Inline(?:Object|Response)|Inner|Anonymous|Variant\d?|Item)\b/g,
  },
  { what: 'a body named by its status', pattern: /\b[A-Z]\w*(?:[1-5]\d\d)(?:Response\w*|[A-Z]\w*)\b/g },
  { what: 'a word twice', pattern: /\b\w*?([A-Z][a-z]{2,})\1\w*\b/g },
  { what: 'an escaped word', pattern: /\b[a-z]\w*_(?=\??:)/g },
];
