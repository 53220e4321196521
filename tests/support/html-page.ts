/** Parsed pages of the server, without a browser. */
import type { FastifyInstance } from 'fastify';
import { type HTMLElement, parse } from 'node-html-parser';
import type { DossierFiles } from '../../src/dossier/validate.ts';
import { createApp, createStore, get, importInto } from './app.ts';

export interface HtmlPage {
  status: number;
  headers: Record<string, string | undefined>;
  html: string;
  root: HTMLElement;
}

export async function fetchPage(
  app: FastifyInstance,
  url: string,
  headers: Record<string, string> = { accept: 'text/html' },
): Promise<HtmlPage> {
  const { status, headers: responseHeaders, body } = await get(app, url, headers);
  return { status, headers: responseHeaders, html: String(body), root: parse(String(body)) };
}

/** Fetches the home page of a new store with these dossiers. */
export async function fetchHomePage(...dossiers: DossierFiles[]): Promise<HtmlPage> {
  const store = await createStore();
  for (const dossier of dossiers) await importInto(store, dossier);
  return fetchPage(await createApp(store), '/');
}

/** Returns the texts of the elements that match `selector`, with white space collapsed. */
export const getTexts = ({ root }: Pick<HtmlPage, 'root'>, selector: string): string[] =>
  root.querySelectorAll(selector).map(({ text }) => replaceNbsp(text).replaceAll(/\s+/g, ' ').trim());

/** Returns the values of an attribute of the elements that match `selector`. */
export const getAttributes = ({ root }: Pick<HtmlPage, 'root'>, selector: string, name: string): string[] =>
  root.querySelectorAll(selector).flatMap((element) => element.getAttribute(name) ?? []);

const replaceNbsp = (text: string): string => text.replaceAll('\u00a0', ' ');

/** Returns the inline styles, inline scripts and event handlers, which a strict CSP forbids. */
export function findCspViolations({ root, html }: Pick<HtmlPage, 'root' | 'html'>): string[] {
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

export function requireAttribute(element: HTMLElement, name: string): string {
  const value = element.getAttribute(name);
  if (value === undefined) throw new Error(`<${element.rawTagName}> has no ${name}`);
  return value;
}

/** Returns the URL that a browser requests when the form is submitted with `values` in its fields. */
export function buildSubmitUrl(form: HTMLElement, values: Record<string, string> = {}): string {
  const pairs = new URLSearchParams();
  for (const input of form.querySelectorAll('input')) {
    const name = requireAttribute(input, 'name');
    const isCheckbox = input.getAttribute('type') === 'checkbox';
    if (isCheckbox && !input.hasAttribute('checked') && !(name in values)) continue;
    pairs.append(name, values[name] ?? input.getAttribute('value') ?? '');
  }
  for (const field of form.querySelectorAll('select')) {
    const selectedOption = field.querySelector('option[selected]') as HTMLElement;
    const name = requireAttribute(field, 'name');
    pairs.append(name, values[name] ?? requireAttribute(selectedOption, 'value'));
  }
  return `${requireAttribute(form, 'action')}?${pairs}`;
}

const VOID_ELEMENTS = new Set(['meta', 'link', 'input', 'br', 'hr', 'img']);
const TOKEN_PATTERN =
  /<!doctype html>|<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z0-9:-]+(?:="[^"<>]*")?)*)\s*(\/?)>|([^<>]+)/gy;

/** Returns an excerpt at the first malformed or wrongly nested tag, or null if there is none. */
export function findMalformedMarkup(html: string): string | null {
  const open: string[] = [];
  TOKEN_PATTERN.lastIndex = 0;
  while (TOKEN_PATTERN.lastIndex < html.length) {
    const start = TOKEN_PATTERN.lastIndex;
    const excerpt = html.slice(Math.max(0, start - 40), start + 80);
    const token = TOKEN_PATTERN.exec(html);
    if (!token) return excerpt;
    const [, closing, tag, , selfClosing] = token;
    if (tag === undefined || VOID_ELEMENTS.has(tag) || selfClosing) continue;
    if (!closing) open.push(tag);
    else if (open.pop() !== tag) return excerpt;
  }
  return open.at(-1) ?? null;
}
