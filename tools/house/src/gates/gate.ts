/** A violation of a rule of this repository: where it is, and what to do about it. */
export interface Finding {
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

/** A rule of this repository, checked over all files. `note` is printed with the result, such as a measured figure. */
export interface Gate {
  readonly name: string;
  readonly run: (tree: Tree) => { readonly findings: readonly Finding[]; readonly note?: string };
}

/** The files that a gate checks, as sorted paths relative to the root with `/`, and how to read one. */
export interface Tree {
  readonly files: readonly string[];
  readonly read: (file: string) => string;
}

/** Every match of `pattern`, which must be global, with its line, counted from 1. */
export function* matches(text: string, pattern: RegExp): Generator<{ readonly line: number; readonly match: string }> {
  let line = 1;
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    for (; from < found.index; from++) if (text.charCodeAt(from) === 10) line++;
    yield { line, match: found[0] };
  }
}
