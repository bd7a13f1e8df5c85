import { throughConflicts } from '../conflicts.ts';
import type { EffectContract } from '../contract/later.ts';
import type { AnyEffectHandler, EffectTable } from '../contract/service.ts';
import { failpoint } from '../failpoint.ts';
import { handlerWithin } from '../time/within.ts';
import { follow, headOf, triedInputOf } from '../timers/afterTry.ts';
import type { TimerOptions } from '../timers/options.ts';
import { Payloads } from '../timers/payloads.ts';
import { DueQueue } from '../timers/queue.ts';
import type { ClaimedRow } from '../timers/statements.ts';
import { contextsOf, countFired, finish, Gone, type Worked, workedOf } from '../timers/transaction.ts';
import { effectStep, SIDE_BY_SIDE, type EffectEffect, type EffectInput } from './step.ts';

/** How much longer than the longest call a claim lasts, which leaves time for the transaction after the call. */
const SETTLE_MS = 15_000;

/** The contract and the handler of an effect. */
interface Known {
  readonly contract: EffectContract<unknown, unknown>;
  readonly handler: AnyEffectHandler;
}

/** The outcome of a call, before the transaction that settles it. */
interface Performed {
  readonly data: unknown;
  readonly outcome: unknown;
}

/**
 * Performs the effects of a service, as `effectStep` decides: first the call to the outside, without a transaction,
 * then a transaction that settles its outcome. The call runs again, with the same idempotency key, until that
 * transaction is committed.
 */
export class Effects {
  readonly #options: TimerOptions;
  readonly #known: ReadonlyMap<string, Known>;
  readonly #payloads: Payloads;
  readonly #queue: DueQueue;
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: TimerOptions, handlers: EffectTable) {
    const contracts = options.contract.effects ?? [];
    this.#options = options;
    this.#known = new Map(
      contracts.flatMap((contract): [string, Known][] => {
        const handler = handlers[contract.name];
        return handler ? [[contract.name, { contract, handler }]] : [];
      }),
    );
    this.#payloads = new Payloads(
      options.store,
      contracts.map(({ payload }) => payload),
    );
    this.#queue = new DueQueue(
      options,
      {
        kind: 'effect',
        names: [...this.#known.keys()],
        most: () => SIDE_BY_SIDE - this.#running.size,
        leaseMs: Math.max(0, ...contracts.map(({ timeoutMs }) => timeoutMs)) + SETTLE_MS,
        work: (claim, rows) => this.#begin(claim, rows),
      },
      () => this.#payloads.keep(),
    ).start();
  }

  wake(): void {
    this.#queue.wake();
  }

  /** Aborts calls that are under way. They run again, here or on another instance. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#queue.stop();
    await Promise.all(this.#running);
  }

  /** Begins to work on rows, without waiting for them, so that a slow call does not delay others. */
  async #begin(claim: string, rows: readonly ClaimedRow[]): Promise<void> {
    for (const row of rows) {
      const known = this.#known.get(row.name);
      if (!known) continue;
      const one = this.#run(known, claim, row).finally(() => {
        this.#running.delete(one);
        this.#queue.wake();
      });
      this.#running.add(one);
    }
  }

  async #run(known: Known, claim: string, row: ClaimedRow): Promise<void> {
    const head = headOf(row, known.contract.retry);
    let effect = effectStep<Performed>(head, { kind: 'claimed' });
    while (effect.kind !== 'end') effect = effectStep(head, await this.#do(known, claim, row, effect));
  }

  async #do(
    known: Known,
    claim: string,
    row: ClaimedRow,
    effect: Exclude<EffectEffect<Performed>, { kind: 'end' }>,
  ): Promise<EffectInput<Performed>> {
    try {
      switch (effect.kind) {
        case 'perform': {
          const performed = await this.#performed(known, row);
          failpoint('after-effect-perform');
          return { kind: 'performed', performed };
        }
        case 'settle':
          await this.#settle(known, claim, row, effect.performed);
          failpoint('after-effect-settle');
          return { kind: 'committed' };
        case 'retryLater':
        case 'giveUp':
          return await follow(this.#options, row, claim, effect);
      }
    } catch (error) {
      if (this.#stopping.signal.aborted && !(error instanceof Gone)) return { kind: 'stopped' };
      return triedInputOf(this.#options, row, error);
    }
  }

  /** Calls the outside. Gives up at the timeout, even if the call ignores its signal. */
  async #performed({ contract, handler }: Known, row: ClaimedRow): Promise<Performed> {
    const { name, timeoutMs } = contract;
    const data = await this.#payloads.decode(contract.payload, row.body, row.fingerprint);
    // a row that was claimed right before the stop does not begin
    this.#stopping.signal.throwIfAborted();
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(timeoutMs)]);
    const call = {
      key: row.key,
      idempotencyKey: row.id,
      correlationId: row.correlation_id,
      attempt: row.attempts + 1,
      signal,
    };
    // this ends the wait for a call that ignores its signal
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error(`${name} took longer than ${timeoutMs} ms`)), {
        once: true,
      }),
    );
    const outcome = await Promise.race([handler.perform({ data, call }), aborted]);
    // like an event, an outcome that does not fit its schema is a fault of the handler
    contract.outcome.codec.encode(outcome);
    return { data, outcome };
  }

  async #settle(
    { contract, handler }: Known,
    claim: string,
    row: ClaimedRow,
    { data, outcome }: Performed,
  ): Promise<void> {
    const { store, txOf, handlerMs } = this.#options;
    const nextContext = contextsOf(row);
    const worked = await throughConflicts(() =>
      store.transaction<readonly Worked[]>(async (session) => {
        const ctx = nextContext();
        const settling = handler.settle({ data, outcome, key: row.key, ctx }, txOf(session));
        const result = await handlerWithin(contract.name, handlerMs, settling);
        const one = workedOf(this.#options, row, contract.emits, result, ctx);
        return finish<readonly Worked[]>(session, claim, [one]);
      }),
    );
    countFired(this.#options, worked);
  }
}
