/** Words that cannot be the name of a `const` in a module: ECMAScript 2025, section 12.7.2, strict mode. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if import in instanceof new null return super switch this throw true try typeof var void while with yield ' +
    'let static implements interface package private protected public eval arguments undefined NaN Infinity'
  ).split(' '),
);
