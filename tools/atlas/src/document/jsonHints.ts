/** What to do where a value was expected: by the sign that stands there instead. */
export function valueHint(text: string, at: number): string {
  return hint(text, at, 'text stands in double quotes; numbers, true, false and null without');
}

/** What to do where a key was expected. */
export function keyHint(text: string, at: number): string {
  return hint(text, at, 'put the key in double quotes');
}

/** What people write who have YAML or JavaScript in their fingers. */
function hint(text: string, at: number, otherwise: string): string {
  switch (text[at]) {
    case undefined:
      return 'close what is open';
    case '/':
    case '#':
      return 'remove it: JSON has no comments';
    case "'":
      return 'use double quotes';
    case '}':
    case ']':
      return text.slice(0, at).trimEnd().endsWith(',') ? 'remove the comma before it' : otherwise;
    default:
      return otherwise;
  }
}
