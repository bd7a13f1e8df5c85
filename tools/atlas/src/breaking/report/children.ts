import { childPointer, isList, isObject, type JsonObject, type JsonValue } from '@atlas/ir';
import { targetAt } from '../hashcons/targetAt.ts';
import { decides, keywordsOf, refStandsAlone, type Dialect, type Keyword } from '../../jsonschema/keywords.ts';
import { subschemas } from '../../jsonschema/walk.ts';
import { deepKey } from '../hashcons/deepKey.ts';

/** A schema of one document, and where it is. */
export interface Spot {
  readonly schema: JsonValue;
  readonly pointer: string;
}

/** How to get from a schema to one inside it; `in-place` judges the same value. */
export type Step =
  | { readonly kind: 'in-place' }
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'other-members'; readonly declared: readonly string[] }
  | { readonly kind: 'item'; readonly index: number }
  | { readonly kind: 'items'; readonly from: number };

/** Two schemas that correspond to each other, inside two others. */
export interface ChildPair {
  readonly step: Step;
  readonly old: Spot;
  readonly new: Spot;
}

/** The schema behind the references that a schema consists of; the schema itself if it has more than a reference. */
export function resolved(document: JsonObject, spot: Spot, dialect: Dialect): Spot {
  let { schema, pointer } = spot;
  for (let hops = 0; hops < 50 && isObject(schema); hops += 1) {
    const ref: JsonValue | undefined = schema['$ref'];
    if (typeof ref !== 'string' || !ref.startsWith('#/')) break;
    const alone = refStandsAlone(dialect) || !Object.keys(schema).some((key) => decides(key, dialect));
    const target = targetAt(document, ref);
    if (!alone || target === undefined) break;
    schema = target;
    pointer = decodeURIComponent(ref.slice(1));
  }
  return { schema, pointer };
}

/** The schemas inside two schemas that correspond: by the same name, the same position, or the same reference. */
export function childPairs(old: Spot, next: Spot, dialects: readonly [Dialect, Dialect]): readonly ChildPair[] {
  const before = insideOf(old, dialects[0]);
  const after = insideOf(next, dialects[1]);
  const pairs: ChildPair[] = [];
  const unmatched = new Map<string, [Inside[], Inside[]]>();
  for (const one of before) {
    const other = after.get(one[0]);
    if (other) pairs.push({ step: one[1].step, old: one[1], new: other });
    else listIn(unmatched, one[1].keyword)[0].push(one[1]);
  }
  for (const [key, one] of after) if (!before.has(key)) listIn(unmatched, one.keyword)[1].push(one);
  // branches that changed: if their number is the same, they correspond in order
  for (const [lost, gained] of unmatched.values())
    if (lost[0]?.step.kind === 'in-place' && lost.length === gained.length)
      for (const [index, one] of lost.entries()) {
        const other = gained[index];
        if (other) pairs.push({ step: one.step, old: one, new: other });
      }
  return pairs;
}

interface Inside extends Spot {
  readonly keyword: string;
  readonly step: Step;
}

function insideOf({ schema, pointer }: Spot, dialect: Dialect): ReadonlyMap<string, Inside> {
  const found = new Map<string, Inside>();
  if (!isObject(schema)) return found;
  const table = keywordsOf(dialect);
  const declared = isObject(schema['properties']) ? Object.keys(schema['properties']) : [];
  const prefix = isList(schema['prefixItems']) ? schema['prefixItems'].length : 0;
  for (const { keyword, key, schema: inner } of subschemas(schema, dialect)) {
    const step = stepOf(table.get(keyword), key, declared, prefix);
    // a schema that is only true or false has no identity, so a comparison could not replace it by another one
    if (step === undefined || !isObject(inner)) continue;
    const above = childPointer(pointer, keyword);
    const spot = { schema: inner, pointer: key === undefined ? above : childPointer(above, key), keyword, step };
    let identity = `${keyword} ${key ?? ''}`;
    if (step.kind === 'in-place') {
      identity = `${keyword} ${deepKey(inner['$ref'] ?? withoutWords(inner))}`;
      while (found.has(identity)) identity += "'";
    }
    found.set(identity, spot);
  }
  return found;
}

function stepOf(
  known: Keyword | undefined,
  key: string | number | undefined,
  declared: readonly string[],
  prefix: number,
): Step | undefined {
  if (known?.judges === 'value' && known.holds === 'list') return { kind: 'in-place' };
  switch (known?.part) {
    case 'name':
      return { kind: 'member', name: String(key) };
    case 'others':
      return { kind: 'other-members', declared };
    case 'index':
      return { kind: 'item', index: Number(key) };
    case 'rest':
      return key === undefined ? { kind: 'items', from: prefix } : undefined;
    case undefined:
      return undefined;
  }
}

/** A branch without what people read, to find it again. */
function withoutWords(schema: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== 'description' && key !== 'example'));
}

function listIn(map: Map<string, [Inside[], Inside[]]>, key: string): [Inside[], Inside[]] {
  const known = map.get(key) ?? [[], []];
  map.set(key, known);
  return known;
}
