import { createHash } from 'node:crypto';
import type { Store } from './store.ts';

/** The kinds of misbehaviour, by the thing that they affect. */
export const FAULTS = {
  /** Faults of a request: `fail` answers 500 and does nothing, the others do the work and do not report it. */
  request: ['fail', 'unavailable', 'timeout-after-work', 'fail-after-work'],
  /** Faults of a try to take the money; after `hold` the payer pays only on request. */
  payment: ['hold', 'decline-retryable', 'decline-final'],
  /** Faults of a refund. */
  refund: ['refund-fails'],
  /** Faults of a webhook. */
  webhook: ['duplicate', 'delay', 'reorder', 'lose', 'wrong-signature'],
} as const;

export type FaultPlace = keyof typeof FAULTS;
export type FaultKind = (typeof FAULTS)[FaultPlace][number];

export const FAULT_KINDS: readonly FaultKind[] = Object.values(FAULTS).flat();

/** A requested fault. It happens `times` times, as soon as it applies. */
export interface NewFault {
  readonly kind: FaultKind;
  /** An operationId (`createRefund`) or the name of a webhook (`payment.succeeded`); anywhere by default. */
  readonly target?: string;
  /** The merchant's reference of the affected thing; any by default. */
  readonly reference?: string;
  readonly times?: number;
  /** Only for `delay`. */
  readonly delayMs?: number;
}

/** Random faults. The same seed and the same requests give the same faults, in whatever order the requests come. */
export interface RandomFaults {
  readonly seed: number;
  /** By kind: how likely it is, from 0 to 1. */
  readonly odds: Readonly<Partial<Record<FaultKind, number>>>;
}

export interface Fault {
  readonly kind: FaultKind;
  readonly delayMs: number;
}

const DELAY_MS = 2_000;

/** Decides about misbehaviour. Requested faults come before random ones. */
export class Faults {
  readonly #store: Store;
  readonly #random: RandomFaults | undefined;

  constructor(store: Store, random: RandomFaults | undefined) {
    this.#store = store;
    this.#random = random;
  }

  add({ kind, target, reference, times = 1, delayMs }: NewFault): void {
    this.#store.run(
      'INSERT INTO fault (kind, target, reference, left, delay_ms) VALUES (?, ?, ?, ?, ?)',
      kind,
      target ?? null,
      reference ?? null,
      times,
      delayMs ?? null,
    );
  }

  /** The requested faults that have not happened yet. */
  pending(): readonly object[] {
    return this.#store.all('SELECT kind, target, reference, left AS times, delay_ms AS delayMs FROM fault ORDER BY id');
  }

  clear(): void {
    this.#store.run('DELETE FROM fault');
  }

  /**
   * Returns the fault for one thing that happens, and uses it up. `subject` identifies the thing, such as an
   * idempotency key with the number of the try; random faults follow from it.
   */
  next(
    place: FaultPlace,
    on: { readonly target: string; readonly reference: string; readonly subject: string },
  ): Fault | undefined {
    return this.#asked(place, on) ?? this.#drawn(place, on.subject);
  }

  #asked(
    place: FaultPlace,
    { target, reference }: { readonly target: string; readonly reference: string },
  ): Fault | undefined {
    const kinds: readonly FaultKind[] = FAULTS[place];
    const row = this.#store.get(
      `SELECT id, kind, left, delay_ms FROM fault
       WHERE kind IN (SELECT value FROM json_each(?)) AND coalesce(target, ?) = ? AND coalesce(reference, ?) = ?
       ORDER BY id LIMIT 1`,
      JSON.stringify(kinds),
      target,
      target,
      reference,
      reference,
    );
    const kind = kinds.find((name) => name === row?.['kind']);
    if (!row || kind === undefined) return undefined;
    const id = Number(row['id']);
    if (Number(row['left']) > 1) this.#store.run('UPDATE fault SET left = left - 1 WHERE id = ?', id);
    else this.#store.run('DELETE FROM fault WHERE id = ?', id);
    return { kind, delayMs: Number(row['delay_ms'] ?? DELAY_MS) };
  }

  #drawn(place: FaultPlace, subject: string): Fault | undefined {
    const random = this.#random;
    if (!random) return undefined;
    const kind = FAULTS[place].find((name) => drawOf(random.seed, `${name} ${subject}`) < (random.odds[name] ?? 0));
    return kind === undefined
      ? undefined
      : { kind, delayMs: Math.ceil(drawOf(random.seed, `ms ${subject}`) * DELAY_MS) };
  }
}

/** A number from 0 to 1 that follows from the seed and the text. */
function drawOf(seed: number, text: string): number {
  return createHash('sha256').update(`${seed} ${text}`).digest().readUInt32BE(0) / 2 ** 32;
}
