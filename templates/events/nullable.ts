import type { AvroType } from '@atlas/ir';
import type { Shape } from './avroShape.ts';

/** A union of null and one other type, by far the most frequent: it is written in place. */
export function nullable(
  type: AvroType,
  shape: Shape,
): { readonly type: AvroType; readonly nullIndex: number } | undefined {
  if (type.kind !== 'union' || type.branches.length !== 2) return undefined;
  const nullIndex = type.branches.findIndex((branch) => shape.resolve(branch).kind === 'null');
  const other = type.branches[1 - nullIndex];
  return nullIndex === -1 || !other ? undefined : { type: other, nullIndex };
}
