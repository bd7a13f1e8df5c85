import type { JsonObject, JsonValue } from '@atlas/ir';
import { atRef } from '../../jsonschema/json.ts';

const known = new WeakMap<JsonObject, Map<string, JsonValue | undefined>>();

/**
 * `atRef`, kept for each document, because a large one refers to the same schema thousands of times. The document must
 * not change. Throws a `URIError` if a percent sign of the reference encodes nothing.
 */
export function targetAt(document: JsonObject, ref: string): JsonValue | undefined {
  const targets = known.get(document) ?? new Map<string, JsonValue | undefined>();
  known.set(document, targets);
  if (!targets.has(ref)) targets.set(ref, atRef(document, ref));
  return targets.get(ref);
}
