import type { ParamContract, ParamPrimitive } from '../../contract/operation.ts';
import { toPrimitive, type ParamItem } from './value.ts';

export type PlainQuery = (query: string) => Readonly<Record<string, ParamItem>> | undefined;

/**
 * Reads the kind of query that most clients send: known single values, each once, nothing encoded. Undefined for any
 * other query, which `queryParams` reads or refuses.
 */
export function plainQuery(params: readonly ParamContract[]): PlainQuery {
  const kinds = new Map<string, ParamPrimitive>();
  for (const { name, shape } of params) {
    // a member of the object may have the same name as another parameter
    if (shape.kind === 'object') return () => undefined;
    if (shape.kind !== 'array') kinds.set(name, shape.kind);
  }
  return (query) => {
    if (query.includes('%') || query.includes('+')) return undefined;
    const found: Record<string, ParamItem> = {};
    for (let start = 0; start <= query.length;) {
      const next = query.indexOf('&', start);
      const end = next < 0 ? query.length : next;
      const equals = query.indexOf('=', start);
      const name = query.slice(start, equals);
      const kind = kinds.get(name);
      if (equals < 0 || equals > end || kind === undefined || Object.hasOwn(found, name)) return undefined;
      found[name] = toPrimitive(kind, query.slice(equals + 1, end));
      start = end + 1;
    }
    return found;
  };
}
