/** The style of generated text, whatever the repository around it prefers. */
const STYLE = { printWidth: 120, singleQuote: true } as const;

/** Formats by oxfmt, pinned: the same text on every machine. Throws on text that does not parse: a bug in a template. */
export async function formatted(path: string, text: string): Promise<string> {
  const { format } = await import('oxfmt');
  const { code, errors } = await format(path, text, STYLE);
  const [first] = errors;
  if (first) throw new Error(`generated text of ${path} does not parse: ${first.message}`);
  return code;
}
