/** Layout of pages for frames on other sites: small, without scripts. */

import { type Html, html } from '../../lib/html.ts';
import { truncate } from '../../model/fields.ts';
import { renderDocument } from '../document.ts';

/** Any site may show the page in a frame. */
export const EMBED_POLICY = { 'frame-ancestors': '*' };

export const renderEmbedLayout = (title: string, head: Html | null, main: Html): Html =>
  renderDocument({
    title: truncate(title, 200),
    styles: ['/assets/embed.css'],
    head: html`<meta name="robots" content="noindex">\n${head}`,
    body: html`<main>
${main}
</main>
`,
  });
