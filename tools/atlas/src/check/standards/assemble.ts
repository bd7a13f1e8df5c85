import { childPointer, isObject, type JsonValue } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import type { Workspace } from '../../document/workspace.ts';
import type { Locate } from '../../jsonschema/findings.ts';
import { someRef } from '../../jsonschema/json.ts';

/**
 * A document with the fragments that it refers to copied into it, because a file that is not a whole document can only
 * be checked where it is used. Each fragment is copied once, which also ends recursion.
 */
export interface Assembled {
  readonly value: JsonValue;
  /** Finds the source of a pointer into `value`. */
  readonly locate: Locate;
  /** The file that a pointer into `value` comes from. */
  readonly fileOf: (pointer: string) => string;
}

/** Deeper fragments are not copied: a chain of thousands would overflow the stack. */
const DEEPEST = 300;

export function assemble(workspace: Workspace, root: Cursor, isFragment: (file: string) => boolean): Assembled {
  const origins = new Map<string, { readonly file: string; readonly pointer: string }>();
  origins.set('', { file: root.file, pointer: '' });
  const used = new Set<string>();
  const walk = (value: JsonValue, file: string, pointer: string, depth: number): JsonValue => {
    if (Array.isArray(value))
      return value.map((item: JsonValue, index) => walk(item, file, childPointer(pointer, index), depth + 1));
    if (!isObject(value)) return value;
    const ref = value['$ref'];
    const target = typeof ref === 'string' ? workspace.locate(file, ref) : undefined;
    if (target && depth < DEEPEST && isFragment(target.file) && !used.has(`${target.file}#${target.pointer}`)) {
      used.add(`${target.file}#${target.pointer}`);
      origins.set(pointer, target);
      return walk(target.value, target.file, pointer, depth + 1);
    }
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, child]) =>
        child === undefined ? [] : [[key, walk(child, file, childPointer(pointer, key), depth + 1)]],
      ),
    );
  };
  // copying megabytes takes a while
  const value = someRef(root.value, (ref) => !ref.startsWith('#')) ? walk(root.value, root.file, '', 0) : root.value;
  const originOf = (pointer: string): { readonly file: string; readonly pointer: string } => {
    for (let end = pointer.length; end >= 0; end = end === 0 ? -1 : pointer.lastIndexOf('/', end - 1)) {
      const origin = origins.get(pointer.slice(0, end));
      if (origin) return { file: origin.file, pointer: origin.pointer + pointer.slice(end) };
    }
    return { file: root.file, pointer };
  };
  return {
    value,
    locate: (pointer) => {
      const origin = originOf(pointer);
      return workspace.locOf(origin.file, origin.pointer);
    },
    fileOf: (pointer) => originOf(pointer).file,
  };
}
