import { isUtf8 } from 'node:buffer';
import type { ProblemError } from '../contract/handler.ts';
import type { Json } from '../contract/operation.ts';
import { escapeToken } from '../pointer.ts';
import { changedByParsing } from './exactJson.ts';

/** JSON that somebody else has written, or what is wrong with it. `malformed` is appended to "the body is not JSON". */
export type ReadJson = { readonly value: Json } | { readonly malformed: string } | { readonly fault: ProblemError };

/**
 * Parses JSON in UTF-8 (RFC 8259). Refuses values that parsing would change, values that are nested too deeply, and
 * text that cannot be stored.
 */
export function readJson(bytes: Buffer): ReadJson {
  if (!isUtf8(bytes)) return { malformed: ', because it is not UTF-8' };
  const text = bytes.toString('utf8');
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { malformed: whereOf(error) };
  }
  const changed = changedByParsing(text, value);
  if (changed) return { fault: changed };
  // a fault is possible only in a long text, or with this name or an escape, so most bodies need no search
  const needsSearch = text.length > 2 * MAX_DEPTH || text.includes('__proto__') || text.includes('\\u');
  const fault = needsSearch ? faultIn(value, 0) : undefined;
  return fault ? { fault } : { value };
}

/**
 * More than real bodies have, and far less than the depth at which validators or the digest would overflow the stack.
 */
const MAX_DEPTH = 1_000;

/** Finds the first value that is valid JSON, but that later code can't handle. */
function faultIn(value: unknown, depth: number): ProblemError | undefined {
  if (typeof value === 'string') return faultOf(value);
  if (value === null || typeof value !== 'object') return undefined;
  if (depth === MAX_DEPTH) return { pointer: '', detail: `must not be nested deeper than ${MAX_DEPTH}` };
  for (const [name, member] of Object.entries(value)) {
    // JSON.parse makes a member with this name, and a careless copy of the object would turn it into the prototype
    const isProto = name === '__proto__';
    const fault = isProto ? { pointer: '', detail: 'must not be sent' } : (faultOf(name) ?? faultIn(member, depth + 1));
    if (fault) return { pointer: `/${escapeToken(name)}${fault.pointer}`, detail: fault.detail };
  }
  return undefined;
}

/** Text that Postgres and Avro can't store unchanged (RFC 8259, section 8.2). */
function faultOf(text: string): ProblemError | undefined {
  if (text.includes('\0')) return { pointer: '', detail: 'must not contain U+0000' };
  if (!text.isWellFormed()) return { pointer: '', detail: 'must not contain half of a surrogate pair' };
  return undefined;
}

/**
 * Says only the position of the error, because the message of JSON.parse quotes the body, which may contain secrets.
 */
function whereOf(error: unknown): string {
  const message = error instanceof SyntaxError ? error.message : '';
  if (message.startsWith('Unexpected end')) return ', because it ends too early';
  const position = / at position (\d+)/.exec(message)?.[1];
  return position === undefined ? '' : `, from character ${Number(position) + 1} on`;
}
