import { isUtf8 } from 'node:buffer';
import type { ProblemError } from '../contract/handler.ts';
import type { OperationContract } from '../contract/operation.ts';
import { escapeToken } from '../pointer.ts';
import { changedByParsing } from './exactJson.ts';
import { invalid, Refusal } from './problem.ts';

/**
 * The JSON body of a request, checked against its schema and never coerced. Throws `Refusal`: 415 for another media
 * type, charset or content coding; 400 if the body is missing, is not JSON in UTF-8 (RFC 8259) or does not fit the
 * schema.
 */
export function bodyOf(
  { id, body }: OperationContract,
  {
    'content-type': contentType,
    'content-encoding': coding = 'identity',
  }: { readonly 'content-type'?: string | undefined; readonly 'content-encoding'?: string | undefined },
  bytes: Buffer | undefined,
): unknown {
  const empty = bytes === undefined || bytes.length === 0;
  if (body === undefined) {
    if (empty) return undefined;
    throw noBody({ id });
  }
  if (empty) {
    if (!body.required) return undefined;
    throw invalid([{ pointer: '', detail: 'a body is required' }]);
  }
  if (!isMediaType(contentType, body.mediaType))
    throw new Refusal({ code: 'unsupported-media-type', detail: `send ${body.mediaType}, in UTF-8` });
  if (coding.trim().toLowerCase() !== 'identity')
    throw new Refusal({ code: 'unsupported-content-coding', detail: 'send the body as it is, not compressed' });
  const value = parse(bytes);
  const errors = body.validate(value);
  if (errors !== undefined) throw invalid(errors);
  return value;
}

/** 400, because the operation takes no body. */
export function noBody({ id }: Pick<OperationContract, 'id'>): Refusal {
  return invalid([{ pointer: '', detail: `${id} takes no body` }]);
}

/** Compares media types (RFC 9110, section 8.3.1). Parameters are ignored, except a charset other than UTF-8. */
function isMediaType(header: string | undefined, expected: string): boolean {
  if (header === undefined) return false;
  if (header === expected) return true;
  const lower = header.toLowerCase();
  const essence = /^[^;]*/.exec(lower)?.[0] ?? '';
  if (essence.trim() !== expected.toLowerCase()) return false;
  // a quoted value may contain a semicolon
  const parameters = lower.slice(essence.length).match(/;(?:"(?:[^"\\]|\\.)*"|[^";])*/g) ?? [];
  return parameters
    .map((parameter) => parameter.slice(1).trim())
    .filter((parameter) => parameter.startsWith('charset='))
    .every((charset) => /^charset=("utf-8"|utf-8)$/.test(charset));
}

function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw malformed(', because it is not UTF-8');
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(whereOf(error));
  }
  const changed = changedByParsing(text, value);
  if (changed) throw invalid([changed]);
  // each fault needs a long text, this name or an escape, so most bodies need no search
  if (text.length > 2 * MAX_DEPTH || text.includes('__proto__') || text.includes('\\u')) {
    const fault = faultIn(value, 0);
    if (fault) throw invalid([fault]);
  }
  return value;
}

/** Deeper than real bodies, and far below the depth at which validators or the digest would overflow the stack. */
const MAX_DEPTH = 1_000;

/** Finds the first value that JSON allows, but the code behind this point can't handle. */
function faultIn(value: unknown, depth: number): ProblemError | undefined {
  if (typeof value === 'string') return faultOf(value);
  if (value === null || typeof value !== 'object') return undefined;
  if (depth === MAX_DEPTH) return { pointer: '', detail: `must not be nested deeper than ${MAX_DEPTH}` };
  for (const [name, member] of Object.entries(value)) {
    // JSON.parse makes a member of that name, and a careless copy of the object would make it the prototype
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

/** Only the position of the error, because the message of JSON.parse quotes the body, which may have secrets. */
function whereOf(error: unknown): string {
  const message = error instanceof SyntaxError ? error.message : '';
  if (message.startsWith('Unexpected end')) return ', because it ends too early';
  const position = / at position (\d+)/.exec(message)?.[1];
  return position === undefined ? '' : `, from character ${Number(position) + 1} on`;
}

function malformed(why: string): Refusal {
  return new Refusal({ code: 'malformed-body', detail: `the body is not JSON${why}` });
}
