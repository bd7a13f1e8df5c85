/** The style of generated text. It does not depend on the repository's own. */
const STYLE = { printWidth: 120, singleQuote: true } as const;

/** Formats by a pinned oxfmt: the same on every machine. Throws if the text does not parse: a bug in a template. */
export async function formatted(path: string, text: string): Promise<string> {
  const { format } = await import('oxfmt');
  const { code, errors } = await format(path, text, STYLE);
  const [first] = errors;
  if (first) throw new Error(`generated text of ${path} does not parse: ${first.message}`);
  return code;
}
