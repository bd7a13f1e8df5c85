import type { IncomingRecord } from '../../ports/kafka.ts';
import { parkingKeyOf, type Delivery } from '../delivery.ts';
import type { Taken } from '../singles.ts';

/** What is consumed together: one record, or consecutive ones that go to a consumer in a set. */
export type Unit = {
  readonly first: IncomingRecord;
  readonly last: IncomingRecord;
} & (
  | { readonly kind: 'single'; readonly taken?: Taken }
  /** Some of its records may have a type that is not declared. */
  | { readonly kind: 'set'; readonly taken: readonly Taken[] }
);

/** The longest possible sets of a batch, and what is consumed alone. */
export function unitsOf(all: readonly Taken[]): readonly Unit[] {
  const units: Unit[] = [];
  let open: { readonly taken: Taken[]; readonly name: string; readonly max: number; members: number } | undefined;
  const close = (): void => {
    const [first, last] = [open?.taken[0], open?.taken.at(-1)];
    if (open && first && last) units.push({ kind: 'set', first: first.record, last: last.record, taken: open.taken });
    open = undefined;
  };
  for (const taken of all) {
    if (taken.delivery === undefined && open) {
      open.taken.push(taken);
      continue;
    }
    const contract = isMember(taken.delivery) ? taken.delivery.consumer.contract : undefined;
    const max = contract?.batch?.max;
    if (contract === undefined || max === undefined) {
      close();
      units.push({ kind: 'single', first: taken.record, last: taken.record, taken });
      continue;
    }
    if (open?.name !== contract.name || open.members >= max) close();
    open ??= { taken: [], name: contract.name, max, members: 0 };
    open.taken.push(taken);
    open.members += 1;
  }
  close();
  return units;
}

/** A record whose type is not known yet is not given to a handler together with others. */
function isMember(delivery: Taken['delivery']): delivery is Delivery {
  return delivery !== undefined && delivery !== 'unavailable' && delivery.unknown === undefined;
}

/** Units that may run side by side if they have different keys: one set, or what is consumed alone between two sets. */
export function stretchesOf(units: readonly Unit[]): readonly (readonly [Unit, ...Unit[]])[] {
  const stretches: [Unit, ...Unit[]][] = [];
  let open: [Unit, ...Unit[]] | undefined;
  for (const unit of units) {
    if (open && unit.kind === 'single') open.push(unit);
    else stretches.push((open = [unit]));
    // a set has many keys, so nothing runs beside it
    if (unit.kind === 'set') open = undefined;
  }
  return stretches;
}

/** By unit of a stretch: the lane in which it runs. */
export function lanesOf(stretch: readonly Unit[]): readonly string[] {
  return stretch.map(({ first }) => Buffer.from(parkingKeyOf(first)).toString('latin1'));
}
