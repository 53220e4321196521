/** HTML from untrusted texts: every interpolated value is escaped, unless it is `Html` already. */

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes a text for HTML, between tags or inside a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string);

/** Well-formed HTML fragment. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Piece = string | number | Html | null | readonly Piece[];

/** Template tag for HTML: escapes texts, joins lists, renders null as nothing. Attributes must be quoted. */
export function html(template: TemplateStringsArray, ...pieces: Piece[]): Html {
  return new Html(template.map((part, index) => part + renderPiece(pieces[index] ?? null)).join(''));
}

/** Joins the pieces with a separator. */
export const join = (pieces: readonly Piece[], separator: Piece): Html =>
  new Html(pieces.map(renderPiece).join(renderPiece(separator)));

/**
 * Renders data for programs that read the page. `<` is escaped, so that the data cannot end the element, and `&`, because some
 * programs decode entities in scripts.
 */
export const renderDataBlock = (mediaType: string, data: unknown): Html =>
  html`<script type="${mediaType}">${new Html(JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('&', '\\u0026'))}</script>`;

/** Isolates the writing direction of a text from its surroundings, whatever direction marks it contains. */
export const bdi = (text: string): Html => html`<bdi>${text}</bdi>`;

function renderPiece(piece: Piece): string {
  if (piece === null) return '';
  if (piece instanceof Html) return piece.text;
  return typeof piece === 'object' ? piece.map(renderPiece).join('') : escapeHtml(String(piece));
}
