/**
 * Rewrites ajv's code so that a value with many errors costs no more than a valid one. ajv decides `oneOf`, `anyOf`,
 * `not` and `contains` by comparing counts of errors, so every error is counted, but only some are listed:
 *
 * - Each function has `room`, the number of errors that its caller still accepts. Its list has `min(errors, room)`
 *   errors. Beyond the room, the errors of a reference may count as fewer than they are, but never as none.
 * - An error beyond the room is counted and not created: `withOwnErrors` writes the statements for that.
 * - The errors of a reference go into the caller's list. ajv copies the list each time, which takes quadratic time.
 * - When ajv takes errors back, the list must not become longer than it is.
 *
 * `words` must contain every text from the specs that is in the code. The returned function throws if the code has a
 * form that it does not know, for example because another version of ajv made it.
 */
export function errorBounds(words: string): (code: string) => string {
  return LIKE_CODE.test(words) ? besideStrings : (code) => withLines(rewritten(code));
}

/** Texts of a spec are strings in the code. A text with one of these could be mistaken for code. */
const LIKE_CODE = /;|[eE]rrors|Anchors|=\{\}/;

function besideStrings(code: string): string {
  const strings: string[] = [];
  const text = code.replaceAll(/"(?:[^"\\]|\\.)*"/g, (string) => `"${strings.push(string) - 1}"`);
  return withLines(rewritten(text)).replaceAll(/"(\d+)"/g, (_, index: string) => strings[Number(index)] ?? '');
}

function rewritten(code: string): string {
  let text = code;
  for (const [from, to] of REWRITES) text = text.replaceAll(from, to);
  const unknown = UNKNOWN.exec(text);
  if (unknown) throw new Error(`ajv gives code that this version of atlas does not know: ${unknown[0]}`);
  return text;
}

/** One statement per line, so that a diff of a large file shows the statement that changed. */
function withLines(text: string): string {
  return text.replaceAll(';', ';\n');
}

const REWRITES: readonly (readonly [RegExp, string])[] = [
  [/(rootData=data|dynamicAnchors=\{\})\}=\{\}\)\{/g, '$1, room=MAX_COLLECTED}={}){'],
  [/,(rootData|dynamicAnchors)\}\)/g, ',$1,room:room-errors})'],
  [
    /vErrors = vErrors === null \? ([\w.]+)\.errors : vErrors\.concat\(\1\.errors\);errors = vErrors\.length;/g,
    'vErrors = joinErrors(vErrors, $1.errors);errors += $1.errors?.length ?? 1;',
  ],
  [/vErrors\.length = (_errs\d+);/g, 'vErrors.length = Math.min(vErrors.length, $1);'],
];

/** Code that the rewrites should have replaced. */
const UNKNOWN =
  /errors\+\+|vErrors\.concat\(|errors = vErrors\.length|\.errors = \[|(?:rootData|dynamicAnchors)\}|(?:=data|=\{\})\}=\{\}/;
