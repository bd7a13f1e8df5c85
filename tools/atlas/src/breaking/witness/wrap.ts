import { childPointer, isList, isObject, type JsonValue } from '@atlas/ir';
import type { Id } from '../hashcons/keywords.ts';
import { ANY, type Store } from '../hashcons/store.ts';
import type { Step } from '../report/children.ts';

/** Values that have, at the end of the way, a value of the schema. */
export function atEndOf(store: Store, steps: readonly Step[], schema: Id): Id {
  return steps.reduceRight((inner, step) => around(store, step, inner), schema);
}

function around(store: Store, step: Step, inner: Id): Id {
  switch (step.kind) {
    case 'in-place':
      return inner;
    case 'member':
      return store.intern({ types: ['object'], required: [step.name], properties: [[step.name, inner]] });
    case 'item': {
      const prefixItems = [...Array.from({ length: step.index }, () => ANY), inner];
      return store.intern({ types: ['array'], minItems: step.index + 1, prefixItems });
    }
    case 'items': {
      const prefixItems = Array.from({ length: step.from }, () => ANY);
      return some(store, 'array', store.intern({ prefixItems, items: store.not(inner) }));
    }
    case 'other-members': {
      const properties = step.declared.toSorted().map((name) => [name, ANY] as const);
      return some(store, 'object', store.intern({ properties, additionalProperties: store.not(inner) }));
    }
  }
}

function some(store: Store, type: 'array' | 'object', none: Id): Id {
  return store.and(store.intern({ types: [type] }), store.not(none));
}

/** The value at the end of the way. If there are several, `isIt` selects one. */
export function valueAt(
  value: JsonValue,
  steps: readonly Step[],
  isIt: (value: JsonValue) => boolean,
): { readonly value: JsonValue; readonly at: string } | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return isIt(value) ? { value, at: '' } : undefined;
  if (step.kind === 'in-place') return valueAt(value, rest, isIt);
  for (const [key, inner] of insideOf(value, step)) {
    const found = valueAt(inner, rest, isIt);
    if (found) return { value: found.value, at: childPointer('', key) + found.at };
  }
  return undefined;
}

function insideOf(
  value: JsonValue,
  step: Exclude<Step, { kind: 'in-place' }>,
): readonly (readonly [string | number, JsonValue])[] {
  if (isList(value)) {
    const all = value.map((item, index) => [index, item] as const);
    if (step.kind === 'item') return all.slice(step.index, step.index + 1);
    return step.kind === 'items' ? all.slice(step.from) : [];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]): readonly (readonly [string, JsonValue])[] => {
    const isMeant =
      step.kind === 'member' ? name === step.name : step.kind === 'other-members' && !step.declared.includes(name);
    return isMeant && item !== undefined ? [[name, item]] : [];
  });
}
