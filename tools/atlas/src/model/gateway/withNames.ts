import { escapeToken, isList, isObject, unescapeToken, type JsonObject, type JsonValue } from '@atlas/ir';
import { childKind, type Kind } from '../../read/openapi/openapiKinds.ts';
import type { ApiDocument } from './apiDocument.ts';

/** The new names in the document of one service. */
export interface Renamed {
  /** The new name of a member of a section: of components, or `tags`, or `operationIds`. */
  of(section: string, name: string): string;
}

/** A document in which everything has its new name, in references, too. Data, such as examples, stays the same. */
export function withNames(
  { document, basePath }: Pick<ApiDocument, 'document' | 'basePath'>,
  renamed: Renamed,
): JsonObject {
  const result = rewrite(document, 'document');
  return isObject(result) ? result : {};

  function rewrite(value: JsonValue, kind: Kind): JsonValue {
    if (isList(value)) return value.map((item) => rewrite(item, childKind(kind, 0)));
    if (!isObject(value)) return value;
    const result: Record<string, JsonValue> = {};
    for (const [key, child] of Object.entries(value)) {
      if (child === undefined) continue;
      if (kind === 'components') result[key] = members(key, child);
      else result[key] = member(kind, key, child);
    }
    return result;
  }

  function member(kind: Kind, key: string, child: JsonValue): JsonValue {
    const text = typeof child === 'string' ? child : undefined;
    if (kind === 'mapping*') return text === undefined ? child : mapped(text);
    if (key === '$ref' && text !== undefined && kind !== 'data' && !kind.endsWith('*')) return reference(text);
    if (kind === 'operation' || kind === 'document') {
      if (key === 'security') return security(child);
      if (key === 'tags' && kind === 'operation' && isList(child))
        return child.map((tag) => (typeof tag === 'string' ? renamed.of('tags', tag) : tag));
    }
    if ((kind === 'operation' || kind === 'link') && key === 'operationId' && text !== undefined)
      return renamed.of('operationIds', text);
    if (kind === 'link' && key === 'operationRef' && text !== undefined) return reference(text);
    return rewrite(child, childKind(kind, key));
  }

  /** The members of a section of components, under their new names. */
  function members(section: string, value: JsonValue): JsonValue {
    const kind = childKind('components', section);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [
        renamed.of(section, name),
        child === undefined ? child : rewrite(child, childKind(kind, name)),
      ]),
    );
  }

  function reference(ref: string): string {
    const [start, section, ...rest] = ref.split('/');
    if (start !== '#' || section === undefined) return ref;
    const [first, second, ...below] = rest;
    if (section === 'components' && first !== undefined && second !== undefined)
      return ['#', section, first, renamed.of(first, decodeURIComponent(second)), ...below].join('/');
    if (section === 'paths' && first !== undefined) {
      const path = `${basePath}${unescapeToken(decodeURIComponent(first))}`;
      return ['#', section, encodeURIComponent(escapeToken(path)), ...rest.slice(1)].join('/');
    }
    return ref;
  }

  /** A discriminator names a schema or refers to one. */
  function mapped(text: string): string {
    return text.includes('#') ? reference(text) : renamed.of('schemas', text);
  }

  function security(list: JsonValue): JsonValue {
    if (!isList(list)) return list;
    return list.map((alternative) =>
      isObject(alternative)
        ? Object.fromEntries(
            Object.entries(alternative).map(([scheme, roles]) => [renamed.of('securitySchemes', scheme), roles]),
          )
        : alternative,
    );
  }
}
