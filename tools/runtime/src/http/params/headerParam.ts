import type { ParamContract } from '../../contract/operation.ts';
import { toPrimitive, type ParamItem, type ParamValue } from './value.ts';

/** A header parameter: style `simple`, blanks around commas ignored, no percent-encoding. */
export function headerParam({ shape, explode }: ParamContract, text: string): ParamValue {
  if (shape.kind !== 'array' && shape.kind !== 'object') return toPrimitive(shape.kind, text);
  const items = text.split(',').map((item) => item.trim());
  if (shape.kind === 'array') return items.map((item) => toPrimitive(shape.items, item));
  const flat = explode
    ? items.flatMap((item) => [item.split('=')[0] ?? '', item.split('=').slice(1).join('=')])
    : items;
  const entries: [string, ParamItem][] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i] ?? '';
    const kind = Object.hasOwn(shape.properties, name) ? shape.properties[name] : undefined;
    entries.push([name, toPrimitive(kind ?? 'string', flat[i + 1] ?? '')]);
  }
  return Object.fromEntries(entries);
}
