import type { ProblemError } from '../contract/handler.ts';
import { escapeToken } from '../pointer.ts';
import { isList, isObject } from '../typeGuards.ts';

/**
 * Finds the first value of a JSON text that `JSON.parse` changes silently: two members of the same name (RFC 8259,
 * section 4), of which only the last one is kept, and a number that a double cannot represent exactly. `value` is the
 * result of `JSON.parse` for the text. Takes linear time and no deep recursion, because bodies are hostile.
 */
export function changedByParsing(text: string, value: unknown): ProblemError | undefined {
  // most bodies are equal here, and this is ten times as fast as the scan
  if (membersOf(value, 0) === namesIn(text)) return undefined;
  return firstChange(text);
}

const MAX_DEPTH = 100;

/**
 * How many members the objects of a value have. NaN, which equals nothing, if only the scan can decide: a number is not
 * a member, or the value is deeply nested.
 */
function membersOf(value: unknown, depth: number): number {
  if (typeof value === 'number' || depth > MAX_DEPTH) return Number.NaN;
  if (!isObject(value)) return 0;
  if (isList(value)) {
    let members = 0;
    for (const item of value) members += membersOf(item, depth + 1);
    return members;
  }
  let members = 0;
  for (const name in value) {
    members += 1;
    const member = value[name];
    if (typeof member === 'object') members += membersOf(member, depth + 1);
  }
  return members;
}

/**
 * How many colons of a JSON text may follow the name of a member. There are at least as many as names; there may be
 * more, within strings. NaN if a member may be a number with too many digits.
 */
function namesIn(text: string): number {
  let names = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const before = text.charCodeAt(at - 1);
    if (before !== QUOTE && !isBlank(before)) continue;
    names += 1;
    let start = at + 1;
    while (isBlank(text.charCodeAt(start))) start += 1;
    const first = text.charCodeAt(start);
    if (first !== MINUS && !isDigit(first)) continue;
    if (!isShort(text, start, endOfNumber(text, start))) return Number.NaN;
  }
  return names;
}

interface Level {
  /** The names seen so far; undefined for an array. */
  readonly names: Set<string> | undefined;
  /** The member or item that is being read. */
  at: string | number;
}

/** Like `changedByParsing`, but without the value. It reads the whole text, which must be valid JSON. */
export function firstChange(text: string): ProblemError | undefined {
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
      if (!isShort(text, at, end) && !isExact(text.slice(at, end)))
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

/**
 * Blanks of JSON (RFC 8259, section 2). Also true for control characters, which valid JSON does not have outside of
 * strings.
 */
function isBlank(char: number): boolean {
  return char <= 0x20;
}

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

function isExponent(char: number): boolean {
  return (char | 0x20) === 0x65;
}

/**
 * The end of a number. In valid JSON, the characters after its first one that are digits or in -+.eE belong to the
 * number.
 */
function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (!isDigit(char) && char !== 0x2e && char !== 0x2b && char !== MINUS && !isExponent(char)) break;
  }
  return at;
}

/** A double keeps every decimal number of this many digits. */
const SAFE_DIGITS = 15;

function isShort(text: string, start: number, end: number): boolean {
  if (end - start > SAFE_DIGITS) return false;
  for (let at = start; at < end; at++) if (isExponent(text.charCodeAt(at))) return false;
  return true;
}

function isExact(literal: string): boolean {
  const value = Number(literal);
  // the schema refuses such a number, with a better message
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
