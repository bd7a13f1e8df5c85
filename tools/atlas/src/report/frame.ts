import { withMaskedCredentials } from '../diagnostics/shown.ts';
import { Lines } from '../document/document.ts';

/** The numbered lines around a place and the caret below it. */
export interface FrameOptions {
  readonly source: string;
  /** The line, starting at 1. */
  readonly line: number;
  readonly column: number;
  /** Printed after the carets. */
  readonly note?: string;
  readonly paint: (style: 'red' | 'cyan' | 'dim', text: string) => string;
}

/** A longer line is cut around the place, because minified JSON is a single line. */
const MAX_WIDTH = 120;

/** Two lines: `> 29 |   type: sting`, then the carets. No lines if the source has no such line. */
export function frame(options: FrameOptions): readonly string[] {
  const line = lineOf(options.source, options.line);
  if (line === undefined) return [];
  const at = Math.min(options.column - 1, line.length);
  const length = Math.max(1, Math.min(tokenLength(line, at), Math.max(1, line.length - at)));
  const { shown, offset } = cut(line, at);
  const number = String(options.line);
  const carets = '^'.repeat(Math.min(length, MAX_WIDTH - (at - offset)));
  const gutter = ' '.repeat(number.length + 2);
  const note = options.note === undefined ? '' : ` ${printable(options.note)}`;
  return [
    `${options.paint('red', '>')} ${options.paint('cyan', `${number} |`)} ${printable(shown)}`.trimEnd(),
    `${gutter} ${options.paint('cyan', '|')} ${' '.repeat(at - offset)}${options.paint('red', `${carets}${note}`)}`,
  ];
}

/** Text for a terminal, with `?` for control characters and for characters that change the direction of text. */
export function printable(text: string): string {
  return text
    .replaceAll('\t', ' ')
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '?');
}

/** The sources of the latest calls, because a comparison has hundreds of frames in two files of megabytes. */
const recent: {
  readonly source: string;
  readonly lines: Lines;
  masked?: { readonly line: number; readonly text: string };
}[] = [];

function recentOf(source: string): (typeof recent)[number] {
  const known = recent.find((one) => one.source === source);
  if (known) return known;
  const added = { source, lines: new Lines(source) };
  recent.unshift(added);
  recent.length = Math.min(recent.length, 2);
  return added;
}

function lineOf(source: string, line: number): string | undefined {
  const known = recentOf(source);
  // the only line of a minified document has megabytes, and many findings
  if (known.masked?.line === line) return known.masked.text;
  const start = known.lines.startOf(line);
  if (start === undefined) return undefined;
  const end = source.indexOf('\n', start);
  const text = withMaskedCredentials(source.slice(start, end === -1 ? undefined : end).replace(/\r$/, ''));
  known.masked = { line, text };
  return text;
}

/** Width of the token at `at`: a whole quoted string, or plain text up to its end in YAML and JSON. */
function tokenLength(text: string, at: number): number {
  // Only the visible part, because on a line of megabytes the expressions would overflow the stack.
  const rest = text.slice(at, at + MAX_WIDTH);
  const quoted = /^"(?:[^"\\]|\\.)*"|^'(?:[^']|'')*'/.exec(rest);
  if (quoted) return quoted[0].length;
  if (/^["']/.test(rest) && text.length - at > MAX_WIDTH) return MAX_WIDTH;
  const plain = /^[^\s,[\]{}](?:[^:,\s[\]{}]|\{[^{}\s,:]*\}|:(?=\S)|[ ](?![ #]))*/.exec(rest);
  return plain ? plain[0].trimEnd().length : 1;
}

function cut(text: string, at: number): { readonly shown: string; readonly offset: number } {
  const offset = Math.max(0, Math.min(at - 20, text.length - MAX_WIDTH));
  return { shown: text.slice(offset, offset + MAX_WIDTH), offset };
}
