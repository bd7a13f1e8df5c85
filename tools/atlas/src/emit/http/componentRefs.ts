import { childPointer, isObject, parsePointer, type JsonObject, type JsonValue } from '@atlas/ir';
import { atRef, someRef } from '../../jsonschema/json.ts';
import { childKind, sectionOf, type Kind } from '../../read/openapi/openapiKinds.ts';

/**
 * The document with references to whole components only. The target of any other reference, such as
 * `#/components/schemas/Hall/properties/rows/items`, becomes a component of its own, because a type that follows such a
 * path through members that may be absent is an error in TypeScript.
 */
export function withComponentRefs(document: JsonObject): JsonObject {
  const components = objectOf(document['components']);
  const added = new Map<string, Map<string, JsonValue>>();
  const refs = new Map<string, string>();
  const queue: (() => void)[] = [];
  const copied = (value: JsonValue, kind: Kind): JsonValue => {
    if (Array.isArray(value)) return value.map((item: JsonValue) => copied(item, childKind(kind, 0)));
    if (!isObject(value) || kind === 'data') return value;
    const members = Object.entries(value).map(([key, child]): [string, JsonValue | undefined] => {
      if (key === '$ref' && typeof child === 'string' && !kind.endsWith('*')) return [key, hoisted(child, kind)];
      return [key, child === undefined ? child : copied(child, childKind(kind, key))];
    });
    return Object.fromEntries(members);
  };
  const hoisted = (ref: string, kind: Kind): string => {
    const tokens = parsePointer(decodeURIComponent(ref.slice(1)));
    const target = atRef(document, ref);
    const section = sectionOf(kind);
    if (!tokens || target === undefined || section === undefined || isComponent(tokens)) return ref;
    const identity = `${section} ${ref}`;
    const known = refs.get(identity);
    if (known !== undefined) return known;
    const members = added.get(section) ?? new Map<string, JsonValue>();
    added.set(section, members);
    let name = tokens
      .slice(tokens[0] === 'components' ? 2 : 1)
      .join('_')
      .replaceAll(/[^A-Za-z0-9._-]+/g, '_');
    while (members.has(name) || objectOf(components[section])[name] !== undefined) name += '_';
    const own = `#${childPointer(`/components/${section}`, name)}`;
    refs.set(identity, own);
    members.set(name, true);
    queue.push(() => members.set(name, copied(target, kind)));
    return own;
  };
  if (!someRef(document, (ref) => !WHOLE.test(ref))) return document;
  const copy = copied(document, 'document');
  // One by one, because each may lead to more.
  for (const next of queue) next();
  if (added.size === 0) return document;
  const all = { ...objectOf(objectOf(copy)['components']) };
  for (const [section, members] of added) all[section] = { ...objectOf(all[section]), ...Object.fromEntries(members) };
  return { ...objectOf(copy), components: all };
}

/** A reference to a whole component, without escapes. */
const WHOLE = /^#\/components\/[^/%]+\/[^/%]+$/;

function isComponent(tokens: readonly string[]): boolean {
  return tokens.length === 3 && tokens[0] === 'components';
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}
