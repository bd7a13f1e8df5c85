/** A TypeScript text with its path. The ending of the path tells the formatter the language. */
export interface Unformatted {
  readonly path: string;
  readonly text: string;
}

/** The style of generated text. The repository's own style does not matter. */
const STYLE = { printWidth: 120, singleQuote: true } as const;

/** Longer compiled code keeps the lines of its compiler, one per statement, because nobody reads it. In characters. */
const LONGEST_COMPILED = 1_000_000;

/** Formats by a pinned oxfmt: the same on every machine. Throws if the text does not parse: a bug in a template. */
export async function formatted(path: string, text: string): Promise<string> {
  if (text.length > LONGEST_COMPILED && path.includes('/compiled/')) return text;
  const { format } = await import('oxfmt');
  const { code, errors } = await format(path, text, STYLE);
  const [first] = errors;
  if (first) throw new Error(`generated text of ${path} does not parse: ${first.message}`);
  return code;
}

/** A line between two texts that are formatted together. */
const SEAM = '//= the next text =//';

/** How many characters are formatted in one call. Longer calls are slower per character. */
const BATCH = 20_000;

/** Whether a text is formatted in a call of its own. */
export function isLong(text: string): boolean {
  return text.length > BATCH;
}

/** Formats many texts and keeps their order. Short texts share a call, because a call costs more than such a text. */
export async function formattedAll(texts: readonly Unformatted[]): Promise<readonly string[]> {
  const results: string[] = [];
  for (let from = 0; from < texts.length;) {
    const batch = batchAt(texts, from);
    results.push(...((await together(batch)) ?? (await oneByOne(batch))));
    from += batch.length;
  }
  return results;
}

/** The texts, beginning at an index, that fit into one call; always at least one. */
function batchAt(texts: readonly Unformatted[], from: number): readonly Unformatted[] {
  let [to, length] = [from, 0];
  for (let next = texts[to]; next; next = texts[++to]) {
    length += next.text.length;
    if (to > from && (length > BATCH || endingOf(next.path) !== endingOf(texts[from]?.path))) break;
  }
  return texts.slice(from, to);
}

/** Formats texts in one call. Undefined if that fails, for example because two of them declare the same name. */
async function together(batch: readonly Unformatted[]): Promise<readonly string[] | undefined> {
  const [first] = batch;
  if (!first || batch.length === 1 || batch.some(({ text }) => text.includes(SEAM))) return undefined;
  const { format } = await import('oxfmt');
  const { code, errors } = await format(first.path, batch.map(({ text }) => text).join(`\n${SEAM}\n\n`), STYLE);
  const parts = code.split(`${SEAM}\n`).map((part) => `${part.trim()}\n`);
  return errors.length === 0 && parts.length === batch.length ? parts : undefined;
}

async function oneByOne(batch: readonly Unformatted[]): Promise<readonly string[]> {
  const results: string[] = [];
  for (const { path, text } of batch) results.push(await formatted(path, text));
  return results;
}

function endingOf(path = ''): string {
  return /(?:\.d)?\.[a-z]+$/.exec(path)?.[0] ?? '';
}
