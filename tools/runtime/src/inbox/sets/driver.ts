import type { Slots } from '../lanes/driver.ts';
import { logConsumed, type Delivery } from '../delivery.ts';
import { countApplied } from '../meters.ts';
import type { Histogram } from '../../ports/metrics.ts';
import type { InboxOptions } from '../options.ts';
import type { Around, Singles, Taken } from '../singles.ts';
import type { LastEffect } from '../step.ts';
import { setStart, setStep, SPLITS, type Part, type SetEffect, type SetInput } from './step.ts';
import { applySet, type Consumed } from './transaction.ts';

/** A message of a set that has a consumer. */
interface Member {
  readonly taken: Taken;
  readonly delivery: Delivery;
}

/** Consumes sets: it performs the effects that `setStep` asks for, and leaves single messages to `Singles`. */
export class Sets {
  readonly #options: InboxOptions;
  readonly #singles: Singles;
  readonly #slots: Slots;
  readonly #series = new Map<string, ReturnType<Histogram['series']>>();

  constructor(options: InboxOptions, singles: Singles, slots: Slots) {
    this.#options = options;
    this.#singles = singles;
    this.#slots = slots;
  }

  async consume(all: readonly Taken[], around: Around): Promise<LastEffect> {
    const members = all.flatMap((taken): Member[] => {
      const { delivery } = taken;
      return delivery === undefined || delivery === 'unavailable' ? [] : [{ taken, delivery }];
    });
    const takenAt = this.#options.clock.monotonic();
    let [state, effect] = setStart(members.length, around.postponed);
    while (effect.kind === 'apply' || effect.kind === 'single') {
      if (around.mustStop()) return { kind: 'postpone', ms: 0 };
      const input = await this.#perform(effect, members, around, takenAt);
      [state, effect] = setStep(state, input);
    }
    if (effect.kind !== 'done') return effect;
    for (const taken of all) if (taken.delivery === undefined) this.#singles.skipped(taken);
    return { kind: 'done', how: 'applied' };
  }

  async #perform(
    effect: Extract<SetEffect, { kind: 'apply' | 'single' }>,
    members: readonly Member[],
    around: Around,
    takenAt: number,
  ): Promise<SetInput> {
    if (effect.kind === 'single') {
      const member = members[effect.at];
      if (!member) throw new Error(`the set has no message ${effect.at}`);
      const how = await this.#singles.consume(member.taken, around);
      if (how.kind === 'done') around.consumed(member.taken.record);
      return { kind: 'ended', how };
    }
    const { from, to }: Part = effect.part;
    const part = members.slice(from, to);
    const [first, ...others] = part.map(({ delivery }) => delivery);
    if (!first) throw new Error(`the set has no message ${from}`);
    const input = await this.#slots.use(() => applySet(this.#options, [first, ...others], around));
    const consumer = first.consumer.contract.name;
    const reason = SPLITS.find((kind) => kind === input.kind);
    if (reason !== undefined) this.#options.meters.split.add(1, { consumer, reason });
    if (input.kind === 'notDecoded') return { ...input, at: from + input.at };
    if (input.kind !== 'committed') return input;
    const { record } = others.at(-1) ?? first;
    if (around.keepsOffset) around.kept(record);
    around.consumed(record);
    this.#sizes(consumer).observe(part.length);
    const ms = this.#options.clock.monotonic() - takenAt;
    for (const [index, member] of part.entries()) this.#report(member, input.consumed[index], ms);
    return input;
  }

  #sizes(consumer: string): ReturnType<Histogram['series']> {
    const series = this.#series.get(consumer) ?? this.#options.meters.setEvents.series({ consumer });
    this.#series.set(consumer, series);
    return series;
  }

  #report({ taken, delivery }: Member, consumed: Consumed | undefined, ms: number): void {
    if (!consumed) return;
    const { log, meters } = this.#options;
    const { outcome, noop } = consumed;
    if (outcome === 'applied') countApplied(meters, delivery.consumer.contract.name, noop);
    logConsumed(log, delivery, { outcome, noop, attempt: 1, ms });
    this.#singles.done(taken, delivery.consumer, outcome === 'duplicate');
  }
}
