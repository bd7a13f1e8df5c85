import { isList, isObject, type JsonValue } from '@atlas/ir';

/**
 * The doc comment above a member, with the end of its line: what a schema, a parameter, an operation or a response says
 * about itself. Empty if it says nothing.
 */
export function commentOf(described: JsonValue | undefined): string {
  if (!isObject(described)) return '';
  const { title, summary, format, deprecated, description, example, examples, enum: values, type } = described;
  const lines: string[] = [];
  const say = (prefix: string, value: JsonValue): void => {
    const text = typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
    lines.push(`${prefix}${text.trim().replaceAll(LINE_END, '\n *     ')}`);
  };
  if (title) say('', title);
  if (summary) say('', summary);
  if (format) say('Format: ', format);
  if (deprecated) lines.push('@deprecated');
  if (description !== undefined && description !== '') say('@description ', description);
  if (described['default'] !== undefined) say('@default ', described['default']);
  if (example !== undefined) say('@example ', example);
  if (isList(examples)) for (const each of examples) say('@example ', each);
  if ('const' in described) lines.push('@constant');
  if (values) {
    const types = isList(type) ? type.join('|') : typeof type === 'string' ? type : 'unknown';
    lines.push(`@enum {${types}}`);
  }
  const [first, ...more] = lines;
  if (first === undefined) return '';
  if (more.length === 0 && !first.includes('\n')) return `/** ${plain(first)} */\n`;
  const text = lines
    .join('\n * ')
    .split('\n')
    .map(plain)
    .map((line) => line.trimEnd())
    .join('\n');
  return `/**\n * ${text}\n */\n`;
}

/** Everything that TypeScript tools treat as the end of a line. */
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;

const UNSAFE = /\*\/|[\u0000-\u0008\u000b-\u001f\u007f]/;

/** Text that does not end a comment, without control characters, which make a file binary for git. */
function plain(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return text.replaceAll('*/', String.raw`*\/`).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ');
}
