import type { JsonValue } from './json.ts';

/**
 * Text that is safe to generate. Only the functions of this file make it, and `code` does not accept a plain string (a
 * type error), so that a string of a spec cannot reach a generated file unescaped.
 */
export class Code {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

export type Interpolation = Code | number | false | undefined | readonly Code[];

/**
 * Tagged template for generated text. Arrays are joined by newlines, values of several lines are indented like their
 * line, and a line with only an empty value disappears.
 */
export function code(strings: TemplateStringsArray, ...values: readonly Interpolation[]): Code {
  let out = '';
  strings.raw.forEach((_, index) => {
    out += strings[index] ?? '';
    if (index >= values.length) return;
    const text = render(values[index]);
    if (text !== '' && !text.includes('\n')) {
      out += text;
      return;
    }
    const lineStart = out.lastIndexOf('\n') + 1;
    const indent = /^[ \t]*/.exec(out.slice(lineStart))?.[0] ?? '';
    out +=
      text === '' && out.slice(lineStart).trim() === '' && startsLine(strings[index + 1])
        ? EMPTY
        : text.replaceAll('\n', `\n${indent}`);
  });
  return new Code(out.replaceAll(EMPTY_LINE, ''));
}

const EMPTY = '\u0000';
const EMPTY_LINE = /[ \t]*\u0000[ \t]*\n?/g;

function startsLine(following: string | undefined): boolean {
  return following === undefined || following === '' || following.startsWith('\n');
}

function render(value: Interpolation): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'number') return String(value);
  if (value instanceof Code) return value.text;
  return value.map((item) => item.text).join('\n');
}

/** A JavaScript literal of any JSON value, with everything escaped that could end it. */
export function lit(value: JsonValue | undefined): Code {
  const json = JSON.stringify(value ?? null);
  const text =
    typeof value === 'string' ? `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : json;
  return new Code(text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029').replaceAll('\u0000', '\\u0000'));
}

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A name as an identifier. Throws on anything else, because `check` refuses such names before. */
export function ident(name: string): Code {
  if (!IDENTIFIER.test(name)) throw new Error(`not an identifier: ${JSON.stringify(name)}`);
  return new Code(name);
}

/** A property key, quoted only where it must be. */
export function propertyKey(name: string): Code {
  return IDENTIFIER.test(name) ? new Code(name) : lit(name);
}

/** `getSeat` as `GetSeat`. */
export function pascal(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** `.name` or `['na-me']`. */
export function member(name: string): Code {
  return IDENTIFIER.test(name) ? new Code(`.${name}`) : new Code(`[${lit(name).text}]`);
}

/** A doc comment of text from a spec, with any end of a comment inside it broken up. Empty text gives nothing. */
export function comment(text: string | undefined): Code {
  const clean = (text ?? '')
    .replaceAll('*/', '*\\/')
    .replaceAll(/[\u0000-\u0009\u000b-\u001f\u2028\u2029]/g, ' ')
    .trim();
  if (clean === '') return new Code('');
  const lines = clean.split('\n').map((line) => line.trim());
  return lines.length === 1
    ? new Code(`/** ${lines[0]} */`)
    : new Code(['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'].join('\n'));
}

/** Joins codes with a separator. */
export function join(items: readonly Code[], separator: string): Code {
  return new Code(items.map((item) => item.text).join(separator));
}
