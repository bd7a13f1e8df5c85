import { isUtf8 } from 'node:buffer';
import type { OperationContract } from '../../contract/operation.ts';
import { invalid, Refusal } from './problem.ts';

/**
 * The JSON body of a request, held against its schema; never coerced. Throws `Refusal`: 415 for another media type or charset, 400 for
 * what is missing, not JSON (RFC 8259, UTF-8) or outside the schema.
 */
export function bodyOf(
  { id, body }: OperationContract,
  contentType: string | undefined,
  bytes: Buffer | undefined,
): unknown {
  const empty = bytes === undefined || bytes.length === 0;
  if (body === undefined) {
    if (empty) return undefined;
    throw invalid([{ pointer: '', detail: `${id} takes no body` }]);
  }
  if (empty) {
    if (!body.required) return undefined;
    throw invalid([{ pointer: '', detail: 'a body is required' }]);
  }
  if (!isMediaType(contentType, body.mediaType))
    throw new Refusal(415, { code: 'unsupported-media-type', detail: `send ${body.mediaType}, in UTF-8` });
  const value = parse(bytes);
  const errors = body.validate(value);
  if (errors !== undefined) throw invalid(errors);
  return value;
}

/** RFC 9110, section 8.3.1: parameters don't matter, but for a charset that is none of JSON's. */
function isMediaType(header: string | undefined, expected: string): boolean {
  if (header === undefined) return false;
  if (header === expected) return true;
  const [essence = '', ...parameters] = header.toLowerCase().split(';');
  if (essence.trim() !== expected.toLowerCase()) return false;
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  return charset === undefined || /^charset="?utf-8"?$/.test(charset);
}

function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw malformed('is not UTF-8');
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(error instanceof SyntaxError ? error.message.replace(/, ".*$/s, '') : 'is not JSON');
  }
  // an escape can spell the name as well, and is rare enough to look for with care
  if (text.includes('__proto__') || text.includes('\\u')) refuseProto(value, '');
  return value;
}

/** JSON.parse makes a member of that name, and the first careless copy makes it a prototype. */
function refuseProto(value: unknown, pointer: string): void {
  if (value === null || typeof value !== 'object') return;
  if (Object.hasOwn(value, '__proto__'))
    throw invalid([{ pointer: `${pointer}/__proto__`, detail: 'must not be sent' }]);
  for (const [name, member] of Object.entries(value))
    refuseProto(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

function malformed(why: string): Refusal {
  return new Refusal(400, { code: 'malformed-body', detail: `the body is not JSON: ${why}` });
}
