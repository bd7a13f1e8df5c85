import type { JsonValue } from '@atlas/ir';
import type { Witness } from '../finding.ts';
import type { Direction, SchemaPair } from '../schemas.ts';
import type { Placed } from '../sides/version.ts';
import type { Parameter } from './api.ts';
import { parameterPairs, spotOf, type HttpContext, type OperationPair } from './context.ts';
import { acceptingType, knownResponse } from './match.ts';

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
  for (const pair of context.outgoing.pairs) {
    yield* sentPairs(context, pair);
    yield* answeredPairs(context, pair);
  }
}

/** What the server sends in a webhook or a callback: clients of the old version must take what the new one sends. */
function* sentPairs({ responses }: HttpContext, pair: OperationPair): Iterable<HttpSchemaPair> {
  const { old: before, new: after } = pair;
  for (const [one, other] of parameterPairs(pair)) {
    if (!one.schema || !other.schema) continue;
    yield {
      pair: pairOf(`${before.id} ${one.in} ${one.name}`, 'response', one.schema, other.schema),
      operation: before.id,
      wrap: (value) => by('new', responses.write(after, { parameter: { of: other, value } }, spotOf(other))),
    };
  }
  for (const [type, media] of after.body?.content ?? []) {
    const accepting = before.body && acceptingType(before.body.content, type);
    if (!media.schema || !accepting?.[1].schema) continue;
    yield {
      pair: pairOf(`${before.id} request ${type}`, 'response', accepting[1].schema, media.schema),
      operation: before.id,
      wrap: (value, at) => by('new', responses.write(after, { body: { type, value } }, `/body${at}`)),
    };
  }
}

/** What clients answer to a webhook or a callback. */
function* answeredPairs(
  { requests }: HttpContext,
  { old: before, new: after }: OperationPair,
): Iterable<HttpSchemaPair> {
  for (const response of before.responses.values()) {
    const known = knownResponse(after, response.status);
    for (const [type, media] of response.content) {
      const schema = known && acceptingType(known.content, type)?.[1].schema;
      if (!schema || !media.schema) continue;
      yield {
        pair: pairOf(`${before.id} ${response.status} ${type}`, 'request', media.schema, schema),
        operation: before.id,
        wrap: (value, at) => by('old', requests.response(response, type, value, `/body${at}`)),
      };
    }
  }
}

function by(acceptedBy: Witness['acceptedBy'], witness: Witness | undefined): Witness | undefined {
  return witness && { ...witness, acceptedBy };
}

function* requestPairs(context: HttpContext, pair: OperationPair): Iterable<HttpSchemaPair> {
  const { old: before, new: after } = pair;
  const { requests } = context;
  for (const [one, other] of parameterPairs(pair)) {
    if (!one.schema || !other.schema || isSameText(context, one, other)) continue;
    yield {
      pair: pairOf(`${before.id} ${one.in} ${one.name}`, 'request', one.schema, other.schema),
      operation: before.id,
      wrap: (value) => requests.write(before, { parameter: { of: one, value } }, spotOf(one)),
    };
  }
  for (const [type, media] of before.body?.content ?? []) {
    const accepting = after.body && acceptingType(after.body.content, type);
    if (!media.schema || !accepting?.[1].schema) continue;
    yield {
      pair: pairOf(`${before.id} request ${type}`, 'request', media.schema, accepting[1].schema),
      operation: before.id,
      wrap: (value, at) => requests.write(before, { body: { type, value } }, `/body${at}`),
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
  const to = direction === 'request' ? context.new : context.old;
  const { type } = writer;
  const schema = reader.schema && to.version.follow(reader.schema.value, reader.schema.pointer)?.value;
  const limits = ['enum', 'const', 'pattern', 'format', 'minLength', 'maxLength', 'allOf', 'anyOf', 'oneOf', 'not'];
  return (
    (type === 'integer' || type === 'number' || type === 'boolean') &&
    reader.type === 'string' &&
    typeof schema === 'object' &&
    schema !== null &&
    limits.every((key) => !(key in schema))
  );
}
