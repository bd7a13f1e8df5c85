import { exactInteger, type JsonValue } from '@atlas/ir';
import { limits } from './limits.ts';
import {
  FORBIDDEN_KEY,
  GiveUp,
  scalar,
  grow,
  type Member,
  type Node,
  type ParseResult,
  type SyntaxProblem,
} from './node.ts';
import { Texts } from './texts.ts';

/**
 * Parses JSON (RFC 8259) with offsets. The first syntax error ends it; repeated keys and big integers do not. `exact`
 * keeps the digits of big integers, which are findings otherwise. `depth` is the largest number of levels.
 */
export function parseJson(
  text: string,
  { exact = false, depth = limits.depth }: { readonly exact?: boolean; readonly depth?: number | undefined } = {},
): ParseResult {
  const parser = new JsonParser(text, exact, depth);
  try {
    const root = parser.document();
    return { root, problems: parser.problems };
  } catch (error) {
    if (error instanceof GiveUp) return { problems: [...parser.problems, error.problem] };
    throw error;
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
/** Characters of a string that are not written as they are read. */
const SPECIAL = /[\\\u0000-\u001f]/;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** The fix for a file without any value. */
export const EMPTY_FIX = 'write the document, or remove what refers to it';

/** By their first letter. */
const WORDS: ReadonlyMap<string, { readonly text: string; readonly value: null | boolean }> = new Map([
  ['t', { text: 'true', value: true }],
  ['f', { text: 'false', value: false }],
  ['n', { text: 'null', value: null }],
]);

class JsonParser {
  readonly problems: SyntaxProblem[] = [];
  readonly #text: string;
  readonly #texts = new Texts();
  readonly #exact: boolean;
  #at = 0;
  #values = 0;
  readonly #depth: number;

  constructor(text: string, exact: boolean, depth: number) {
    this.#text = text;
    this.#exact = exact;
    this.#depth = depth;
  }

  document(): Node {
    this.#space();
    if (this.#at === this.#text.length) this.#fail('the file is empty', EMPTY_FIX);
    const node = this.#value(0);
    this.#space();
    if (this.#at < this.#text.length)
      this.#fail('text after the end of the JSON value', 'remove it: a file has one value');
    return node;
  }

  #value(depth: number): Node {
    if (depth > this.#depth) throw new GiveUp(tooDeep(this.#depth, this.#at));
    if (++this.#values > limits.values)
      throw new GiveUp({
        code: 'ATL1106',
        message: `more than ${limits.values} values`,
        offset: this.#at,
        fix: 'split the document',
      });
    const char = this.#text[this.#at];
    if (char === '{') return this.#object(depth);
    if (char === '[') return this.#array(depth);
    const start = this.#at;
    if (char === '"') return scalar(start, this.#string());
    const word = char === undefined ? undefined : WORDS.get(char);
    if (word === undefined || !this.#text.startsWith(word.text, start)) return scalar(start, this.#number());
    this.#at += word.text.length;
    return scalar(start, word.value);
  }

  #object(depth: number): Node {
    const start = this.#at++;
    const members = new Map<string, Member>();
    const value: Record<string, JsonValue> = {};
    const size = { weight: 1, height: 0 };
    for (let isFirst = true; this.#hasMore('}', isFirst); isFirst = false) {
      const keyStart = this.#at;
      if (this.#text[keyStart] !== '"') this.#fail('expected a key in double quotes', keyHint(this.#text, keyStart));
      const key = this.#string();
      this.#space();
      this.#expect(':', '":"', 'put a colon between the key and its value');
      this.#space();
      const node = this.#value(depth + 1);
      const first = members.get(key);
      if (key === FORBIDDEN_KEY) this.problems.push(forbiddenKey(keyStart));
      else if (first) this.problems.push(duplicateKey(key, keyStart, first.keyStart));
      else {
        members.set(key, { keyStart, node });
        value[key] = node.value;
        grow(size, node);
      }
    }
    return { kind: 'map', start, members, value, weight: size.weight, height: size.height };
  }

  #array(depth: number): Node {
    const start = this.#at++;
    const items: Node[] = [];
    const value: JsonValue[] = [];
    const size = { weight: 1, height: 0 };
    for (let isFirst = true; this.#hasMore(']', isFirst); isFirst = false) {
      const node = this.#value(depth + 1);
      items.push(node);
      value.push(node.value);
      grow(size, node);
    }
    return { kind: 'seq', start, items, value, weight: size.weight, height: size.height };
  }

  /** Whether an item follows. False at the end of the list. Moves to the item, or past the bracket. */
  #hasMore(close: string, isFirst: boolean): boolean {
    this.#space();
    if (this.#text[this.#at] === close) {
      this.#at++;
      return false;
    }
    if (isFirst) return true;
    this.#expect(',', `"," or "${close}"`, 'put a comma between the two, or close the open bracket');
    this.#space();
    return true;
  }

  #string(): string {
    const end = this.#text.indexOf('"', this.#at + 1);
    const plain = end === -1 ? '\\' : this.#text.slice(this.#at + 1, end);
    if (SPECIAL.test(plain)) return this.#escapedString();
    this.#at = end + 1;
    return this.#texts.own(plain);
  }

  #escapedString(): string {
    const start = this.#at++;
    // Piece by piece, because one expression for the whole string overflows the stack if the string is long.
    for (;;) {
      this.#match(PLAIN);
      const char = this.#text[this.#at];
      if (char === '"') break;
      if (char === undefined || char === '\n' || char === '\r') {
        this.#at = start;
        this.#fail('the string is not closed', 'close the quote; write a line break as \\n');
      }
      if (char !== '\\')
        this.#fail('control character in a string', `write it as ${JSON.stringify(char).slice(1, -1)}`);
      if (this.#match(ESCAPE) === undefined) this.#fail('unknown escape in a string', 'write \\\\ for a backslash');
    }
    const value: unknown = JSON.parse(this.#text.slice(start, ++this.#at));
    return this.#texts.own(String(value));
  }

  #number(): JsonValue {
    const start = this.#at;
    const text = this.#match(NUMBER);
    if (text === undefined)
      this.#fail(
        start >= this.#text.length ? 'unexpected end of the text' : 'expected a value',
        valueHint(this.#text, start),
      );
    const value = Number(text);
    if (this.#exact && isBigInteger(text, value) && Number.isFinite(value)) return exactInteger(text);
    const problem = numberProblem(text, value, start);
    if (problem) this.problems.push(problem);
    return problem ? 0 : value;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #space(): void {
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      // space, line feed, carriage return, tab
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
    }
  }

  #expect(char: string, what: string, fix: string): void {
    if (this.#text[this.#at] !== char) this.#fail(`expected ${what}`, fix);
    this.#at++;
  }

  #fail(message: string, fix: string): never {
    throw new GiveUp({ code: 'ATL1103', message, offset: Math.min(this.#at, this.#text.length), fix });
  }
}

/** A number that an IEEE double cannot represent, so that generated code would differ from the spec. */
export function numberProblem(text: string, value: number, offset: number): SyntaxProblem | undefined {
  const tooBig = isBigInteger(text, value);
  if (!tooBig && Number.isFinite(value)) return undefined;
  return {
    code: 'ATL1109',
    message: tooBig ? `integer ${text} is beyond 2^53 - 1` : `${text} is not a finite JSON number`,
    offset,
    fix: tooBig
      ? 'stay within 9007199254740991, or write it as a string in quotes; move an Avro schema to an .avsc file'
      : 'write a finite number',
  };
}

function isBigInteger(text: string, value: number): boolean {
  return /^[-+]?\d+$/.test(text) && !Number.isSafeInteger(value);
}

export function duplicateKey(key: string, offset: number, first: number): SyntaxProblem {
  return {
    code: 'ATL1104',
    message: `key ${JSON.stringify(key)} appears twice in the same object`,
    offset,
    fix: 'remove one',
    related: { offset: first, message: 'the first one' },
  };
}

export function forbiddenKey(offset: number): SyntaxProblem {
  return { code: 'ATL1108', message: `key "${FORBIDDEN_KEY}" is not allowed`, offset, fix: 'choose another name' };
}

export function tooDeep(depth: number, offset: number): SyntaxProblem {
  const fix = 'flatten it, or move the inner part out and refer to it';
  return { code: 'ATL1107', message: `nested deeper than ${depth} levels`, offset, fix };
}

/** What to do if a value was expected, by the character that was found instead. */
function valueHint(text: string, at: number): string {
  return hint(text, at, 'put text in double quotes; write numbers, true, false and null without');
}

/** What to do if a key was expected. */
function keyHint(text: string, at: number): string {
  return hint(text, at, 'put the key in double quotes');
}

/** Covers what people write if they are used to YAML or JavaScript. */
function hint(text: string, at: number, otherwise: string): string {
  switch (text[at]) {
    case undefined:
      return 'close the open bracket';
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
