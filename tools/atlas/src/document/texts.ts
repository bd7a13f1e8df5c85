/** Characters that need two bytes in the engine's memory. */
const WIDE = /[^\u0000-\u00ff]/;

/**
 * The texts of one document, each kept once, and independent of the document's text. The engine cuts a text out of a
 * longer one by reference. Then one character beyond Latin-1 anywhere in a document doubles the memory of each text in
 * it, and of everything that is generated from these texts.
 */
export class Texts {
  readonly #known = new Map<string, string>();

  /** An equal text that refers to no other one. */
  own(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const encoding = WIDE.test(text) ? 'utf16le' : 'latin1';
    const copy = Buffer.from(text, encoding).toString(encoding);
    this.#known.set(copy, copy);
    return copy;
  }
}
