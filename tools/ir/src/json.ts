declare global {
  // https://tc39.es/proposal-json-parse-with-source, which TypeScript's libraries do not declare yet
  interface JSON {
    rawJSON(text: string): { readonly rawJSON: string };
    isRawJSON(value: unknown): boolean;
  }
}

/**
 * Any JSON value, as read from a spec. Numbers are IEEE doubles. An integer of an Avro schema that a double cannot
 * represent is an `exactInteger`. `load` refuses such integers in other files.
 */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object; absent keys are undefined. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return isRecord(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Whether a value of unknown origin is an object with keys: neither null nor a list nor an `exactInteger`. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

/** An integer beyond 2^53 - 1 that keeps all its digits: `JSON.stringify` writes it as it was read. */
export function exactInteger(digits: string): JsonValue {
  return JSON.rawJSON(digits);
}

/** The value of a whole number; undefined for any other value, and for a double that may have lost digits. */
export function integerOf(value: JsonValue | undefined): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return JSON.isRawJSON(value) ? BigInt(JSON.stringify(value)) : undefined;
}

/** Parses JSON, with an `exactInteger` if a double would lose digits. Throws a `SyntaxError`. */
export function parseExactly(text: string): JsonValue {
  return JSON.parse(text, (_, value: JsonValue, context?: { readonly source?: string }) => {
    const source = context?.source;
    return typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
      ? exactInteger(source)
      : value;
  });
}
