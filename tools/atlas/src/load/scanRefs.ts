import { isList, isObject, type JsonValue } from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { locAt, type SourceDocument } from '../document/document.ts';
import type { Node } from '../document/node.ts';
import { keywordsOf } from '../jsonschema/keywords.ts';
import { memberPosition, childPosition, refOf, rootPosition, type Position } from '../document/cursor.ts';

/** A reference as written, with the object that contains it, or the text itself in the mapping of a discriminator. */
export interface FoundRef {
  readonly ref: string;
  /** The reference object or the text. */
  readonly position: Position;
  /** Offset of the reference's text. */
  readonly start: number;
}

const KEYWORDS = [...keywordsOf('2020-12'), ...keywordsOf('draft-07')];

/** Keys whose value is data. A `$ref` in it is an ordinary key. `value` is from OpenAPI's Example Object. */
const DATA = new Set(['value', ...KEYWORDS.flatMap(([name, { data }]) => (data === true ? [name] : []))]);

/** Keys whose children are names that the author chose: there, `default` is a name and not a keyword. */
const NAME_MAPS = new Set([
  ...KEYWORDS.flatMap(([name, { holds }]) => (holds === 'map' ? [name] : [])),
  'schemas',
  'responses',
  'parameters',
  'examples',
  'requestBodies',
  'headers',
  'securitySchemes',
  'links',
  'callbacks',
  'pathItems',
  'paths',
  'webhooks',
  'content',
  'encoding',
  'servers',
  'channels',
  'operations',
  'messages',
  'messageTraits',
  'operationTraits',
  'replies',
  'replyAddresses',
  'correlationIds',
  'externalDocs',
  'tags',
  'serverBindings',
  'channelBindings',
  'operationBindings',
  'messageBindings',
  'mapping',
]);

/** All references of a document, in order. Data (examples, defaults, enums) and Avro documents contain none. */
export function scanRefs(document: SourceDocument): readonly FoundRef[] {
  const found: FoundRef[] = [];
  if (!document.root || !document.hasRefs) return found;
  // A stack and a set of visited nodes, because aliases make the tree a graph with many paths to one node.
  const seen = new Set<unknown>();
  const stack: { readonly position: Position; readonly isNameMap: boolean }[] = [
    { position: rootPosition(document, document.root), isNameMap: false },
  ];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { position, isNameMap } = next;
    if (seen.has(position.node)) continue;
    seen.add(position.node);
    const ref = isNameMap ? undefined : refOf(position);
    if (ref !== undefined && position.node.kind === 'map')
      found.push({ ref, position, start: position.node.members.get('$ref')?.node.start ?? position.node.start });
    const children: (typeof stack)[number][] = [];
    if (position.node.kind === 'map') {
      for (const [key, member] of position.node.members) {
        if (!isNameMap && key === 'discriminator')
          for (const ref of mapped(memberPosition(position, key, member))) found.push(ref);
        // Scalars contain no references, and a large document has millions of scalars.
        if (member.node.kind === 'scalar' || (!isNameMap && isData(key, member.node))) continue;
        children.push({ position: memberPosition(position, key, member), isNameMap: !isNameMap && NAME_MAPS.has(key) });
      }
    } else if (position.node.kind === 'seq') {
      for (const [index, item] of position.node.items.entries()) {
        const child = item.kind === 'scalar' ? undefined : childPosition(position, index);
        if (child) children.push({ position: child, isNameMap: false });
      }
    }
    for (const child of children.reverse()) stack.push(child);
  }
  return found;
}

/** The references in the mapping of a discriminator. A text without `#`, `/` and `.` is the name of a schema. */
function mapped(discriminator: Position): readonly FoundRef[] {
  const mapping = childPosition(discriminator, 'mapping');
  if (mapping?.node.kind !== 'map') return [];
  return [...mapping.node.members].flatMap(([key, member]) => {
    const { value, start } = member.node;
    return typeof value === 'string' && /[#/.]/.test(value)
      ? [{ ref: value, position: memberPosition(mapping, key, member), start }]
      : [];
  });
}

/** Each `$ref` in an Avro schema. Avro has no such key, but tools for JSON references would follow it. */
export function avroRefs(document: SourceDocument): readonly Diagnostic[] {
  if (document.hasRefs || !document.root) return [];
  const found: Diagnostic[] = [];
  const walk = (node: Node): void => {
    if (node.kind === 'seq') for (const item of node.items) walk(item);
    if (node.kind !== 'map') return;
    for (const [key, member] of node.members) {
      if (key === '$ref')
        found.push({
          code: 'ATL1114',
          severity: 'error',
          message: 'an Avro schema cannot contain $ref',
          loc: locAt(document, member.keyStart, ''),
          fix: 'write the full name of the type, as a string',
        });
      walk(member.node);
    }
  };
  walk(document.root);
  return found;
}

/** `examples` of a schema is a list; elsewhere it is a map of Example Objects, which may be references. */
function isData(key: string, { kind }: Node): boolean {
  return DATA.has(key) && (key !== 'examples' || kind === 'seq');
}

/** A value without the data in it, for tools that would follow a `$ref` in data to files and to the network. */
export function withoutDataRefs(value: JsonValue, isNameMap = false): JsonValue {
  if (isList(value)) return value.map((item) => withoutDataRefs(item));
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, child]): [string, JsonValue | undefined] => {
    if (child === undefined || (!isNameMap && DATA.has(key) && (key !== 'examples' || isList(child))))
      return [key, child === undefined ? child : withoutRefs(child)];
    return [key, withoutDataRefs(child, !isNameMap && NAME_MAPS.has(key))];
  });
  return Object.fromEntries(members);
}

function withoutRefs(data: JsonValue): JsonValue {
  if (isList(data)) return data.map(withoutRefs);
  if (!isObject(data)) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, child]) => [
      key === '$ref' ? 'ref' : key,
      child === undefined ? child : withoutRefs(child),
    ]),
  );
}
