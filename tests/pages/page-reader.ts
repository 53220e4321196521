/** A page as a tree, read strictly: what a lenient browser would mend is an error here. */

export interface Element {
  tag: string;
  attributes: Map<string, string>;
  children: (Element | string)[];
  parent: Element | null;
}

const VOID = new Set(['meta', 'link', 'input', 'br', 'hr', 'img']);
const TOKEN = /<!doctype html>|<(\/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)>|([^<>]+)/gy;

export function readPage(html: string): Element {
  const root: Element = { tag: '', attributes: new Map(), children: [], parent: null };
  let at = root;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < html.length) {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(html);
    if (!token) throw new Error(`no HTML: ${html.slice(from, from + 80)}`);
    const [, closing, tag, written = '', text] = token;
    if (text !== undefined) at.children.push(decoded(text));
    else if (closing) {
      if (at.tag !== tag || !at.parent) throw new Error(`</${tag}> closes <${at.tag}>`);
      at = at.parent;
    } else if (tag !== undefined) {
      const element: Element = { tag, attributes: attributesIn(written), children: [], parent: at };
      at.children.push(element);
      if (!VOID.has(tag)) at = element;
    }
  }
  if (at !== root) throw new Error(`<${at.tag}> is not closed`);
  return root;
}

function attributesIn(written: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of written.matchAll(/([a-z-]+)(?:="([^"]*)")?/g)) {
    if (found.has(name)) throw new Error(`${name} stands twice in ${written}`);
    found.set(name, decoded(value));
  }
  return found;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function decoded(text: string): string {
  return text.replaceAll(/&([^;&\s]*;?)/g, (entity, name: string) => {
    const sign = ENTITIES[name.replace(/;$/, '')];
    if (!name.endsWith(';') || sign === undefined) throw new Error(`no entity: ${entity}`);
    return sign;
  });
}

/** All elements that a selector of tags, classes and attributes finds, descendants alone: `nav.paging a[rel]`. */
export function select(root: Element, selector: string): Element[] {
  return selector
    .split(' ')
    .reduce<Element[]>((found, simple) => unique(found.flatMap((each) => within(each, simple))), [root]);
}

const unique = (elements: Element[]): Element[] => [...new Set(elements)];

function within(element: Element, simple: string): Element[] {
  return element.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(fits(child, simple) ? [child] : []), ...within(child, simple)],
  );
}

function fits({ tag, attributes }: Element, simple: string): boolean {
  const [, wanted = '', rest = ''] = /^([a-z0-9]*)(.*)$/.exec(simple) as RegExpExecArray;
  const classes = (attributes.get('class') ?? '').split(' ');
  return (
    (wanted === '' || wanted === tag) &&
    [...rest.matchAll(/\.([a-z-]+)/g)].every(([, name]) => classes.includes(name as string)) &&
    [...rest.matchAll(/\[([a-z-]+)(?:=([^\]]+))?\]/g)].every(
      ([, name, value]) =>
        attributes.has(name as string) && (value === undefined || attributes.get(name as string) === value),
    )
  );
}

export const textOf = (element: Element): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');

export const attribute = (element: Element, name: string): string => {
  const value = element.attributes.get(name);
  if (value === undefined) throw new Error(`<${element.tag}> has no ${name}`);
  return value;
};

/** Where a browser goes when the form is sent with `typed` in its fields. */
export function submitted(form: Element, typed: Record<string, string> = {}): string {
  const pairs = new URLSearchParams();
  for (const input of select(form, 'input')) {
    const name = attribute(input, 'name');
    const isBox = input.attributes.get('type') === 'checkbox';
    if (isBox && !input.attributes.has('checked') && !(name in typed)) continue;
    pairs.append(name, typed[name] ?? input.attributes.get('value') ?? '');
  }
  for (const field of select(form, 'select')) {
    const [chosen] = select(field, 'option[selected]');
    const name = attribute(field, 'name');
    pairs.append(name, typed[name] ?? attribute(chosen as Element, 'value'));
  }
  return `${attribute(form, 'action')}?${pairs}`;
}
