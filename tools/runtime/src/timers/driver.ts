import { throughConflicts } from '../conflicts.ts';
import type { TimerContract } from '../contract/later.ts';
import type { TimerTable } from '../contract/service.ts';
import { failpoint } from '../failpoint.ts';
import type { ParkedInput } from '../inbox/parking/step.ts';
import { parkedInputOf } from '../inbox/parking/tryFirst.ts';
import { handlerWithin } from '../time/within.ts';
import { endTry, logFieldsOf } from './afterTry.ts';
import type { TimerOptions } from './options.ts';
import { Payloads } from './payloads.ts';
import { DueQueue } from './queue.ts';
import type { ClaimedRow } from './statements.ts';
import { contextsOf, countFired, finish, Gone, workedOf, type Worked } from './transaction.ts';

/** Rows of one claim, and of one transaction. */
const CLAIMED_AT_ONCE = 500;
const IN_ONE_TRANSACTION = 100;
/** Fewer than that are fired one by one: they hold no locks for each other then. */
const TOO_FEW_TO_SHARE = 10;
/** Timers that are fired one by one at the same time. */
const SIDE_BY_SIDE = 4;
const LEASE_MS = 15_000;

/**
 * Fires the timers of a service when they are due: each in a transaction with what its handler writes, sends and sets.
 * Many that are due share transactions; if one of them fails, each is fired on its own.
 */
export class Timers {
  readonly #options: TimerOptions;
  readonly #contracts: ReadonlyMap<string, TimerContract<unknown>>;
  readonly #handlers: TimerTable;
  readonly #payloads: Payloads;
  readonly #queue: DueQueue;
  #stopping = false;

  constructor(options: TimerOptions, handlers: TimerTable) {
    const contracts = options.contract.timers ?? [];
    this.#options = options;
    this.#handlers = handlers;
    this.#contracts = new Map(contracts.map((contract) => [contract.name, contract]));
    this.#payloads = new Payloads(
      options.store,
      contracts.map(({ payload }) => payload),
    );
    this.#queue = new DueQueue(
      options,
      {
        kind: 'timer',
        names: [...this.#contracts.keys()],
        most: () => CLAIMED_AT_ONCE,
        leaseMs: LEASE_MS,
        work: (claim, rows) => this.#claimed(claim, rows),
      },
      () => this.#payloads.keep(),
    ).start();
  }

  wake(): void {
    this.#queue.wake();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#queue.stop();
  }

  async #claimed(claim: string, rows: readonly ClaimedRow[]): Promise<void> {
    if (rows.length < TOO_FEW_TO_SHARE) return this.#singly(claim, rows);
    for (let at = 0; at < rows.length; at += IN_ONE_TRANSACTION) {
      if (this.#stopping) return this.#queue.release(claim);
      const chunk = rows.slice(at, at + IN_ONE_TRANSACTION);
      const together = await this.#fire(claim, chunk).then(
        () => true,
        () => false,
      );
      if (!together) await this.#singly(claim, chunk);
    }
  }

  async #singly(claim: string, rows: readonly ClaimedRow[]): Promise<void> {
    await inTurn(rows, SIDE_BY_SIDE, (row) => this.#one(claim, row));
  }

  async #one(claim: string, row: ClaimedRow): Promise<void> {
    const contract = this.#contracts.get(row.name);
    if (contract) await endTry(this.#options, row, claim, contract.retry, await this.#tried(claim, row));
  }

  async #tried(claim: string, row: ClaimedRow): Promise<ParkedInput | 'gone'> {
    try {
      await throughConflicts(() => this.#fire(claim, [row]));
      return { kind: 'committed' };
    } catch (error) {
      if (error instanceof Gone) return 'gone';
      this.#options.log.warn({ err: error, ...logFieldsOf(row) }, 'a timer failed');
      return parkedInputOf(error);
    }
  }

  /** Fires timers in one transaction. Throws if one of them fails. */
  async #fire(claim: string, rows: readonly ClaimedRow[]): Promise<void> {
    const { store, txOf, handlerMs } = this.#options;
    const due = await Promise.all(
      rows.flatMap((row) => {
        const contract = this.#contracts.get(row.name);
        return contract ? [this.#decoded(contract, row)] : [];
      }),
    );
    const worked = await store.transaction<readonly Worked[]>(async (session) => {
      const all: Worked[] = [];
      for (const { contract, row, data, nextContext } of due) {
        const ctx = nextContext();
        const timer = { key: row.key, at: row.due_at, attempt: row.attempts + 1 };
        const handle = this.#handlers[contract.handler];
        if (!handle) continue;
        const handling = handle({ data, timer, ctx }, txOf(session));
        const result = await handlerWithin(contract.handler, handlerMs, handling);
        all.push(workedOf(this.#options, row, contract.emits, result, ctx));
      }
      return finish<readonly Worked[]>(session, claim, all);
    });
    failpoint('after-timer-commit');
    countFired(this.#options, worked);
  }

  async #decoded(contract: TimerContract<unknown>, row: ClaimedRow) {
    const data = await this.#payloads.decode(contract.payload, row.body, row.fingerprint);
    return { contract, row, data, nextContext: contextsOf(row) };
  }
}

/** Works on items in their order, `width` of them at the same time. Rejects with the first error, without waiting. */
async function inTurn<Item>(items: readonly Item[], width: number, work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const next = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, next));
}
