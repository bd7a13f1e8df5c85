import { posix } from 'node:path';
import { childPointer, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import type { Cursor } from '../../document/cursor.ts';
import type { Workspace } from '../../document/workspace.ts';
import { childKind, sectionOf, type Kind } from '../../read/openapi/openapiKinds.ts';

/**
 * One OpenAPI document, with everything that it refers to in other files imported into `#/components`. An import keeps
 * its name; if that is taken, the name of its file comes before it. The author's order of keys is kept, and imports
 * follow in the order of their first mention, so that the same files always give the same bytes.
 */
export class Bundle {
  readonly document: JsonObject;
  /** Components that only refer to a foreign part: the part, by the component's pointer. */
  readonly #adopted = new Map<string, { readonly file: string; readonly pointer: string }>();
  readonly #workspace: Workspace;
  readonly #root: Cursor;
  /** The reference in the bundle for each imported part, by the `file#pointer` of the part. */
  readonly #refs = new Map<string, string>();
  readonly #imported = new Map<string, Map<string, JsonValue>>();
  readonly #taken = new Set<string>();
  readonly #queue: (() => void)[] = [];
  #sealed = false;

  constructor(workspace: Workspace, root: Cursor) {
    this.#workspace = workspace;
    this.#root = root;
    this.#adopt();
    const own = this.#rewrite(root.value, root.file, 'document');
    // One by one, because recursion would overflow the stack on a long chain of references.
    for (const next of this.#queue) next();
    this.document = this.#withImports(isObject(own) ? own : {});
    this.#sealed = true;
  }

  /** A schema or other part below a cursor, with references into the bundle. */
  part(cursor: Cursor, key: string, kind: Kind): JsonValue | undefined {
    const value = isObject(cursor.value) ? cursor.value[key] : undefined;
    return value === undefined ? undefined : this.#rewrite(value, cursor.file, kind);
  }

  /** A component such as `Problem: {$ref: common.yaml#/…}` becomes the import of that part, under its own name. */
  #adopt(): void {
    const components = isObject(this.#root.value) ? this.#root.value['components'] : undefined;
    if (!isObject(components)) return;
    for (const [section, members] of Object.entries(components)) {
      if (!isObject(members)) continue;
      for (const [name, member] of Object.entries(members)) {
        this.#taken.add(`${section}/${name}`);
        const ref = onlyRef(member);
        const target = ref === undefined ? undefined : this.#workspace.locate(this.#root.file, ref);
        if (!target || target.file === this.#root.file) continue;
        const identity = `${target.file}#${target.pointer}`;
        const pointer = childPointer(childPointer('/components', section), name);
        if (this.#refs.has(identity)) continue;
        this.#refs.set(identity, `#${pointer}`);
        this.#adopted.set(pointer, target);
      }
    }
  }

  #rewrite(value: JsonValue, file: string, kind: Kind, pointer = ''): JsonValue {
    // A large part of a document is examples and other data, which stay as they are.
    if (kind === 'data') return value;
    if (Array.isArray(value)) return value.map((item: JsonValue) => this.#rewrite(item, file, childKind(kind, 0)));
    if (!isObject(value)) return value;
    const ref = kind.endsWith('*') ? undefined : value['$ref'];
    if (typeof ref === 'string') {
      const adopted = file === this.#root.file ? this.#adopted.get(pointer) : undefined;
      if (adopted) return this.#content(adopted, kind);
      if (kind === 'path') return this.#inlined(value, ref, file);
    }
    const result: Record<string, JsonValue> = {};
    for (const [key, child] of Object.entries(value)) {
      if (child === undefined) continue;
      if (key === '$ref' && typeof ref === 'string') result[key] = this.#reference(ref, file, kind);
      else if (kind === 'mapping*' && typeof child === 'string') result[key] = this.#mapped(child, file);
      else if (typeof child !== 'object') result[key] = child;
      else {
        // Pointers are only needed to find adopted components.
        const at = this.#adopted.size === 0 ? '' : childPointer(pointer, key);
        result[key] = this.#rewrite(child, file, childKind(kind, key), at);
      }
    }
    return result;
  }

  #content(target: { readonly file: string; readonly pointer: string }, kind: Kind): JsonValue {
    const found = this.#workspace.locate(target.file, `#${encodePointer(target.pointer)}`);
    return found ? this.#rewrite(found.value, found.file, kind) : {};
  }

  /** Few tools follow references to path items, so these are copied into the document. */
  #inlined(value: JsonObject, ref: string, file: string): JsonValue {
    const target = this.#workspace.locate(file, ref);
    if (!target) return {};
    const { $ref: _, ...rest } = value;
    const content = this.#rewrite(isObject(target.value) ? target.value : {}, target.file, 'path');
    return { ...(isObject(content) ? content : {}), ...rest };
  }

  #reference(ref: string, file: string, kind: Kind): string {
    const target = this.#workspace.locate(file, ref);
    if (!target) return ref;
    if (target.file === this.#root.file) return `#${encodePointer(target.pointer)}`;
    const identity = `${target.file}#${target.pointer}`;
    const known = this.#refs.get(identity);
    if (known !== undefined) return known;
    const section = sectionOf(kind) ?? 'schemas';
    const name = this.#freeName(section, target);
    const pointer = `/components/${section}/${name}`;
    this.#refs.set(identity, `#${pointer}`);
    if (this.#sealed) return `#${pointer}`;
    const members = this.#imported.get(section) ?? new Map<string, JsonValue>();
    this.#imported.set(section, members);
    members.set(name, null);
    this.#queue.push(() => members.set(name, this.#rewrite(target.value, target.file, kind)));
    return `#${pointer}`;
  }

  /** The mapping of a discriminator contains names of schemas or references to them. */
  #mapped(text: string, file: string): string {
    if (text.includes('#') || text.includes('/') || /\.(ya?ml|json)$/.test(text))
      return this.#reference(text, file, 'schema');
    const byName = `#${encodePointer(childPointer('/components/schemas', text))}`;
    const isForeign = file !== this.#root.file && this.#workspace.locate(file, byName) !== undefined;
    return isForeign ? this.#reference(byName, file, 'schema') : text;
  }

  #freeName(section: string, target: { readonly file: string; readonly pointer: string }): string {
    const stem = posix.basename(target.file).replace(/\.[^.]*$/, '');
    const last = target.pointer.split('/').at(-1) ?? '';
    const name = clean(last === '' ? stem : last);
    const wanted = [name, `${clean(stem)}_${name}`];
    for (let count = 2; ; count++) {
      const free = wanted.find((candidate) => !this.#taken.has(`${section}/${candidate}`));
      if (free !== undefined) {
        this.#taken.add(`${section}/${free}`);
        return free;
      }
      wanted.splice(0, wanted.length, `${clean(stem)}_${name}_${count}`);
    }
  }

  #withImports(own: JsonObject): JsonObject {
    if (this.#imported.size === 0) return own;
    const components: Record<string, JsonValue> = {};
    const before = own['components'];
    if (isObject(before))
      for (const [section, members] of Object.entries(before)) if (members !== undefined) components[section] = members;
    for (const [section, members] of this.#imported) {
      const present = components[section];
      components[section] = { ...(isObject(present) ? present : {}), ...Object.fromEntries(members) };
    }
    return { ...own, components };
  }
}

/** Names of components have only these characters (OpenAPI 3.1, section 4.8.7). */
function clean(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]+/g, '_');
}

function encodePointer(pointer: string): string {
  return pointer.replaceAll(/[^A-Za-z0-9/_.~!$&'()*+,;=:@-]/gu, (char) => encodeURIComponent(char));
}

function onlyRef(value: JsonValue | undefined): string | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  const ref = value['$ref'];
  return typeof ref === 'string' ? ref : undefined;
}
