import { isList, isObject, type JsonValue } from '@atlas/ir';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { locAt, type SourceDocument } from '../document/document.ts';
import type { Member, Node } from '../document/node.ts';
import { keywordsOf } from '../jsonschema/keywords.ts';
import { memberPosition, childPosition, rootPosition, type Position } from '../document/cursor.ts';

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
  if (!document.root || !document.hasRefs) return [];
  return new Scan(document, document.root).found;
}

class Scan {
  readonly found: FoundRef[] = [];
  readonly #root: Position;
  /** The nodes that were visited, if there are aliases: then many ways lead to one node. */
  readonly #seen: Set<Node> | undefined;
  /** The way to the current node: the key at each depth, and its member if it is a name. */
  readonly #keys: (string | number)[] = [];
  readonly #members: (Member | undefined)[] = [];
  /** The positions of the first nodes of the way. */
  readonly #positions: Position[];

  constructor(document: SourceDocument, root: Node) {
    this.#root = rootPosition(document, root);
    this.#positions = [this.#root];
    this.#seen = document.isTree ? undefined : new Set();
    this.#visit(root, 0, false);
  }

  /** The depth of documents is limited, aliases included, so this may be recursive. */
  #visit(node: Node, depth: number, isNameMap: boolean): void {
    if (this.#seen?.has(node) === true) return;
    this.#seen?.add(node);
    if (node.kind === 'map') {
      const ref = isNameMap ? undefined : node.members.get('$ref')?.node;
      if (typeof ref?.value === 'string')
        this.found.push({ ref: ref.value, position: this.#position(depth), start: ref.start });
      for (const [key, member] of node.members) {
        // Scalars contain no references, and a large document has millions of scalars.
        if (member.node.kind === 'scalar') continue;
        this.#enter(depth + 1, key, member);
        if (!isNameMap && key === 'discriminator')
          for (const ref of mapped(this.#position(depth + 1))) this.found.push(ref);
        if (isNameMap || !isData(key, member.node))
          this.#visit(member.node, depth + 1, !isNameMap && NAME_MAPS.has(key));
      }
    } else if (node.kind === 'seq') {
      for (const [index, item] of node.items.entries()) {
        if (item.kind === 'scalar') continue;
        this.#enter(depth + 1, index, undefined);
        this.#visit(item, depth + 1, false);
      }
    }
  }

  #enter(depth: number, key: string | number, member: Member | undefined): void {
    this.#keys[depth] = key;
    this.#members[depth] = member;
    if (this.#positions.length > depth) this.#positions.length = depth;
  }

  /** Made on demand, because a large document has many more nodes than references. */
  #position(depth: number): Position {
    for (let at = this.#positions.length; at <= depth; at += 1) {
      const above = this.#positions[at - 1] ?? this.#root;
      const [key = '', member] = [this.#keys[at], this.#members[at]];
      this.#positions.push((member ? memberPosition(above, String(key), member) : childPosition(above, key)) ?? above);
    }
    return this.#positions[depth] ?? this.#root;
  }
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
