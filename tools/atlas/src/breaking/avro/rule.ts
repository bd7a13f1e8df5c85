import type { JsonValue, Loc } from '@atlas/ir';
import type { Reading } from '../../read/avro/levels.ts';
import type { AvroTarget } from '../../read/avro/matching.ts';
import type { Unreadable } from '../../read/avro/resolvability.ts';
import type { Witness } from '../finding.ts';
import type { BreakingRule } from '../rule.ts';

/**
 * One kind of data that a reader refuses: its name and meaning, the data that shows it, and the safe path. It has no
 * check of its own, because schema resolution finds all kinds in one walk, for `atlas register` too.
 */
export interface AvroRule extends Omit<BreakingRule<never>, 'check'> {
  /**
   * A value of the type that the reader refuses. If it is absent or gives undefined, the smallest value of the type is
   * used.
   */
  attack?(type: AvroTarget, found: Unreadable): JsonValue | undefined;
  /** The steps that reach the same goal without a break. */
  safePath(found: AvroBreak, who: Who): readonly string[];
}

/** What one of the two schemas writes and the other does not read. */
export interface AvroBreak {
  readonly kind: Unreadable['kind'];
  readonly change: string;
  readonly message: string;
  /** From the root down, as in messages. */
  readonly path: string;
  /** From the nearest record down. */
  readonly field: string;
  readonly old: Loc;
  readonly new: Loc;
  /** The ways of reading in which it shows. */
  readonly readings: readonly Reading[];
  /** Data that one schema writes and the other does not read, in Avro's JSON encoding. Absent if it is too large. */
  readonly witness?: Witness;
  /** Whether a schema registry accepts all of it. */
  readonly registryAccepts: boolean;
}

/** Who reads and who writes, as a safe path names them: `the readers (seats)`. */
export interface Who {
  readonly readers: string;
  readonly writers: string;
}

export const SOMEBODY: Who = { readers: 'the readers', writers: 'the writers' };

/** Whether only readers with the old schema fail, so that writers must wait for them. */
export function isForwardOnly({ readings }: AvroBreak): boolean {
  return readings.length === 1 && readings[0] === 'forward';
}

/** The safe path if the values of a field get another type: a second field. */
export function secondField({ field }: AvroBreak, { readers, writers }: Who): readonly string[] {
  return [
    `keep ${field}, and add a second field of the new type with a default beside it`,
    `deploy ${writers}, which write both`,
    `deploy ${readers} with this schema, which read the new field`,
    'give the first field a default, deploy the readers again, and then remove it',
  ];
}
