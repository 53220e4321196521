/** Pages as the server sends them, taken apart. */
import type { FastifyInstance } from 'fastify';
import { type HTMLElement, parse } from 'node-html-parser';
import { get } from './app.ts';

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
