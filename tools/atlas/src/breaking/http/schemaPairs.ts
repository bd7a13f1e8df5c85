import type { JsonValue } from '@atlas/ir';
import type { Witness } from '../finding.ts';
import type { Direction, SchemaPair } from '../schemas.ts';
import type { Placed } from '../sides/version.ts';
import type { Parameter } from './api.ts';
import {
  acceptingType,
  knownResponse,
  parameterPairs,
  spotOf,
  typeOf,
  type HttpContext,
  type OperationPair,
} from './context.ts';

/** A pair of schemas for the engine, and how a value of it becomes a whole request or response. */
export interface HttpSchemaPair {
  readonly pair: SchemaPair;
  readonly operation: string;
  /** `at` is a JSON Pointer into the value. */
  wrap(value: JsonValue, at: string): Witness | undefined;
}

/** The schemas of both versions that have to be compared: of parameters, bodies and headers. */
export function* schemaPairs(context: HttpContext): Iterable<HttpSchemaPair> {
  for (const pair of context.pairs) {
    yield* requestPairs(context, pair);
    yield* responsePairs(context, pair);
  }
}

function* requestPairs(context: HttpContext, pair: OperationPair): Iterable<HttpSchemaPair> {
  const { old: before, new: after } = pair;
  const { requests } = context;
  for (const [one, other] of parameterPairs(pair)) {
    if (!one.schema || !other.schema || isSameText(context, one, other)) continue;
    yield {
      pair: pairOf(`${before.id} ${one.in} ${one.name}`, 'request', one.schema, other.schema),
      operation: before.id,
      wrap: (value) => requests.request(before, { parameter: { of: one, value } }, spotOf(one)),
    };
  }
  for (const [type, media] of before.body?.content ?? []) {
    const accepting = after.body && acceptingType(after.body.content, type);
    if (!media.schema || !accepting?.[1].schema) continue;
    yield {
      pair: pairOf(`${before.id} request ${type}`, 'request', media.schema, accepting[1].schema),
      operation: before.id,
      wrap: (value, at) => requests.request(before, { body: { type, value } }, `/body${at}`),
    };
  }
}

function* responsePairs(context: HttpContext, { old: before, new: after }: OperationPair): Iterable<HttpSchemaPair> {
  const { responses } = context;
  for (const response of after.responses.values()) {
    const known = knownResponse(before, response.status);
    if (!known) continue;
    for (const [type, media] of response.content) {
      const schema = acceptingType(known.content, type)?.[1].schema;
      if (!schema || !media.schema) continue;
      yield {
        pair: pairOf(`${before.id} ${response.status} ${type}`, 'response', schema, media.schema),
        operation: before.id,
        wrap: (value, at) => responses.response(response, type, value, `/body${at}`),
      };
    }
    for (const [name, header] of response.headers) {
      const one = known.headers.get(name);
      if (!one?.schema || !header.schema || isSameText(context, one, header, 'response')) continue;
      yield {
        pair: pairOf(`${before.id} ${response.status} header ${name}`, 'response', one.schema, header.schema),
        operation: before.id,
        wrap: (value) => responses.responseHeader(response, name, value),
      };
    }
  }
}

function pairOf(id: string, direction: Direction, old: Placed, next: Placed): SchemaPair {
  return { id, direction, old: { pointer: old.pointer }, new: { pointer: next.pointer } };
}

/** On the wire a number is text, so a reader of any text reads it too. */
function isSameText(context: HttpContext, old: Parameter, next: Parameter, direction: Direction = 'request'): boolean {
  const [writer, reader] = direction === 'request' ? [old, next] : [next, old];
  const [from, to] = direction === 'request' ? [context.old, context.new] : [context.new, context.old];
  const type = typeOf(from.version, writer.schema);
  const schema = reader.schema && to.version.follow(reader.schema.value, reader.schema.pointer)?.value;
  const limits = ['enum', 'const', 'pattern', 'format', 'minLength', 'maxLength', 'allOf', 'anyOf', 'oneOf', 'not'];
  return (
    (type === 'integer' || type === 'number' || type === 'boolean') &&
    typeOf(to.version, reader.schema) === 'string' &&
    typeof schema === 'object' &&
    schema !== null &&
    limits.every((key) => !(key in schema))
  );
}
