import type { Position } from '../ports/kafka.ts';

/** How a partition goes on. All but `here` mean that the database and Kafka do not belong together. */
export type Resumption =
  /** From the group's offset. */
  | { readonly kind: 'here' }
  /** The database is older than the group's offset, so it was restored: go back to what it knows. */
  | { readonly kind: 'behind'; readonly to: bigint }
  /** Kafka has forgotten the group's offset. */
  | { readonly kind: 'forgotten'; readonly to: bigint }
  /** The database is new to a group that has consumed before. */
  | { readonly kind: 'unknown' }
  /** The group's offset is further behind what was consumed than the end of a process explains. */
  | { readonly kind: 'ahead' }
  /** Kafka has deleted records that were not consumed. */
  | { readonly kind: 'gap'; readonly from: bigint; readonly to: bigint }
  /** Kafka no longer has the last records that were consumed. */
  | { readonly kind: 'beyondEnd' };

export const MISMATCHES = [
  'behind',
  'forgotten',
  'unknown',
  'ahead',
  'gap',
  'beyondEnd',
] as const satisfies readonly Exclude<Resumption['kind'], 'here'>[];

/** The offset is committed every half second, so a process that ends leaves a smaller difference than this. */
const MOST_UNCOMMITTED = 10_000n;

/**
 * Compares the first offset that the database has not consumed with the partition's position in Kafka. `next` is
 * undefined if the database does not know it, and `isNew` is true if it has never consumed from the partition. The
 * database stores its offset after the effects and before the group commits it. So the stored offset is never beyond
 * the effects, and it is never behind the group's offset unless the database was restored.
 */
export function resumptionOf(
  { next, isNew }: { readonly next: bigint | undefined; readonly isNew: boolean },
  { committed, low, high }: Position,
): Resumption {
  const consumed = next ?? committed;
  if (consumed === undefined) return { kind: 'here' };
  if (consumed < low) return { kind: 'gap', from: consumed, to: low };
  if (next === undefined) return isNew && consumed > low ? { kind: 'unknown' } : { kind: 'here' };
  if (next > high) return { kind: 'beyondEnd' };
  if (committed === undefined) return next === low ? { kind: 'here' } : { kind: 'forgotten', to: next };
  if (next < committed) return { kind: 'behind', to: next };
  return next - (committed < low ? low : committed) > MOST_UNCOMMITTED ? { kind: 'ahead' } : { kind: 'here' };
}
