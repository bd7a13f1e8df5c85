import type { JsonValue } from '@atlas/ir';
import type { Witness } from '../finding.ts';
import type { Direction, SchemaPlace } from '../schemas.ts';
import type { Media, Operation } from './api.ts';
import type { HttpContext } from './context.ts';
import { acceptingType, isRange, responsePairs } from './match.ts';
import { statusesOf, type HttpSchemaPair } from './schemaPairs.ts';

/**
 * The schemas of a media range and of a narrower type of the other side: a range covers each type that its own side
 * does not name (OpenAPI 3.1, section 4.8.14), so its schema is compared with that of the type, too.
 */
export function* rangePairs(context: HttpContext): Iterable<HttpSchemaPair> {
  const { pairs, outgoing, requests, responses } = context;
  for (const { old: before, new: after } of pairs) {
    for (const [type, old, next] of narrower(before.body?.content, after.body?.content))
      yield pairOf(before, `request ${type}`, 'request', [old, next], (value, at) =>
        requests.request(before, { body: { type, value } }, `/body${at}`),
      );
    for (const answer of responsePairs(after, before))
      for (const [type, next, old] of narrower(answer.sent.content, answer.known.content))
        yield pairOf(before, `${statusesOf(answer)} ${type}`, 'response', [old, next], (value, at) =>
          responses.unknown(after, before, answer, `/body${at}`, { type, body: value }),
        );
  }
  for (const { old: before, new: after } of outgoing.pairs) {
    for (const [type, next, old] of narrower(after.body?.content, before.body?.content))
      yield pairOf(before, `request ${type}`, 'response', [old, next], (value, at) =>
        responses.sent(after, before, { body: { type, value } }, `/body${at}`),
      );
    for (const answer of responsePairs(before, after))
      for (const [type, old, next] of narrower(answer.sent.content, answer.known.content))
        yield pairOf(before, `${statusesOf(answer)} ${type}`, 'request', [old, next], (value, at) =>
          requests.unknown(before, after, answer, `/body${at}`, { type, body: value }),
        );
  }
}

type Content = ReadonlyMap<string, Media> | undefined;

/** Types that the reader names and the writer has only in a range, with the media of the writer and of the reader. */
function narrower(writer: Content, reader: Content): readonly (readonly [string, Media, Media])[] {
  return [...(reader ?? [])].flatMap(([type, read]) => {
    const [range, written] = (writer && acceptingType(writer, type)) ?? [];
    return range !== undefined && written && range !== type && isRange(range) ? [[type, written, read] as const] : [];
  });
}

function pairOf(
  { id }: Operation,
  part: string,
  direction: Direction,
  [old, next]: readonly [Media, Media],
  wrap: (value: JsonValue, at: string) => Witness | undefined,
): HttpSchemaPair {
  // Without a schema anything may be sent.
  const at = ({ schema, pointer }: Media): SchemaPlace =>
    schema ? { pointer: schema.pointer } : { pointer, schema: {} };
  return { pair: { id: `${id} ${part} in a range`, direction, old: at(old), new: at(next) }, operation: id, wrap };
}
