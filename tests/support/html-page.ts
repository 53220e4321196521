/** Pages as the server sends them, taken apart. */
import type { FastifyInstance } from 'fastify';
import { type HTMLElement, parse } from 'node-html-parser';
import type { DossierFiles } from '../../src/dossier/validate.ts';
import { appOn, emptyStore, get, importInto } from './app.ts';

export interface SentPage {
  status: number;
  headers: Record<string, string | undefined>;
  html: string;
  root: HTMLElement;
}

export async function pageAt(
  app: FastifyInstance,
  url: string,
  headers: Record<string, string> = { accept: 'text/html' },
): Promise<SentPage> {
  const { status, headers: sent, body } = await get(app, url, headers);
  return { status, headers: sent, html: String(body), root: parse(String(body)) };
}

/** The front page of a store with these dossiers alone. */
export async function frontOf(...dossiers: DossierFiles[]): Promise<SentPage> {
  const store = await emptyStore();
  for (const dossier of dossiers) await importInto(store, dossier);
  return pageAt(await appOn(store), '/');
}

/** What is read at `selector`, white space folded. */
export const textsAt = ({ root }: Pick<SentPage, 'root'>, selector: string): string[] =>
  root.querySelectorAll(selector).map(({ text }) => unescaped(text).replaceAll(/\s+/g, ' ').trim());

/** The values of an attribute of what is at `selector`. */
export const attributesAt = ({ root }: Pick<SentPage, 'root'>, selector: string, name: string): string[] =>
  root.querySelectorAll(selector).flatMap((element) => element.getAttribute(name) ?? []);

const unescaped = (text: string): string => text.replaceAll('\u00a0', ' ');

/** What a strict Content-Security-Policy would forbid, were it there. */
export function forbiddenIn({ root, html }: Pick<SentPage, 'root' | 'html'>): string[] {
  const elements = root.querySelectorAll('*');
  return [
    ...elements.flatMap(({ attributes, rawTagName }) =>
      Object.keys(attributes)
        .filter((name) => name === 'style' || name.startsWith('on'))
        .map((name) => `${rawTagName} ${name}`),
    ),
    ...elements
      .filter((element) => element.rawTagName === 'script' && !element.getAttribute('src'))
      .filter((element) => element.getAttribute('type') !== 'application/ld+json')
      .map(({ outerHTML }) => outerHTML),
    ...(/<style/.test(html) ? ['style'] : []),
  ];
}

export function attribute(element: HTMLElement, name: string): string {
  const value = element.getAttribute(name);
  if (value === undefined) throw new Error(`<${element.rawTagName}> has no ${name}`);
  return value;
}

/** Where a browser goes when the form is sent with `typed` in its fields. */
export function submitted(form: HTMLElement, typed: Record<string, string> = {}): string {
  const pairs = new URLSearchParams();
  for (const input of form.querySelectorAll('input')) {
    const name = attribute(input, 'name');
    const isBox = input.getAttribute('type') === 'checkbox';
    if (isBox && !input.hasAttribute('checked') && !(name in typed)) continue;
    pairs.append(name, typed[name] ?? input.getAttribute('value') ?? '');
  }
  for (const field of form.querySelectorAll('select')) {
    const chosen = field.querySelector('option[selected]') as HTMLElement;
    const name = attribute(field, 'name');
    pairs.append(name, typed[name] ?? attribute(chosen, 'value'));
  }
  return `${attribute(form, 'action')}?${pairs}`;
}

const VOID = new Set(['meta', 'link', 'input', 'br', 'hr', 'img']);
const TOKEN =
  /<!doctype html>|<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z0-9:-]+(?:="[^"<>]*")?)*)\s*(\/?)>|([^<>]+)/gy;

/** What a lenient browser would mend: the first place where tags do not nest, or are none; null in a page without one. */
export function brokenAt(html: string): string | null {
  const open: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < html.length) {
    const from = TOKEN.lastIndex;
    const place = html.slice(Math.max(0, from - 40), from + 80);
    const token = TOKEN.exec(html);
    if (!token) return place;
    const [, closing, tag, , itself] = token;
    if (tag === undefined || VOID.has(tag) || itself) continue;
    if (!closing) open.push(tag);
    else if (open.pop() !== tag) return place;
  }
  return open.at(-1) ?? null;
}
