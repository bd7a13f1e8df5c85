import { isObject, parsePointer, PATH_ITEM_METHODS, type JsonValue } from '@atlas/ir';

/** Keys of values that no program reads. Everything in `info` counts as words, too. */
const WORDS = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'doc', 'tags', '$comment']);

/** Kinds of components, in words. Others have the name of their key. */
const SINGULAR: Readonly<Record<string, string>> = {
  schemas: 'schema',
  responses: 'response',
  parameters: 'parameter',
  requestBodies: 'request body',
  headers: 'header',
  securitySchemes: 'security scheme',
  channels: 'channel',
  operations: 'operation',
  messages: 'message',
  servers: 'server',
  fields: 'field',
  properties: 'property',
};

/** Keys that a reader does not need to hear. */
const SILENT = new Set(['content', 'schema', 'payload', 'traits']);

export interface Said {
  readonly subject: string;
  readonly what: string;
  readonly isWords: boolean;
}

/**
 * Describes in words what is at a pointer of a document. `file` is the subject of parts that belong to nothing else.
 */
export function said(document: JsonValue, pointer: string, file: string): Said {
  const tokens = parsePointer(pointer) ?? [];
  const { subject, length } = subjectOf(document, tokens, file);
  const rest = tokens.slice(length);
  const isMap = tokens.at(-2) === 'properties' || tokens.at(-2) === 'patternProperties';
  const isWords =
    (tokens[0] === 'info' || tokens.some((token, index) => WORDS.has(token) && !isMapAt(tokens, index))) && !isMap;
  return { subject, what: parts(valueAt(document, tokens.slice(0, length)), rest).join(' · '), isWords };
}

/** Whether the token is a name that the author of the document chose. */
function isMapAt(tokens: readonly string[], index: number): boolean {
  return tokens[index - 1] === 'properties' || (tokens[index - 2] === 'components' && index === 2);
}

/** The longest beginning of a pointer that has a name of its own. */
function subjectOf(
  document: JsonValue,
  tokens: readonly string[],
  file: string,
): { readonly subject: string; readonly length: number } {
  const [first, second, third] = tokens;
  if ((first === 'paths' || first === 'webhooks') && second !== undefined) {
    const isMethod = third !== undefined && PATH_ITEM_METHODS.some((method) => method === third);
    return isMethod ? { subject: `${third.toUpperCase()} ${second}`, length: 3 } : { subject: second, length: 2 };
  }
  if (first === 'components' && second !== undefined && third !== undefined)
    return { subject: `${SINGULAR[second] ?? second} ${third}`, length: 3 };
  if (
    first !== undefined &&
    second !== undefined &&
    ['channels', 'operations', 'servers'].includes(first) &&
    isObject(valueAt(document, [first]))
  )
    return { subject: `${SINGULAR[first] ?? first} ${second}`, length: 2 };
  const avro = isObject(document) && document['type'] !== undefined ? document['name'] : undefined;
  return { subject: typeof avro === 'string' ? `Avro ${avro}` : file, length: 0 };
}

/** The rest of a pointer in words: items of lists by their names. */
function parts(value: JsonValue | undefined, tokens: readonly string[]): readonly string[] {
  const found: string[] = [];
  let here = value;
  for (const [index, token] of tokens.entries()) {
    const isItem = Array.isArray(here);
    here = childOf(here, token);
    const before = tokens[index - 1];
    if (isItem) found.splice(-1, 1, `${SINGULAR[before ?? ''] ?? before ?? ''} ${itemName(here, token)}`.trim());
    else if (before !== undefined && SINGULAR[before] !== undefined && found.at(-1) === before)
      found.splice(-1, 1, `${SINGULAR[before]} ${token}`);
    else if (!SILENT.has(token)) found.push(token);
  }
  return found;
}

function itemName(item: JsonValue | undefined, position: string): string {
  if (typeof item === 'string' || typeof item === 'number') return JSON.stringify(item);
  if (!isObject(item)) return position;
  const { name, url, $ref } = item;
  if (typeof name === 'string') return name;
  if (typeof url === 'string') return url;
  return typeof $ref === 'string' ? ($ref.split('/').at(-1) ?? position) : position;
}

function valueAt(value: JsonValue, tokens: readonly string[]): JsonValue | undefined {
  return tokens.reduce<JsonValue | undefined>(childOf, value);
}

function childOf(value: JsonValue | undefined, token: string): JsonValue | undefined {
  if (Array.isArray(value)) return value[Number(token)];
  return isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
}
