import type { EffectTable, ServiceContract, TimerTable } from '../contract/service.ts';
import type { Tx } from '../contract/handler.ts';
import { Effects } from '../effects/driver.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Counter, Metrics } from '../ports/metrics.ts';
import type { Check } from '../ports/readiness.ts';
import type { SqlSession, Store } from '../ports/sql.ts';
import { HANDLER_MS } from '../inbox/options.ts';
import { Sleeper } from '../time/sleeper.ts';
import { Timers } from '../timers/driver.ts';
import { timerMeters } from '../timers/meters.ts';
import type { TimerOptions } from '../timers/options.ts';
import { COUNT_TIMERS } from '../timers/statements.ts';

const LOOK_EVERY_MS = 5_000;
/** A timer that is due for longer than this, in seconds, stands still. */
const LATE_S = 60;

/** What a service gives for its timers and effects. */
export interface LaterOptions {
  readonly contract: Pick<ServiceContract, 'service' | 'messages' | 'timers' | 'effects' | 'dlqTopic'>;
  readonly store: Store;
  readonly timerStore?: Store;
  readonly watchStore?: Store;
  readonly clock: Clock;
  /** How long a handler may take, in milliseconds. 10 seconds unless given. */
  readonly handlerMs?: number;
  readonly txOf: (session: SqlSession) => Tx;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly timers?: TimerTable;
  readonly effects?: EffectTable;
}

/** The timers and effects of a running service. */
export class Later {
  readonly #options: TimerOptions;
  readonly #watch: Store;
  readonly #names: readonly string[];
  readonly #timers: Timers | undefined;
  readonly #effects: Effects | undefined;
  readonly #sleeper: Sleeper;
  readonly #watching: Promise<void>;
  readonly #leads: () => boolean | undefined;
  /** For how many seconds the oldest row is due, by kind. */
  #late: ReadonlyMap<string, number> = new Map();

  /**
   * Undefined if the contract has neither timers nor effects. `publish` is called after a commit that left events.
   * `leads`: whether this instance exports what is in the database; undefined if nobody knows.
   */
  static of(
    options: LaterOptions,
    dead: Counter,
    publish: () => void,
    leads: () => boolean | undefined,
  ): Later | undefined {
    const { timers = [], effects = [] } = options.contract;
    return timers.length + effects.length === 0 ? undefined : new Later(options, dead, publish, leads);
  }

  private constructor(options: LaterOptions, dead: Counter, publish: () => void, leads: () => boolean | undefined) {
    this.#leads = leads;
    const { contract, store, timerStore = store, watchStore = store, clock, txOf, log, metrics } = options;
    const { handlerMs = HANDLER_MS } = options;
    const wake = (): void => {
      publish();
      this.wake();
    };
    this.#options = {
      contract,
      store: timerStore,
      clock,
      handlerMs,
      txOf,
      log,
      meters: timerMeters(metrics, dead),
      wake,
    };
    this.#watch = watchStore;
    const { timers = [], effects = [] } = contract;
    this.#names = [...timers, ...effects].map(({ name }) => name);
    this.#timers = timers.length > 0 ? new Timers(this.#options, options.timers ?? {}) : undefined;
    this.#effects = effects.length > 0 ? new Effects(this.#options, options.effects ?? {}) : undefined;
    this.#sleeper = new Sleeper(clock);
    this.#watching = this.#look();
  }

  wake(): void {
    this.#timers?.wake();
    this.#effects?.wake();
  }

  /** Not ready while something is due for longer than a minute: work stands still. */
  readiness(): Check {
    const late = [...this.#late].filter(([, seconds]) => seconds > LATE_S);
    if (late.length === 0) return { name: 'timers', ok: true };
    const notes = late.map(([kind, seconds]) => `the oldest ${kind} is due for ${Math.round(seconds)} s`);
    return { name: 'timers', ok: false, note: notes.join('; ') };
  }

  async stop(): Promise<void> {
    this.#sleeper.stop();
    await Promise.all([this.#timers?.stop(), this.#effects?.stop(), this.#watching]);
  }

  async #look(): Promise<void> {
    while (!this.#sleeper.stopped) {
      // an error is ignored, because readiness checks the database as well
      await this.#count().catch(() => undefined);
      await this.#sleeper.sleep(LOOK_EVERY_MS, { wakeable: false });
    }
  }

  async #count(): Promise<void> {
    const { meters } = this.#options;
    const rows = await this.#watch.read((session) =>
      session.query<{ kind: string; state: string; rows: bigint; due: bigint; late: number | null }>(COUNT_TIMERS, [
        this.#names,
      ]),
    );
    const late = new Map<string, number>();
    const exported = this.#leads() === true ? 1 : 0;
    for (const kind of ['timer', 'effect'])
      for (const state of ['waiting', 'held']) {
        const row = rows.find((candidate) => candidate.kind === kind && candidate.state === state);
        meters.waiting.set(exported * Number(row?.rows ?? 0n), { kind, state });
        if (state === 'held') continue;
        meters.due.set(exported * Number(row?.due ?? 0n), { kind });
        meters.late.set(exported * (row?.late ?? 0), { kind });
        late.set(kind, row?.late ?? 0);
      }
    this.#late = late;
  }
}
