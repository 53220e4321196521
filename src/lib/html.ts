/** HTML made of texts that nobody vouches for: whatever is put into it is escaped, unless it is HTML already. */

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it stands in HTML, between tags or inside a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string);

/** A piece of HTML that is well-formed in itself. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Piece = string | number | Html | null | readonly Piece[];

/** A template of HTML: texts in it are escaped, lists are joined, and null leaves nothing. Attributes must be quoted. */
export function html(template: TemplateStringsArray, ...pieces: Piece[]): Html {
  return new Html(template.map((part, index) => part + renderPiece(pieces[index] ?? null)).join(''));
}

/** The pieces with `between` between them. */
export const join = (pieces: readonly Piece[], separator: Piece): Html =>
  new Html(pieces.map(renderPiece).join(renderPiece(separator)));

/** Data for programs that read the page; nothing in it can end the element that it stands in. */
export const renderDataBlock = (mediaType: string, data: unknown): Html =>
  html`<script type="${mediaType}">${new Html(JSON.stringify(data).replaceAll('<', '\\u003c'))}</script>`;

/** A text whose direction of writing ends where it ends, whatever marks it holds. */
export const bdi = (text: string): Html => html`<bdi>${text}</bdi>`;

function renderPiece(piece: Piece): string {
  if (piece === null) return '';
  if (piece instanceof Html) return piece.text;
  return typeof piece === 'object' ? piece.map(renderPiece).join('') : escapeHtml(String(piece));
}
