import { isList, isObject, type JsonValue } from '@atlas/ir';
import { parseDocument, type SourceDocument } from '../document/document.ts';

/**
 * The Avro schemas that `schemas` need in addition: those of `files` whose root has a name that they, or each other,
 * use and do not define. A file that can't be read or is broken is left out, because no spec refers to it.
 */
export async function missingTypes(
  schemas: readonly SourceDocument[],
  files: readonly string[],
  read: (file: string) => Promise<string | undefined>,
): Promise<readonly SourceDocument[]> {
  const uses = new Uses();
  for (const { root } of schemas) if (root) uses.add(root.value);
  const candidates = new Map<string, SourceDocument>();
  for (const file of files) {
    if (schemas.some((schema) => schema.file === file)) continue;
    const text = await read(file);
    const { document, problems } =
      text === undefined ? { document: undefined, problems: [] } : parseDocument(file, text);
    const root = document?.root?.value;
    const name = isObject(root) && typeof root['name'] === 'string' ? short(root['name']) : undefined;
    if (document && name !== undefined && problems.length === 0 && !candidates.has(name))
      candidates.set(name, document);
  }
  const needed: SourceDocument[] = [];
  for (const name of uses.names) {
    const found = uses.defined.has(name) ? undefined : candidates.get(name);
    if (!found?.root) continue;
    needed.push(found);
    uses.add(found.root.value);
  }
  return needed;
}

/** Names without their namespaces. */
class Uses {
  /** Every text in the schemas, not only the names of types. It grows during the walk. */
  readonly names = new Set<string>();
  readonly defined = new Set<string>();

  add(value: JsonValue | undefined): void {
    if (typeof value === 'string') this.names.add(short(value));
    else if (isList(value)) for (const item of value) this.add(item);
    else if (isObject(value)) {
      const { name, type } = value;
      if (typeof name === 'string' && typeof type === 'string' && NAMED.has(type)) this.defined.add(short(name));
      for (const [key, member] of Object.entries(value)) if (key !== 'name' && key !== 'doc') this.add(member);
    }
  }
}

const NAMED: ReadonlySet<string> = new Set(['record', 'enum', 'fixed']);

function short(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
