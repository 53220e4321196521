/** HTML that the server makes, read strictly: what a lenient browser would mend is an error here. */

const NAMED: Record<string, string> = {
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

export interface Markup {
  /** What is seen, tags left out. */
  text: string;
  /** The names of the elements, in their order. */
  elements: string[];
  attributes: { element: string; name: string; value: string }[];
}

const TOKEN = /<(\/?)([a-z0-9]+)((?: [a-z]+="[^"<>]*")*)>|([^<>]+)/y;

export function readMarkup(html: string): Markup {
  const found: Markup = { text: '', elements: [], attributes: [] };
  const open: string[] = [];
  let at = 0;
  while (at < html.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(html);
    if (!token) throw new Error(`no HTML: ${html.slice(at, at + 60)}`);
    const [whole, closing, element = '', attributes = '', text] = token;
    at += whole.length;
    if (text !== undefined) found.text += decoded(text);
    else if (closing) {
      if (open.pop() !== element) throw new Error(`</${element}> closes nothing`);
    } else {
      open.push(element);
      found.elements.push(element);
      for (const [, name = '', value = ''] of attributes.matchAll(/ ([a-z]+)="([^"]*)"/g))
        found.attributes.push({ element, name, value: decoded(value) });
    }
  }
  if (open.length > 0) throw new Error(`<${open.at(-1)}> is not closed`);
  return found;
}

function decoded(text: string): string {
  return text.replaceAll(/&([^;&]*;?)/g, (entity, name: string) => {
    const sign = NAMED[name.replace(/;$/, '')];
    if (!name.endsWith(';') || sign === undefined) throw new Error(`no entity: ${entity}`);
    return sign;
  });
}
