/** Any JSON value, as read from a spec. Numbers are IEEE doubles; YAML integers beyond 2^53 are refused by `load`. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object; absent keys read as undefined. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}
