import type { EffectTable, ServiceContract, TimerTable } from '../contract/service.ts';
import type { Tx } from '../contract/handler.ts';
import { Effects } from '../effects/driver.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Counter, Metrics } from '../ports/metrics.ts';
import type { Check } from '../ports/readiness.ts';
import type { SqlSession, Store } from '../ports/sql.ts';
import type { Wake, Written } from '../outbox/written.ts';
import { HANDLER_MS } from '../inbox/options.ts';
import { Timers } from '../timers/driver.ts';
import { beginAtZero, timerMeters } from '../timers/meters.ts';
import type { TimerOptions } from '../timers/options.ts';
import { COUNT_TIMERS } from '../timers/statements.ts';
import { standsStill } from '../timers/step.ts';

/** The options for a service's timers and effects. */
export interface LaterOptions {
  readonly contract: Pick<ServiceContract, 'service' | 'messages' | 'timers' | 'effects' | 'dlqTopic'>;
  readonly store: Store;
  readonly timerStore?: Store;
  readonly clock: Clock;
  /** How long a handler may take, in milliseconds. 10 seconds by default. */
  readonly handlerMs?: number;
  readonly txOf: (session: SqlSession) => Tx;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly timers?: TimerTable;
  readonly effects?: EffectTable;
}

interface CountedTimers {
  readonly kind: string;
  readonly state: string;
  readonly rows: bigint;
  readonly due: bigint;
  /** In seconds, by the clock of the database. */
  readonly late: number | null;
}

/** The timers and effects of a running service. */
export class Later {
  readonly #options: TimerOptions;
  readonly #names: readonly string[];
  readonly #timers: Timers | undefined;
  readonly #effects: Effects | undefined;
  /** By kind: for how many seconds the oldest row has been due. */
  #late: ReadonlyMap<string, number> = new Map();

  /** Undefined if the contract has neither timers nor effects. `wake` is called after a commit that left something. */
  static of(options: LaterOptions, dead: Counter, wake: Wake): Later | undefined {
    const { timers = [], effects = [] } = options.contract;
    return timers.length + effects.length === 0 ? undefined : new Later(options, dead, wake);
  }

  private constructor(options: LaterOptions, dead: Counter, wake: Wake) {
    const { contract, store, timerStore = store, clock, txOf, log, metrics } = options;
    const { handlerMs = HANDLER_MS } = options;
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
    const { timers = [], effects = [] } = contract;
    this.#names = [...timers, ...effects].map(({ name }) => name);
    this.#timers = timers.length > 0 ? new Timers(this.#options, options.timers ?? {}) : undefined;
    this.#effects = effects.length > 0 ? new Effects(this.#options, options.effects ?? {}) : undefined;
    beginAtZero(this.#options.meters, contract);
    this.#show([], false);
  }

  /** Call it after a commit that has set timers or started effects. */
  wake(written: Pick<Written, 'timers' | 'effects'>): void {
    if (written.timers) this.#timers?.wake(written.timers);
    if (written.effects) this.#effects?.wake();
  }

  /** Not ready if something has been due for longer than a minute, because that means that the work has stopped. */
  readiness(): Check {
    const late = [...this.#late].filter(([, seconds]) => standsStill(seconds));
    if (late.length === 0) return { name: 'timers', ok: true };
    const notes = late.map(([kind, seconds]) => `the oldest ${kind} has been due for ${Math.round(seconds)} s`);
    return { name: 'timers', ok: false, note: notes.join('; ') };
  }

  async stop(): Promise<void> {
    await Promise.all([this.#timers?.stop(), this.#effects?.stop()]);
  }

  /** Looks at what waits. Only one instance exports the figures, but each needs them for its readiness. */
  async look(session: SqlSession, exports: boolean): Promise<void> {
    this.#show(await session.query<CountedTimers>(COUNT_TIMERS, [this.#names]), exports);
  }

  #show(rows: readonly CountedTimers[], exports: boolean): void {
    const { meters } = this.#options;
    const late = new Map<string, number>();
    const exported = exports ? 1 : 0;
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
