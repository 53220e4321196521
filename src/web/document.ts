import { type Html, html } from '../lib/html.ts';

interface DocumentOptions {
  title: string;
  /** Value of `<meta name="description">`. */
  description?: string;
  /** URLs of stylesheets, in addition to that of all documents. */
  styles: readonly string[];
  /** URLs of JavaScript modules. */
  scripts?: readonly string[];
  /** Additional elements of the head. */
  head?: Html | null;
  body: Html;
}

/** Renders the HTML document of every page; the content of `<body>` is the caller's. */
export const renderDocument = ({
  title,
  description,
  styles,
  scripts = [],
  head = null,
  body,
}: DocumentOptions): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${description === undefined ? null : html`<meta name="description" content="${description}">\n`}<title>${title}</title>
<link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml">
${['/assets/common.css', ...styles].map((url) => html`<link rel="stylesheet" href="${url}">\n`)}${scripts.map(
  (url) => html`<script src="${url}" type="module"></script>\n`,
)}${head}</head>
<body>
${body}</body>
</html>
`;
