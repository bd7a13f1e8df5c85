import { isList, isObject, type JsonValue } from '@atlas/ir';

/** Smaller values that are tried before the search ends: fewer if the value is large, because each costs more. */
const MOST_TRIES = 400;
const LEAST_TRIES = 20;
/** Letters of JSON that all tries together may judge. */
const MOST_JUDGED = 40_000;

/**
 * A smaller value that still satisfies `holds`: members and items left out, texts and numbers made plain, step by step.
 */
export function shrink(value: JsonValue, holds: (value: JsonValue) => boolean): JsonValue {
  let best = value;
  let tries = 0;
  const size = JSON.stringify(value).length;
  const most = Math.min(MOST_TRIES, Math.max(LEAST_TRIES, Math.floor(MOST_JUDGED / size)));
  for (let improved = true; improved && tries < most;) {
    improved = false;
    for (const next of smaller(best)) {
      tries += 1;
      if (tries > most) break;
      if (!holds(next)) continue;
      best = next;
      improved = true;
      break;
    }
  }
  return best;
}

/** Values that are one step smaller, the largest steps first. */
function* smaller(value: JsonValue): Generator<JsonValue> {
  if (isList(value)) {
    for (let index = value.length - 1; index >= 0; index -= 1) yield value.toSpliced(index, 1);
    for (const [index, item] of value.entries()) for (const next of smaller(item)) yield value.with(index, next);
    return;
  }
  if (isObject(value)) {
    for (const name of Object.keys(value))
      yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
    for (const [name, item] of Object.entries(value))
      if (item !== undefined) for (const next of smaller(item)) yield { ...value, [name]: next };
    return;
  }
  if (typeof value === 'string' && value.length > 1) {
    yield '';
    yield Array.from(value)
      .slice(0, Math.ceil(value.length / 2))
      .join('');
    yield Array.from(value).slice(0, -1).join('');
  }
  if (typeof value === 'number' && value !== 0) {
    yield 0;
    if (!Number.isInteger(value)) yield Math.trunc(value);
  }
}
