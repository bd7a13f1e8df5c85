import type { ErrorCode } from 'yaml';

/** The parser says what it stumbled over; this is what its author has most often done. */
const HINTS: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_ALIAS: 'put text that begins with * in quotes',
  BAD_DQ_ESCAPE: 'write \\\\ for a backslash, or use single quotes',
  BAD_INDENT: 'start all keys of one object in the same column',
  BAD_SCALAR_START: 'put the text in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'put text that holds ": " in quotes, or align the key with its neighbours',
  BLOCK_IN_FLOW: 'close the { or [ before it',
  MISSING_CHAR: 'close the quote or bracket that was opened before it, or add the colon',
  MULTILINE_IMPLICIT_KEY: 'write the key and its colon on one line',
  TAG_RESOLVE_FAILED: 'remove the tag',
  UNEXPECTED_TOKEN: 'put the whole text in quotes',
};

/** What to do about an error of the YAML parser. */
export function yamlHint(code: ErrorCode, message: string): string {
  if (message.startsWith('A block sequence'))
    return 'a list has no keys beside it: remove the "- ", or put the list under a key';
  const [, bracket] = /sufficiently indented and end with a (.)/.exec(message) ?? [];
  if (bracket !== undefined) return `close what is open above with ${bracket}`;
  return HINTS[code] ?? 'mend the YAML';
}
