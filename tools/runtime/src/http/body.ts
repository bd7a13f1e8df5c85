import type { OperationContract } from '../contract/operation.ts';
import { invalid, Refusal } from './problem.ts';
import { readJson } from './readJson.ts';

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

/** A `Refusal` 400, because the operation takes no body. */
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
  const read = readJson(bytes);
  if ('malformed' in read)
    throw new Refusal({ code: 'malformed-body', detail: `the body is not JSON${read.malformed}` });
  if ('fault' in read) throw invalid([read.fault]);
  return read.value;
}
