import type { Part } from './parts.ts';

/** A schema that a compiler refused. */
export interface CompileFailure {
  readonly part: Part;
  readonly message: string;
}

/** What ajv's standalone output requires, and its name in `@atlas/runtime/validate`. */
const REQUIRES: readonly (readonly [string, string])[] = [
  ['require("ajv/dist/runtime/equal").default', 'equal'],
  ['require("ajv/dist/runtime/ucs2length").default', 'ucs2length'],
  ['require("ajv-formats/dist/formats").fullFormats', 'formats'],
];

/** ESM has no `require`. Throws if the text requires anything unknown, because that would fail at run time. */
export function rewriteRequires(text: string): string {
  const rewritten = REQUIRES.reduce((result, [from, to]) => result.replaceAll(from, to), text);
  const left = /\brequire\("[^"]*"\)/.exec(rewritten);
  if (left) throw new Error(`compiled code requires something unknown: ${left[0]}`);
  return rewritten;
}
