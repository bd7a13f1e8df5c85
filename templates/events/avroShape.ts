import type { AvroEnum, AvroFixed, AvroRecord, AvroType } from '@atlas/ir';

export type NamedType = AvroRecord | AvroEnum | AvroFixed;

/** Every type with a name, in the order of its first occurrence, the root first. */
export function namedTypes(root: AvroType): readonly NamedType[] {
  const found: NamedType[] = [];
  const visit = (type: AvroType): void => {
    if (type.kind === 'record' || type.kind === 'enum' || type.kind === 'fixed') found.push(type);
    for (const child of childrenOf(type)) visit(child);
  };
  visit(root);
  return found;
}

export function childrenOf(type: AvroType): readonly AvroType[] {
  switch (type.kind) {
    case 'record':
      return type.fields.map((field) => field.type);
    case 'array':
      return [type.items];
    case 'map':
      return [type.values];
    case 'union':
      return type.branches;
    default:
      return [];
  }
}

/** A type with what its references stand for. */
export class Shape {
  readonly named: ReadonlyMap<string, NamedType>;
  readonly root: AvroRecord;

  constructor(root: AvroRecord) {
    this.root = root;
    this.named = new Map(namedTypes(root).map((type) => [type.name, type]));
  }

  /** The type itself, or what a reference stands for. */
  resolve(type: AvroType): Exclude<AvroType, { readonly kind: 'ref' }> {
    if (type.kind !== 'ref') return type;
    const found = this.named.get(type.name);
    if (!found) throw new Error(`${type.name} is not written out before it is referred to`);
    return found;
  }

  /** Whether a value of the record may hold another one of it, so that its depth has no bound of its own. */
  isRecursive(record: AvroRecord): boolean {
    const seen = new Set<string>();
    const reaches = (type: AvroType): boolean =>
      childrenOf(this.resolve(type)).some((child) => {
        const target = this.resolve(child);
        if (target === record) return true;
        if (target.kind === 'record') {
          if (seen.has(target.name)) return false;
          seen.add(target.name);
        }
        return reaches(target);
      });
    return reaches(record);
  }

  /** Fewest bytes that a value takes: what bounds the count of a block. Zero only where a value may take none. */
  minBytes(type: AvroType, inside: readonly string[] = []): number {
    const target = this.resolve(type);
    switch (target.kind) {
      case 'null':
        return 0;
      case 'float':
        return 4;
      case 'double':
        return 8;
      case 'fixed':
        return target.size;
      case 'record':
        if (inside.includes(target.name)) return 0;
        return target.fields.reduce((sum, field) => sum + this.minBytes(field.type, [...inside, target.name]), 0);
      case 'union':
        return 1 + Math.min(...target.branches.map((branch) => this.minBytes(branch, inside)));
      default:
        return target.kind === 'string' && target.logical?.name === 'uuid' ? 37 : 1;
    }
  }
}
