/** A place that breaks a rule of the house, and what to do about it. */
export interface Finding {
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

/** A rule of the house over the files of one tree. `note` is printed when it passes, such as a figure it measured. */
export interface Gate {
  readonly name: string;
  readonly run: (tree: Tree) => { readonly findings: readonly Finding[]; readonly note?: string };
}

/** The files a gate looks at: paths relative to the root, with `/`, sorted; and how to read one. */
export interface Tree {
  readonly files: readonly string[];
  readonly read: (file: string) => string;
}

/** Every match of `pattern` (global) in the text, with its line, 1-based. */
export function* matches(text: string, pattern: RegExp): Generator<{ readonly line: number; readonly match: string }> {
  let line = 1;
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    for (; from < found.index; from++) if (text.charCodeAt(from) === 10) line++;
    yield { line, match: found[0] };
  }
}
