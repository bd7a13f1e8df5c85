import { throughConflicts } from '../conflicts.ts';
import type { TimerContract } from '../contract/later.ts';
import type { TimerTable } from '../contract/service.ts';
import { failpoint } from '../failpoint.ts';
import { Outcomes } from '../time/outcomes.ts';
import { handlerWithin } from '../time/within.ts';
import { follow, headOf, triedInputOf } from './afterTry.ts';
import type { TimerOptions } from './options.ts';
import { Payloads } from './payloads.ts';
import { DueQueue } from './queue.ts';
import type { ClaimedRow } from './statements.ts';
import {
  BEGIN_MS,
  CLAIMED_AT_ONCE,
  claimStart,
  claimStep,
  timerStep,
  type ClaimEffect,
  type ClaimInput,
  type TriedInput,
} from './step.ts';
import { contextsOf, countFired, finish, workedOf, type Worked } from './transaction.ts';

/** A timer that is claimed, with its contract and handler. */
interface Due extends Known {
  readonly row: ClaimedRow;
}

interface Known {
  readonly contract: TimerContract<unknown>;
  readonly handle: TimerTable[string];
}

/**
 * Fires the timers of a service when they are due, as `claimStep` and `timerStep` decide. Each timer is removed in the
 * transaction of its handler.
 */
export class Timers {
  readonly #options: TimerOptions;
  readonly #known: ReadonlyMap<string, Known>;
  readonly #payloads: Payloads;
  readonly #queue: DueQueue;
  #stopping = false;

  constructor(options: TimerOptions, handlers: TimerTable) {
    const contracts = options.contract.timers ?? [];
    this.#options = options;
    this.#known = new Map(
      contracts.flatMap((contract): [string, Known][] => {
        const handle = handlers[contract.handler];
        return handle ? [[contract.name, { contract, handle }]] : [];
      }),
    );
    this.#payloads = new Payloads(
      options.store,
      contracts.map(({ payload }) => payload),
    );
    this.#queue = new DueQueue(
      options,
      {
        kind: 'timer',
        names: [...this.#known.keys()],
        most: () => CLAIMED_AT_ONCE,
        leaseMs: BEGIN_MS + options.handlerMs,
        work: (claim, rows, askedAt) => this.#claimed(claim, rows, askedAt),
      },
      () => this.#payloads.keep(),
    ).start();
  }

  /** Call it after a commit that has set timers. The first of them is due at `due`. */
  wake(due: Date): void {
    this.#queue.wake(due);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#queue.stop();
  }

  async #claimed(claim: string, rows: readonly ClaimedRow[], askedAt: number): Promise<void> {
    const dues = rows.flatMap((row): Due[] => {
      const known = this.#known.get(row.name);
      return known ? [{ ...known, row }] : [];
    });
    const outcomes = new Outcomes<ClaimInput>();
    let [state, effects] = claimStart(dues, { askedAt, now: this.#now(), stopping: this.#stopping });
    for (;;) {
      for (const effect of effects) {
        switch (effect.kind) {
          case 'share':
            outcomes.add(this.#share(claim, effect));
            break;
          case 'try':
            outcomes.add(this.#try(claim, effect.row));
            break;
          case 'release':
            return this.#queue.release(claim);
          case 'end':
            return;
        }
      }
      const outcome = await outcomes.next();
      // first, so that nothing more begins
      if (this.#stopping) [state] = claimStep(state, { kind: 'stop' });
      [state, effects] = claimStep(state, outcome);
    }
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }

  async #share(claim: string, { rows, until }: Extract<ClaimEffect<Due>, { kind: 'share' }>): Promise<ClaimInput> {
    const count = await this.#fire(claim, rows, until).catch(() => undefined);
    const now = this.#now();
    return count === undefined ? { kind: 'notShared', now } : { kind: 'shared', count, now };
  }

  async #try(claim: string, due: Due): Promise<ClaimInput> {
    const head = headOf(due.row, due.contract.retry);
    let effect = timerStep(head, { kind: 'claimed' });
    while (effect.kind !== 'end') {
      const input =
        effect.kind === 'fire' ? await this.#alone(claim, due) : await follow(this.#options, due.row, claim, effect);
      effect = timerStep(head, input);
    }
    return { kind: 'tried', now: this.#now() };
  }

  async #alone(claim: string, due: Due): Promise<TriedInput> {
    try {
      await throughConflicts(() => this.#fire(claim, [due], Infinity));
      return { kind: 'committed' };
    } catch (error) {
      return triedInputOf(this.#options, due.row, error);
    }
  }

  /**
   * Fires timers in one transaction, in their order, and at least one of them. No handler begins from `until` on, by
   * monotonic time. Returns how many were fired. Throws if one of them fails.
   */
  async #fire(claim: string, dues: readonly Due[], until: number): Promise<number> {
    const { store, txOf, handlerMs } = this.#options;
    const decoded = await Promise.all(
      dues.map(async (due) => {
        const { contract, row } = due;
        const data = await this.#payloads.decode(contract.payload, row.body, row.fingerprint);
        return { ...due, data, nextContext: contextsOf(row) };
      }),
    );
    const worked = await store.transaction<readonly Worked[]>(async (session) => {
      const all: Worked[] = [];
      for (const { contract, handle, row, data, nextContext } of decoded) {
        if (all.length > 0 && this.#now() >= until) break;
        const ctx = nextContext();
        const timer = { key: row.key, at: row.due_at, attempt: row.attempts + 1 };
        const handling = handle({ data, timer, ctx }, txOf(session));
        const result = await handlerWithin(contract.handler, handlerMs, handling);
        all.push(workedOf(this.#options, row, contract.emits, result, ctx));
      }
      return finish<readonly Worked[]>(session, claim, all);
    });
    failpoint('after-timer-commit');
    countFired(this.#options, worked);
    return worked.length;
  }
}
