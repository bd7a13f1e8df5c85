import type { JsonObject, JsonValue } from '@atlas/ir';
import { atRef } from '../../jsonschema/json.ts';

const known = new WeakMap<JsonObject, Map<string, JsonValue | undefined>>();

/**
 * What a reference of a document to itself (`#/components/schemas/Seat`) leads to, kept for each document, because a
 * large one refers to the same schema thousands of times. The document must not change. Undefined if the reference
 * leads to another document or nowhere, or names an anchor, which is not followed.
 */
export function targetAt(document: JsonObject, ref: string): JsonValue | undefined {
  const targets = known.get(document) ?? new Map<string, JsonValue | undefined>();
  known.set(document, targets);
  if (!targets.has(ref)) targets.set(ref, found(document, ref));
  return targets.get(ref);
}

function found(document: JsonObject, ref: string): JsonValue | undefined {
  try {
    return ref === '#' || ref.startsWith('#/') ? atRef(document, ref) : undefined;
  } catch {
    return undefined; // a percent sign that encodes nothing
  }
}
