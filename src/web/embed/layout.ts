/** Layout of pages for frames on other sites: small, self-contained, without scripts. */

import { type Html, html } from '../../lib/html.ts';
import { truncate } from '../../model/fields.ts';

/** Any site may show the page in a frame. */
export const EMBED_POLICY = { 'frame-ancestors': '*' };

export const renderEmbedLayout = (title: string, head: Html | null, main: Html): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${truncate(title, 200)}</title>
<link rel="icon" href="/docs/assets/icon.svg" type="image/svg+xml">
${head}<link rel="stylesheet" href="/assets/embed.css">
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
