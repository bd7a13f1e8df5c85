import { createHash } from 'node:crypto';

/** What a template may contain: text, which is escaped, or HTML of another template. False and undefined are empty. */
export type Part = string | number | Markup | false | undefined | readonly Part[];

/** HTML that `html` made. This file exports only its type, so that no other text can pass as HTML. */
class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type Html = Markup;

/**
 * Invisible characters that change how the text around them looks: controls, and overrides of the writing direction.
 */
const UNSEEN = /[\0-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g;
const SPECIAL = /[&<>"']/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(SPECIAL, (found) => ENTITIES[found] ?? '').replace(UNSEEN, '\uFFFD');
}

/** Templates without their indentation, which would make a page half as large again. */
const COMPACT = new WeakMap<TemplateStringsArray, readonly string[]>();

function compact(strings: TemplateStringsArray): readonly string[] {
  const known = COMPACT.get(strings);
  if (known) return known;
  const texts = strings.map((text) => text.replace(/\s*\n\s*/g, '\n'));
  COMPACT.set(strings, texts);
  return texts;
}

/**
 * A piece of HTML. Each part is escaped unless `html` made it, both inside an element and in an attribute in
 * quotes. Characters that cannot be seen become U+FFFD.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const texts = compact(strings);
  let text = texts[0] ?? '';
  for (const [index, part] of parts.entries()) text += textOf(part) + (texts[index + 1] ?? '');
  return new Markup(text);
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  if (part instanceof Markup) return part.toString();
  return part.map(textOf).join('');
}

export interface StyleSheet {
  readonly element: Html;
  /** The source that allows it in `style-src` of a Content-Security-Policy (CSP 3, section 2.3.1). */
  readonly source: string;
}

/** The style of a page. Throws if it has a character that `html` escapes, because a browser would not read it back. */
export function styleSheet(css: string): StyleSheet {
  if (escape(css) !== css) throw new Error('a style has none of & < > " and \'');
  // the name is a part, so that no formatter puts blanks around the style, which would change its hash
  const name = 'style';
  return {
    element: html`<${name}>${css}</${name}>`,
    source: `'sha256-${createHash('sha256').update(css).digest('base64')}'`,
  };
}

/**
 * Text that people have written, such as a name. Its writing direction does not affect the text around it, and it is
 * cut after `most` characters.
 */
export function words(text: string, most = 300): Html {
  return html`<bdi>${clip(text, most)}</bdi>`;
}

/** At most `most` characters of a text; the last one is an ellipsis if it was longer. No character is cut in two. */
export function clip(text: string, most: number): string {
  // a character has at most two units, so this is enough
  const characters = Array.from(text.slice(0, 2 * (most + 1)));
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
