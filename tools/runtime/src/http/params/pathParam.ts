import type { ParamContract } from '../../contract/operation.ts';
import { collect, decode, toPrimitive, type ParamValue } from './value.ts';

/**
 * A path parameter from its raw segment (OpenAPI 3.1, section 4.8.12.4): `simple` (`3,4`), `label` (`.3.4`) and
 * `matrix` (`;id=3;id=4`). If the prefix is missing, the text stays as it is, and the schema refuses it.
 */
export function pathParam({ name, style, explode, shape }: ParamContract, raw: string): ParamValue {
  if (style === 'label') {
    const text = raw.startsWith('.') ? raw.slice(1) : raw;
    return collect(shape, split(text, explode ? '.' : ','), explode) ?? single(shape, text);
  }
  if (style === 'matrix') {
    const text = raw.startsWith(';') ? raw.slice(1) : raw;
    const prefix = `${name}=`;
    const bare = text.startsWith(prefix) ? text.slice(prefix.length) : text;
    if (!explode) return collect(shape, split(bare, ','), false) ?? single(shape, bare);
    const parts = split(text, ';');
    const items =
      shape.kind === 'array'
        ? parts.map((part) => (part.startsWith(prefix) ? part.slice(prefix.length) : part))
        : parts;
    return collect(shape, items, true) ?? single(shape, bare);
  }
  return simple({ shape, explode }, raw);
}

/** Style `simple`. */
function simple({ shape, explode }: Pick<ParamContract, 'shape' | 'explode'>, raw: string): ParamValue {
  if (shape.kind !== 'array' && shape.kind !== 'object') return single(shape, raw);
  return collect(shape, split(raw, ','), explode) ?? single(shape, raw);
}

function single(shape: ParamContract['shape'], text: string): ParamValue {
  return shape.kind === 'array' || shape.kind === 'object' ? text : toPrimitive(shape.kind, decode(text));
}

function split(text: string, separator: string): readonly string[] {
  return text === '' ? [] : text.split(separator);
}
