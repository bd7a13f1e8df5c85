import { posix } from 'node:path';
import type { SourceDocument } from './document.ts';
import { limits } from './limits.ts';
import type { Member, Node } from './node.ts';
import { childPointer, parsePointer } from './pointer.ts';

/** A place in a document. */
export interface Place {
  readonly document: SourceDocument;
  readonly pointer: string;
  readonly node: Node;
  /** Offset of the key that names it, of the value itself in lists and at the root. */
  readonly keyStart: number;
}

/** Why a reference leads nowhere. */
export type RefFailure =
  | { readonly kind: 'remote' | 'outside' | 'anchor' | 'malformed' | 'cycle' | 'chain' }
  | { readonly kind: 'file'; readonly file: string }
  /** The pointer broke off at `key`; `known` are the names that stand there instead. */
  | { readonly kind: 'pointer'; readonly file: string; readonly key: string; readonly known: readonly string[] };

export type Resolution = { readonly place: Place } | { readonly failure: RefFailure };

export type Documents = ReadonlyMap<string, SourceDocument>;

/** Splits a reference into the file it names, relative to the root folder, and its fragment. */
export function targetOf(
  fromFile: string,
  ref: string,
): { readonly file: string; readonly fragment: string } | { readonly failure: RefFailure } {
  const hash = ref.indexOf('#');
  const path = hash === -1 ? ref : ref.slice(0, hash);
  const fragment = hash === -1 ? '' : ref.slice(hash + 1);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(path) || path.startsWith('//')) return { failure: { kind: 'remote' } };
  const decoded = decode(path);
  const decodedFragment = decode(fragment);
  if (decoded === undefined || decodedFragment === undefined) return { failure: { kind: 'malformed' } };
  if (decoded.includes('\0') || decoded.includes('\\')) return { failure: { kind: 'malformed' } };
  if (decoded === '') return { file: fromFile, fragment: decodedFragment };
  const file = posix.normalize(posix.join(posix.dirname(fromFile), decoded));
  if (decoded.startsWith('/') || file === '..' || file.startsWith('../')) return { failure: { kind: 'outside' } };
  return { file, fragment: decodedFragment };
}

/**
 * Follows a reference to the value it means: through the references that the value itself is, and through those met
 * along the pointer (`./bookings.yaml#/channels/bookings/messages/X`, where `channels/bookings` is a `$ref` again).
 */
export function resolveRef(documents: Documents, fromFile: string, ref: string, active: ReadonlySet<Node>): Resolution {
  const found = locateRef(documents, fromFile, ref, active);
  return 'failure' in found ? found : follow(documents, found.place, active);
}

/** As `resolveRef`, but a reference at the end of the way is left as it stands. */
export function locateRef(
  documents: Documents,
  fromFile: string,
  ref: string,
  active: ReadonlySet<Node> = new Set(),
): Resolution {
  if (active.size > limits.refChain) return { failure: { kind: 'chain' } };
  const target = targetOf(fromFile, ref);
  if ('failure' in target) return target;
  const document = documents.get(target.file);
  if (!document?.root) return { failure: { kind: 'file', file: target.file } };
  const tokens = parsePointer(target.fragment);
  if (!tokens) return { failure: { kind: target.fragment.startsWith('/') ? 'malformed' : 'anchor' } };
  let place: Place = { document, pointer: '', node: document.root, keyStart: document.root.start };
  for (const token of tokens) {
    const here = follow(documents, place, active);
    if ('failure' in here) return here;
    const next = childPlace(here.place, token);
    if (!next)
      return {
        failure: { kind: 'pointer', file: here.place.document.file, key: token, known: names(here.place.node) },
      };
    place = next;
  }
  return { place };
}

/** The value behind a place that may hold `{$ref: …}`; the place itself where it holds none. */
export function follow(documents: Documents, place: Place, active: ReadonlySet<Node> = new Set()): Resolution {
  const ref = refOf(place);
  if (ref === undefined) return { place };
  if (active.has(place.node)) return { failure: { kind: 'cycle' } };
  return resolveRef(documents, place.document.file, ref, new Set([...active, place.node]));
}

/** The text of a reference object; undefined for anything else. */
export function refOf(place: Place): string | undefined {
  if (!place.document.hasRefs || place.node.kind !== 'map') return undefined;
  const value = place.node.members.get('$ref')?.node.value;
  return typeof value === 'string' ? value : undefined;
}

/** The value at a pointer with no references followed; the nearest parent that exists where there is none. */
export function placeAt(document: SourceDocument, pointer: string): Place | undefined {
  if (!document.root) return undefined;
  let place: Place = { document, pointer: '', node: document.root, keyStart: document.root.start };
  for (const token of parsePointer(pointer) ?? []) {
    const next = childPlace(place, token);
    if (!next) break;
    place = next;
  }
  return place;
}

/** A member or item, without following what it refers to. */
export function childPlace(place: Place, key: string | number): Place | undefined {
  const { node, document } = place;
  if (node.kind === 'map') {
    const member = node.members.get(String(key));
    return member && memberPlace(place, String(key), member);
  }
  if (node.kind !== 'seq' || (typeof key === 'string' && !/^(0|[1-9]\d{0,8})$/.test(key))) return undefined;
  const item = node.items[Number(key)];
  return item && { document, pointer: childPointer(place.pointer, key), node: item, keyStart: item.start };
}

export function memberPlace(place: Place, key: string, member: Member): Place {
  return {
    document: place.document,
    pointer: childPointer(place.pointer, key),
    node: member.node,
    keyStart: member.keyStart,
  };
}

function names(node: Node): readonly string[] {
  return node.kind === 'map' ? [...node.members.keys()] : [];
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
