import type { ProblemError } from '../contract/handler.ts';
import { escapeToken } from '../pointer.ts';

interface Level {
  /** The names seen so far; undefined for an array. */
  readonly names: Set<string> | undefined;
  /** The member or item that is being read. */
  at: string | number;
}

/**
 * Finds the first value of a JSON text that `JSON.parse` would change silently: a second member of the same name (RFC
 * 8259, section 4), of which only the last one would count, and a number that a double cannot hold as it is written.
 * The text must be valid JSON. Takes linear time and no recursion, because bodies are hostile.
 */
export function changedByParsing(text: string): ProblemError | undefined {
  const levels: Level[] = [];
  let level: Level | undefined;
  let expectsName = false;
  for (let at = 0; at < text.length;) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      const end = endOfString(text, at);
      if (expectsName && level?.names !== undefined) {
        const name = decoded(text.slice(at, end));
        level.at = name;
        if (level.names.has(name)) return { pointer: pointerOf(levels), detail: 'is given more than once' };
        level.names.add(name);
        expectsName = false;
      }
      at = end;
    } else if (char === MINUS || isDigit(char)) {
      const end = endOfNumber(text, at);
      if (end - at > 1 && !isExact(text.slice(at, end)))
        return { pointer: pointerOf(levels), detail: 'has more digits than can be kept' };
      at = end;
    } else {
      if (char === COMMA) {
        if (level !== undefined && typeof level.at === 'number') level.at += 1;
        expectsName = level?.names !== undefined;
      } else if (char === OPEN_OBJECT || char === OPEN_ARRAY) {
        expectsName = char === OPEN_OBJECT;
        level = expectsName ? { names: new Set(), at: '' } : { names: undefined, at: 0 };
        levels.push(level);
      } else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) {
        levels.pop();
        level = levels.at(-1);
        expectsName = false;
      }
      at += 1;
    }
  }
  return undefined;
}

const [QUOTE, COMMA, MINUS] = [0x22, 0x2c, 0x2d];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

function isDigit(char: number): boolean {
  return char >= 0x30 && char <= 0x39;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let escapes = at;
    while (text[escapes - 1] === '\\') escapes -= 1;
    if ((at - escapes) % 2 === 0) return at + 1;
  }
}

function decoded(literal: string): string {
  const name: unknown = literal.includes('\\') ? JSON.parse(literal) : literal.slice(1, -1);
  return String(name);
}

/** After the first character of a number, only its own characters are in -+.eE and the digits. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (!isDigit(char) && char !== 0x2e && char !== 0x2b && char !== MINUS && (char | 0x20) !== 0x65) break;
  }
  return at;
}

/** A double keeps every decimal number of this many digits. */
const SAFE_DIGITS = 15;

function isExact(literal: string): boolean {
  if (literal.length <= SAFE_DIGITS && !/e/i.test(literal)) return true;
  const value = Number(literal);
  // the schema refuses it, with a better message
  if (!Number.isFinite(value)) return true;
  return decimal(literal) === decimal(String(value));
}

/** Digits without zeros at either end, and the exponent of the last one: equal numbers give equal texts. */
function decimal(literal: string): string {
  const [, digits = '', fraction = '', power = '0'] = /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(literal) ?? [];
  const all = `${digits}${fraction}`;
  let end = all.length;
  while (end > 0 && all[end - 1] === '0') end -= 1;
  let start = 0;
  while (start < end && all[start] === '0') start += 1;
  return start === end ? '0' : `${all.slice(start, end)}e${Number(power) - fraction.length + all.length - end}`;
}

function pointerOf(levels: readonly Level[]): string {
  return levels.map(({ at }) => `/${escapeToken(String(at))}`).join('');
}
