import type { JsonValue } from './json.ts';

/**
 * Text that a template vouches for. Only `code`, `lit`, `ident` and `comment` make one, so a string of a spec can't
 * reach a generated file unescaped: interpolating a bare string into `code` is a type error.
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
 * Tagged template for generated text. Arrays are joined by newlines; a multi-line value keeps the indentation of the
 * place it stands in; a line that held nothing but an empty value disappears.
 */
export function code(strings: TemplateStringsArray, ...values: readonly Interpolation[]): Code {
  let out = '';
  strings.raw.forEach((_, index) => {
    out += strings[index] ?? '';
    if (index >= values.length) return;
    const text = render(values[index]);
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

/** A JavaScript literal of any JSON value; safe inside a script or a template, whatever the string holds. */
export function lit(value: JsonValue | undefined): Code {
  const json = JSON.stringify(value ?? null);
  const text =
    typeof value === 'string' ? `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : json;
  return new Code(text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029').replaceAll('\u0000', '\\u0000'));
}

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A name that stands bare in code. Throws on anything that isn't one: `check` has refused it long before. */
export function ident(name: string): Code {
  if (!IDENTIFIER.test(name)) throw new Error(`not an identifier: ${JSON.stringify(name)}`);
  return new Code(name);
}

/** A property key: bare where it can be, quoted where it must. */
export function propertyKey(name: string): Code {
  return IDENTIFIER.test(name) ? new Code(name) : lit(name);
}

/** `.name` or `['na-me']`. */
export function member(name: string): Code {
  return IDENTIFIER.test(name) ? new Code(`.${name}`) : new Code(`[${lit(name).text}]`);
}

/** A doc comment of free text from a spec; an end-of-comment inside it is broken up. Empty text gives nothing. */
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
