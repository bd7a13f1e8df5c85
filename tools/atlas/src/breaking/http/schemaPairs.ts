import type { JsonValue } from '@atlas/ir';
import type { Witness } from '../finding.ts';
import type { Direction, SchemaPair } from '../schemas.ts';
import type { Placed } from '../sides/version.ts';
import { parameterPairs, type HttpContext, type OperationPair } from './context.ts';
import { acceptingType, responsePairs, type ResponsePair } from './match.ts';
import { readAlike, sendable } from './sendable.ts';
import { asTexts } from './textSchemas.ts';
import { spotOf } from './witnesses.ts';

/** A pair of schemas for the engine, and how a value of it becomes a whole request or response. */
export interface HttpSchemaPair {
  readonly pair: SchemaPair;
  readonly operation: string;
  /**
   * Makes a whole message of it. `at` is a JSON Pointer into the value. Undefined if no whole message was found that
   * one version accepts and the other refuses.
   */
  wrap(value: JsonValue, at: string): Witness | undefined;
}

/** The schemas of both versions that have to be compared: of parameters, bodies and headers. */
export function* schemaPairs(context: HttpContext): Iterable<HttpSchemaPair> {
  for (const pair of context.pairs) {
    yield* requestPairs(context, pair);
    yield* returnedPairs(context, pair);
  }
  for (const pair of context.outgoing.pairs) {
    yield* sentPairs(context, pair);
    yield* answeredPairs(context, pair);
  }
}

/** What the server sends in a webhook or a callback: clients of the old version must accept what the new one sends. */
function* sentPairs({ responses }: HttpContext, pair: OperationPair): Iterable<HttpSchemaPair> {
  const { old: before, new: after } = pair;
  for (const [one, other] of parameterPairs(pair)) {
    if (!one.schema || !other.schema) continue;
    yield {
      pair: {
        ...pairOf(`${before.id} ${one.in} ${one.name}`, 'response', one.schema, other.schema),
        within: sendable(other, after.path),
        preferred: readAlike(other),
      },
      operation: before.id,
      wrap: (value) => responses.sent(after, before, { parameter: { of: other, value } }, spotOf(other)),
    };
  }
  for (const [type, media] of after.body?.content ?? []) {
    const accepting = before.body && acceptingType(before.body.content, type);
    if (!media.schema || !accepting?.[1].schema) continue;
    yield {
      pair: pairOf(`${before.id} request ${type}`, 'response', accepting[1].schema, media.schema),
      operation: before.id,
      wrap: (value, at) => responses.sent(after, before, { body: { type, value } }, `/body${at}`),
    };
  }
}

/** What clients answer to a webhook or a callback. */
function* answeredPairs(
  { requests }: HttpContext,
  { old: before, new: after }: OperationPair,
): Iterable<HttpSchemaPair> {
  for (const answer of responsePairs(before, after)) {
    for (const [type, media] of answer.sent.content) {
      const schema = acceptingType(answer.known.content, type)?.[1].schema;
      if (!schema || !media.schema) continue;
      yield {
        pair: pairOf(`${before.id} ${statusesOf(answer)} ${type}`, 'request', media.schema, schema),
        operation: before.id,
        wrap: (value, at) => requests.unknown(before, after, answer, `/body${at}`, { type, body: value }),
      };
    }
  }
}

function* requestPairs(context: HttpContext, pair: OperationPair): Iterable<HttpSchemaPair> {
  const { old: before, new: after } = pair;
  const { requests } = context;
  for (const [one, other] of parameterPairs(pair)) {
    const [writer, reader] = asTexts([context.old, one], [context.new, other]);
    if (!writer || !reader) continue;
    yield {
      pair: {
        id: `${before.id} ${one.in} ${one.name}`,
        direction: 'request',
        old: writer,
        new: reader,
        within: sendable(one, before.path),
        preferred: readAlike(one),
      },
      operation: before.id,
      wrap: (value) => requests.parameter(before, value, { of: one, refusing: other, by: after }),
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

function* returnedPairs(context: HttpContext, { old: before, new: after }: OperationPair): Iterable<HttpSchemaPair> {
  const { responses } = context;
  for (const answer of responsePairs(after, before)) {
    const { sent, known } = answer;
    const id = `${before.id} ${statusesOf(answer)}`;
    for (const [type, media] of sent.content) {
      const schema = acceptingType(known.content, type)?.[1].schema;
      if (!schema || !media.schema) continue;
      yield {
        pair: pairOf(`${id} ${type}`, 'response', schema, media.schema),
        operation: before.id,
        wrap: (value, at) => responses.unknown(after, before, answer, `/body${at}`, { type, body: value }),
      };
    }
    for (const [name, header] of sent.headers) {
      const one = known.headers.get(name);
      if (!one) continue;
      const [writer, reader] = asTexts([context.new, header], [context.old, one]);
      if (!writer || !reader) continue;
      yield {
        pair: {
          id: `${id} header ${name}`,
          direction: 'response',
          old: reader,
          new: writer,
          within: sendable(header),
          preferred: readAlike(header),
        },
        operation: before.id,
        wrap: (value) =>
          responses.unknown(after, before, answer, `/headers/${name}`, { header: { name, value, refusing: one } }),
      };
    }
  }
}

/** The status that both sides name, or both names if they differ. */
export function statusesOf({ sent, known }: ResponsePair): string {
  return sent.status === known.status ? sent.status : `${known.status} as ${sent.status}`;
}

function pairOf(id: string, direction: Direction, old: Placed, next: Placed): SchemaPair {
  return { id, direction, old: { pointer: old.pointer }, new: { pointer: next.pointer } };
}
