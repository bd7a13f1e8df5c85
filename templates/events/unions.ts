import type { AvroType } from '@atlas/ir';
import type { Shape } from './avroShape.ts';

/** What tells a value's type apart when the program runs. */
export type RunTimeKind = 'null' | 'boolean' | 'number' | 'bigint' | 'string' | 'Date' | 'bytes' | 'list' | 'object';

export function runTimeKind(shape: Shape, type: AvroType): RunTimeKind {
  const target = shape.resolve(type);
  switch (target.kind) {
    case 'null':
    case 'boolean':
      return target.kind;
    case 'int':
      return target.logical?.name === 'date' ? 'string' : 'number';
    case 'float':
    case 'double':
      return 'number';
    case 'long':
      return target.logical?.name === 'timestamp-millis' ? 'Date' : 'bigint';
    case 'string':
    case 'enum':
      return 'string';
    case 'bytes':
    case 'fixed':
      return target.logical ? 'string' : 'bytes';
    case 'array':
      return 'list';
    case 'record':
    case 'map':
      return 'object';
    case 'union':
      throw new Error('a union directly in a union');
  }
}

export interface Branch {
  readonly index: number;
  readonly type: AvroType;
  readonly kind: RunTimeKind;
  /** The branch's name in Avro's JSON encoding: the full name, or the type's. */
  readonly tag: string;
}

export interface UnionShape {
  readonly branches: readonly Branch[];
  /** True where two branches (null aside) look alike at run time: all but null are then `{type, value}`. */
  readonly tagged: boolean;
}

/** How a union looks in TypeScript. */
export function unionShape(shape: Shape, branches: readonly AvroType[]): UnionShape {
  const list = branches.map((type, index): Branch => {
    const target = shape.resolve(type);
    return { index, type, kind: runTimeKind(shape, type), tag: 'name' in target ? target.name : target.kind };
  });
  return { branches: list, tagged: new Set(list.map(({ kind }) => kind)).size < list.length };
}
