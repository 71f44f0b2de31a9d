/** HTML that may stand in a page as it is. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Part = Markup | string | number | null | undefined | readonly Part[];

const ESCAPED: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Beside these, what HTML does not allow in a text: controls that are no white space (HTML, 13.2.3.5). */
const SPECIAL = /[&<>"']|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const escaped = (text: string) => text.replace(SPECIAL, one => ESCAPED[one] ?? '\ufffd');

function textOf(part: Part): string {
  if (part === null || part === undefined) return '';
  if (part instanceof Markup) return part.text;
  return Array.isArray(part) ? part.map(textOf).join('') : escaped(String(part as string | number));
}

/** A piece of HTML: whatever stands in it that is no piece itself is escaped, in texts and in quoted attributes alike. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(strings.reduce((text, string, at) => text + textOf(parts[at - 1]) + string));
}

/** What somebody has written: in its own direction, whatever stands in it. */
export const said = (text: string | null | undefined): Part =>
  text === null || text === undefined || text === ''
    ? html`<span class="none">none</span>`
    : html`<bdi>${text}</bdi>`;
