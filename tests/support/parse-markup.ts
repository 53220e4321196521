/** Strict parser for the server's HTML; markup that a browser would repair is an error. */

const NAMED_ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  ldquo: '\u201c',
  rdquo: '\u201d',
  middot: '\u00b7',
  rarr: '\u2192',
};

export interface ParsedMarkup {
  /** Text without tags. */
  text: string;
  /** Names of the elements in document order. */
  elements: string[];
  attributes: { element: string; name: string; value: string }[];
}

const TOKEN_PATTERN = /<(\/?)([a-z0-9]+)((?: [a-z]+="[^"<>]*")*)>|([^<>]+)/y;

export function parseMarkup(html: string): ParsedMarkup {
  const markup: ParsedMarkup = { text: '', elements: [], attributes: [] };
  const open: string[] = [];
  let at = 0;
  while (at < html.length) {
    TOKEN_PATTERN.lastIndex = at;
    const token = TOKEN_PATTERN.exec(html);
    if (!token) throw new Error(`no HTML: ${html.slice(at, at + 60)}`);
    const [match, closing, element = '', attributes = '', text] = token;
    at += match.length;
    if (text !== undefined) markup.text += decodeEntities(text);
    else if (closing) {
      if (open.pop() !== element) throw new Error(`</${element}> closes nothing`);
    } else {
      open.push(element);
      markup.elements.push(element);
      for (const [, name = '', value = ''] of attributes.matchAll(/ ([a-z]+)="([^"]*)"/g))
        markup.attributes.push({ element, name, value: decodeEntities(value) });
    }
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)}> is not closed`);
  return markup;
}

function decodeEntities(text: string): string {
  return text.replaceAll(/&([^;&]*;?)/g, (entity, name: string) => {
    const character = NAMED_ENTITIES[name.replace(/;$/, '')];
    if (!name.endsWith(';') || character === undefined) throw new Error(`no entity: ${entity}`);
    return character;
  });
}
